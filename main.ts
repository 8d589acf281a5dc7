import { openDb } from "./db/client.ts";
import { startClock } from "./jobs/clock.ts";
import { ConfigError, environmentOfProcess, readConfig } from "./jobs/config.ts";
import { createMailer } from "./jobs/gateways/mail.ts";
import { paymentGateways } from "./jobs/gateways/payment_gateways.ts";
import { log, nameOf } from "./jobs/log.ts";
import { createNudge } from "./jobs/nudge.ts";
import { prepare } from "./jobs/prepare.ts";
import { createApp } from "./routes/app.ts";
import { createDeps } from "./routes/deps.ts";

/** Milliseconds for requests under way: Deno Deploy waits five seconds before it kills. */
const GRACE = 4000;

const config = readConfigOrExit();
const db = await openDb(config.database.url, config.database.authToken);
const clock = () => Date.now();
const gateways = paymentGateways(config);
const post = { db, config, mailer: await createMailer(config, db), gateways, clock };
const { keys, greeting } = await prepare(db, config, clock());
const outbox = createNudge(post, clock);
const deps = await createDeps({ ...post, keys, clock, nudge: outbox.nudge });

startClock(post, { clock, nudge: outbox.nudge });
const server = Deno.serve({
  port: config.port,
  hostname: config.host,
  onListen: () => greeting.forEach((line) => console.log(line)),
}, createApp(deps).fetch);
await outbox.begin();

// One request's stray failure is not every other request's end.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  log("error", "unhandled", { error: nameOf(event.reason) });
});
Deno.addSignalListener("SIGINT", stop);
// Under --watch our exit leaves the watcher running: there the signal itself ends both.
if (config.mode !== "development") Deno.addSignalListener("SIGTERM", stop);

/** Streams never end by themselves: they are closed first, then requests under way are finished. */
async function stop() {
  setTimeout(() => Deno.exit(0), GRACE);
  await deps.tail.close();
  await server.shutdown();
  await Promise.all([outbox.idle(), deps.queue?.idle()]);
  Deno.exit(0);
}

function readConfigOrExit() {
  try {
    return readConfig(environmentOfProcess(), Deno.args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
