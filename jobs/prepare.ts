import type { Db } from "../db/client.ts";
import { readBrand } from "../db/brand.ts";
import { expectJobs } from "../db/job_runs.ts";
import { migrate } from "../db/migrate.ts";
import { Passwords } from "../db/passwords.ts";
import { keepSeller } from "../db/receipts.ts";
import { seedCatalogue } from "../db/seed.ts";
import { seedDemo } from "../db/seed_demo.ts";
import { settingOr } from "../db/settings.ts";
import { randomToken } from "../db/tokens.ts";
import { jobs } from "./clock.ts";
import type { Config } from "./config.ts";
import { writeDemoMails } from "./demo_mails.ts";
import { setupLink } from "./first_admin.ts";
import { paymentGateways } from "./gateways/payment_gateways.ts";

type Prepared = { keys: Config["keys"]; greeting: string[] };

/** Makes the database ready for this start and says what whoever started it needs to know. */
export async function prepare(db: Db, config: Config, now: number): Promise<Prepared> {
  await migrate(db);
  const { name } = await readBrand(db);
  await keepSeller(db, { name: name ?? config.agency.name, email: config.agency.email });
  if (config.onClock) await expectJobs(db, jobs.map(({ name }) => name), now);
  const greeting = [`ConnectPro listens at ${config.url}`];
  if (!config.production) {
    await seedCatalogue(db);
    if (config.demo) greeting.push(...await demoCast(db, config, now));
    if (!config.mail.smtpUrl && !config.resendApiKey) {
      greeting.push(`Mails are kept at ${config.url}/dev/mail`);
    }
  }
  const link = await setupLink(db, config, now);
  if (link) greeting.push(`No admin yet. Make the first one here, once: ${shown(link, config)}`);
  return { keys: await sessionKeys(db, config), greeting };
}

/** Whoever runs a real agency knows the token they chose: a log is no place for it. */
const shown = (link: string, { production, setupToken }: Config) =>
  production && setupToken ? link.replace(setupToken, "<SETUP_TOKEN>") : link;

/** A development machine needs no key: it makes one and keeps it, so that a restart signs nobody out. */
async function sessionKeys(db: Db, config: Config): Promise<Config["keys"]> {
  if (config.keys.length > 0) return config.keys;
  return [{ kid: "dev", secret: await settingOr(db, "development_key", randomToken) }];
}

async function demoCast(db: Db, config: Config, now: number): Promise<string[]> {
  const passwords = new Passwords();
  const people = await seedDemo(db, {
    now,
    currency: config.agency.currency,
    approveAfter: config.approveAfter,
    hash: (password) => passwords.hash(password),
  });
  passwords.close();
  await writeDemoMails({ db, config, gateways: paymentGateways(config) });
  return people.map(({ role, email, password }) =>
    `Demo ${role}: ${email} with password ${password}`
  );
}
