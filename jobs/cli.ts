import { findAdminByEmail } from "../db/admins.ts";
import { type Db, openDb } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { seedCatalogue } from "../db/seed.ts";
import { randomToken, storeToken } from "../db/tokens.ts";
import { dueTime, jobs, runJob } from "./clock.ts";
import { type Config, ConfigError, environmentOfProcess, readConfig } from "./config.ts";
import { createMailer } from "./gateways/mail.ts";
import { paymentGateways } from "./gateways/payment_gateways.ts";

type Command = (db: Db, config: Config, args: string[]) => Promise<void>;

const commands: Record<string, Command> = {
  async migrate(db) {
    const applied = await migrate(db);
    console.log(applied ? `${applied} migrations applied` : "nothing to migrate");
  },
  async seed(db) {
    await migrate(db);
    const { categories, services } = await seedCatalogue(db);
    console.log(`${categories} categories and ${services} services added`);
  },
  async jobs(db, config, args) {
    const mailer = await createMailer(config, db);
    const begun = Date.now();
    const now = pretendedTime(config, args) ?? await dueTime(db, Date.now);
    const clock = () => now + Date.now() - begun;
    const post = { db, config, mailer, gateways: paymentGateways(config), clock };
    for (const job of jobs) {
      const { handled, error, busy } = await runJob(job, post, now);
      const said = busy ? "runs elsewhere" : error ? `failed (${error})` : `${handled} done`;
      console.log(`${job.name}: ${said}`);
    }
    mailer?.close();
  },
  "admin:create": async (db, config, args) => {
    await migrate(db);
    const email = option(args, "email").toLowerCase();
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError("--email=… must be an address");
    const name = option(args, "name");
    const known = await findAdminByEmail(db, email);
    const [token, now] = [randomToken(), Date.now()];
    if (known) await storeToken(db, token, { purpose: "reset", email, now });
    else await storeToken(db, token, { purpose: "invitation", email, role: "owner", now });
    console.log(`${name} chooses a password here, within ${known ? "30 minutes" : "72 hours"}:`);
    console.log(`${config.url}/admin/${known ? "reset-password" : "register"}/${token}`);
  },
};

class UsageError extends Error {}

function option(args: string[], name: string): string {
  const value = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (!value) throw new UsageError(`--${name}=… is missing`);
  return value;
}

function pretendedTime(config: Config, args: string[]): number | null {
  if (!args.some((arg) => arg.startsWith("--at="))) return null;
  if (config.production) throw new UsageError("--at is refused in production");
  const at = Date.parse(option(args, "at"));
  if (Number.isNaN(at)) throw new UsageError("--at=… must be an instant like 2026-11-26T12:00:00Z");
  return at;
}

async function run([name = "", ...args]: string[]) {
  const command = commands[name];
  if (!command) throw new UsageError(`commands: ${Object.keys(commands).join(", ")}`);
  const config = readConfig(environmentOfProcess(), args);
  const db = await openDb(config.database.url, config.database.authToken);
  try {
    await command(db, config, args.filter((arg) => arg !== "--"));
  } finally {
    db.$client.close();
  }
}

try {
  await run(Deno.args);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
