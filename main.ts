import { openDb } from "./db/client.ts";
import { startClock } from "./jobs/clock.ts";
import { environmentOfProcess, readConfig } from "./jobs/config.ts";
import { createMailer } from "./jobs/gateways/mail.ts";
import { paymentGateways } from "./jobs/gateways/payment_gateways.ts";
import { log, nameOf } from "./jobs/log.ts";
import { createNudge } from "./jobs/nudge.ts";
import { prepare } from "./jobs/prepare.ts";
import { orEnd } from "./jobs/start_faults.ts";
import { createApp } from "./routes/app.ts";
import { createDeps } from "./routes/deps.ts";

/** Milliseconds for requests under way: Deno Deploy waits five seconds before it kills. */
const GRACE = 4000;

const config = await orEnd(() => readConfig(environmentOfProcess(), Deno.args));
const db = await orEnd(() => openDb(config.database.url, config.database.authToken), config);
const clock = () => Date.now();
const gateways = paymentGateways(config);
const post = { db, config, mailer: await createMailer(config, db), gateways, clock };
const { keys, greeting } = await orEnd(() => prepare(db, config, clock()), config);
const outbox = createNudge(post, clock);
const deps = await createDeps({ ...post, keys, clock, nudge: outbox.nudge });

startClock(post, { clock, nudge: outbox.nudge });
const where = { port: config.port, hostname: config.host };
const onListen = () => greeting.forEach((line) => console.log(line));
const { fetch } = createApp(deps);
const listen = () => Deno.serve({ ...where, onListen }, fetch);
const server = config.served ? null : await orEnd(listen, config);
await outbox.begin();

// `deno serve --parallel main.ts --served` listens itself, with this program in every thread.
export default server ? undefined : { fetch, onListen };

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
  // What other threads have under way is known to nobody: all get the whole time.
  if (!server) return;
  await server.shutdown();
  await Promise.all([outbox.idle(), deps.queue?.idle()]);
  Deno.exit(0);
}
