import { isProblem } from "../db/problem.ts";
import { type Config, ConfigError } from "./config.ts";

type Place = Pick<Config, "port" | "database">;

/** A command that was given wrong words. */
export class UsageError extends Error {}

/** Does a step of the start. What stands in its way outside of the product is said in words, and ends the process. */
export async function orEnd<T>(work: () => T | Promise<T>, place?: Place): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = faultIn(error, place);
    if (fault === null) throw error;
    console.error(fault);
    Deno.exit(2);
  }
}

function faultIn(error: unknown, place?: Place): string | null {
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${place?.port} is taken. Set PORT to another one.`;
  }
  if (!isOfDatabase(error)) return null;
  return `The database at ${nameOf(place?.database.url ?? "")} cannot be opened. ` +
    "Look at TURSO_DATABASE_URL and TURSO_AUTH_TOKEN.";
}

/** The server is away or refuses us, or the file cannot be opened or is none of a database. */
const isOfDatabase = (error: unknown) =>
  isProblem(error, "unavailable") ||
  error instanceof Error && /^(ConnectionFailed|SQLITE_NOTADB|SERVER_ERROR)/.test(error.message);

/** Without what may be secret in it. */
const nameOf = (url: string) => url.startsWith("file:") ? url : new URL(url).origin;
