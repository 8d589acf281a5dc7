import { findAdminByEmail } from "../db/admins.ts";
import { type Db, openDb } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { seedCatalogue } from "../db/seed.ts";
import { randomToken, storeToken } from "../db/tokens.ts";
import { dueTime, jobs, runJob } from "./clock.ts";
import { type Config, environmentOfProcess, readConfig } from "./config.ts";
import { createMailer } from "./gateways/mail.ts";
import { paymentGateways } from "./gateways/payment_gateways.ts";
import { orEnd, UsageError } from "./start_faults.ts";

type Given = { config: Config; args: string[]; applied: number };
/** `run` finds the database as this version wants it, after `applied` migrations. */
type Command = { takes: string[]; run(db: Db, given: Given): Promise<void> | void };

const commands: Record<string, Command> = {
  migrate: {
    takes: [],
    run(_, { applied }) {
      console.log(applied ? `${applied} migrations applied` : "nothing to migrate");
    },
  },
  seed: {
    takes: [],
    async run(db) {
      const { categories, services } = await seedCatalogue(db);
      console.log(`${categories} categories and ${services} services added`);
    },
  },
  jobs: { takes: ["at"], run: runJobs },
  "admin:create": { takes: ["email", "name"], run: inviteOwner },
};

async function runJobs(db: Db, { config, args }: Given) {
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
}

async function inviteOwner(db: Db, { config, args }: Given) {
  const [email, name] = [option(args, "email").toLowerCase(), option(args, "name")];
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError("--email=… must be an address");
  const known = await findAdminByEmail(db, email);
  const [token, now] = [randomToken(), Date.now()];
  if (known) await storeToken(db, token, { purpose: "reset", email, now });
  else await storeToken(db, token, { purpose: "invitation", email, role: "owner", now });
  const invitation = `register/${token}?${new URLSearchParams({ name })}`;
  console.log(`${name} chooses a password here, within ${known ? "30 minutes" : "72 hours"}:`);
  console.log(`${config.url}/admin/${known ? `reset-password/${token}` : invitation}`);
}

function option(args: string[], name: string): string {
  const value = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (!value) throw new UsageError(`--${name}=… is missing`);
  return value;
}

function pretendedTime(config: Config, args: string[]): number | null {
  if (args.length === 0) return null;
  if (config.production) throw new UsageError("--at is refused in production");
  const at = Date.parse(option(args, "at"));
  if (Number.isNaN(at)) throw new UsageError("--at=… must be an instant like 2026-11-26T12:00:00Z");
  return at;
}

/** What was given beside the names that every command knows. Throws on what this one does not take. */
function readArgs(name: string, takes: string[], given: string[]): string[] {
  const args = given.filter((arg) => !["--", "--dev"].includes(arg));
  const strange = args.find((arg) => !takes.some((option) => arg.startsWith(`--${option}=`)));
  if (strange === undefined) return args;
  const known = takes.map((option) => `--${option}=…`).join(" and ") || "nothing";
  throw new UsageError(`${name} takes ${known}, not ${strange}`);
}

async function run([name = "", ...given]: string[]) {
  const command = commands[name];
  if (!command) throw new UsageError(`commands: ${Object.keys(commands).join(", ")}`);
  const args = readArgs(name, command.takes, given);
  const config = readConfig(environmentOfProcess(), given);
  await orEnd(async () => {
    const db = await openDb(config.database.url, config.database.authToken);
    try {
      await command.run(db, { config, args, applied: await migrate(db) });
    } finally {
      db.$client.close();
    }
  }, config);
}

await orEnd(() => run(Deno.args));
