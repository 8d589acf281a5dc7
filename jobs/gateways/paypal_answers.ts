import { refusalOf } from "./refusals.ts";

/** Milliseconds for one request. */
const TIMEOUT = 8000;

/** Throws GatewayError `unreachable` where there is no answer in time. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw refusalOf(undefined);
  }
}

type Refused = { name?: string; details?: { issue?: string }[] };

/** The JSON of an answer. Throws GatewayError where it is a refusal. */
export async function read<T>(answer: Response): Promise<T> {
  const said = await textOf(answer);
  if (answer.ok) return (said ? JSON.parse(said) : {}) as T;
  const json = answer.headers.get("content-type")?.includes("json");
  const refused: Refused = json ? JSON.parse(said) : {};
  throw refusalOf(answer.status, refused.details?.[0]?.issue ?? refused.name);
}

/** The time limit holds for the body too. */
async function textOf(answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch {
    throw refusalOf(undefined);
  }
}
