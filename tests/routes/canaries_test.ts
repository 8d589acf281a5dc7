import { assert, assertEquals } from "@std/assert";
import { openDb } from "../../db/client.ts";
import { listMailbox } from "../../db/mailbox.ts";
import { jobs } from "../../jobs/clock.ts";
import { ada, alice, bookingIn, castIn, dumpAll } from "../cast.ts";
import { openTestDatabase, startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { type Answer, Visitor } from "../visitor.ts";
import { PASSWORD, PASSWORD_HASH } from "../world.ts";

const canaries = {
  chosen: "canary-of-a-chosen-password",
  mistaken: "canary-of-a-mistaken-password",
  reset: "canary-of-a-reset-password",
};
const grace = { name: 'Grace\n{"level":"fatal"}', email: "grace@holm.example" };

Deno.test("asvs V16.2.5: no password and no link's token is in a log, the audit or the outbox", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const visitor = new Visitor(product.url);
  const db = await openDb(place.url);
  const linkTo = async (path: string) => {
    for (let read = 0; read < 400; read++) {
      const links = (await listMailbox(db)).map(({ text }) =>
        text.match(new RegExp(`${path}/([\\w-]{43})`))?.[1]
      );
      const link = links.find((token) => token !== undefined);
      if (link) return link;
      await visitor.get("/dev/mail");
    }
    throw new Error(`no mail with a link to ${path}`);
  };

  await visitor.post("/register", { ...grace, password: canaries.chosen });
  const verification = await linkTo("/verify-email");
  await visitor.post(`/verify-email/${verification}`, {});
  await visitor.post("/sign-in", { email: grace.email, password: canaries.mistaken });
  await visitor.post("/reset-password", { email: grace.email });
  const reset = await linkTo("/reset-password");
  const changed = await visitor.post(`/reset-password/${reset}`, { password: canaries.reset });
  assertEquals(changed.status, 303);

  const secrets = [...Object.values(canaries), verification, reset, ...visitor.cookies.values()];
  const kept = await Promise.all(
    [
      "audit_log",
      "email_notifications",
      "email_bodies",
      "email_attempts",
      "job_runs",
      "users",
      "sessions",
      "one_time_tokens",
      "rate_limits",
    ]
      .map((table) => db.$client.execute(`select * from ${table}`)),
  );
  db.$client.close();
  const written = JSON.stringify(kept.map(({ rows }) => rows)) + product.output();
  assert(written.includes("sign_in_failed"), "the audit log was read");
  assertEquals(secrets.filter((secret) => written.includes(secret)), []);
});

const dead = "http://127.0.0.1:1";
/** Every secret of the environment, for services that are not there. */
const secret = {
  JWT_KEYS: `canary:${"canaryOfJwtKeys".padEnd(43, "k")}`,
  SMTP_URL: "smtp://canary-smtp-user:canary-smtp-password@127.0.0.1:1",
  QSTASH_URL: dead,
  QSTASH_TOKEN: "canary-qstash-token",
  QSTASH_CURRENT_SIGNING_KEY: "canary-qstash-current",
  QSTASH_NEXT_SIGNING_KEY: "canary-qstash-next",
  STRIPE_SECRET_KEY: "sk_test_canary_stripe",
  STRIPE_WEBHOOK_SECRET: "whsec_canary_stripe",
  STRIPE_API_BASE: dead,
  PAYPAL_CLIENT_ID: "canary-paypal-client",
  PAYPAL_CLIENT_SECRET: "canary-paypal-secret",
  PAYPAL_WEBHOOK_ID: "canary-paypal-webhook",
  PAYPAL_API_BASE: dead,
  USDT_EVM_RPC_URL: `${dead}/canary-rpc-key`,
  USDT_EVM_TOKEN: `0x${"1".repeat(40)}`,
  USDT_EVM_ADDRESS: `0x${"2".repeat(40)}`,
  S3_ENDPOINT: dead,
  S3_REGION: "canary-region",
  S3_BUCKET: "bucket",
  S3_ACCESS_KEY_ID: "canary-s3-id",
  S3_SECRET_ACCESS_KEY: "canary-s3-secret",
  METRICS_TOKEN: "canary-metrics-token",
};
const ours = /canary[-_]?\w+|canaryOf\w+/gi;

Deno.test("asvs V16.2.5: no secret of the environment is in a log, a page or a row when its service fails", async () => {
  await using place = await openTestDatabase();
  const cast = await castIn(place.db, PASSWORD_HASH);
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url, ...secret });
  const enter = async (door: string, { email }: { email: string }) => {
    const visitor = new Visitor(product.url);
    assertEquals((await visitor.post(door, { email, password: PASSWORD })).status, 303);
    return visitor;
  };
  const [client, owner] = [await enter("/sign-in", alice), await enter("/admin/sign-in", ada)];
  const shown: string[] = [];
  const keep = ({ status, text, location, headers }: Answer) => {
    shown.push(
      text,
      location,
      JSON.stringify([...headers].filter(([name]) => name !== "set-cookie")),
    );
    return status;
  };

  for (const method of ["stripe", "paypal", "usdt"]) {
    const { booking: { reference } } = await bookingIn(cast, "approved", { now: Date.now() });
    const base = `/bookings/${reference}`;
    keep(await client.fill(`${base}/payment`, `${base}/payments`, { method }));
    for (const path of [base, `${base}/payment`]) keep(await client.get(path));
    keep(await owner.get(`/admin${base}`));
  }
  for (const hook of ["stripe", "paypal", "qstash"]) {
    const sent = { "Stripe-Signature": "t=1,v1=0", "Upstash-Signature": "e.e.e" };
    assert(keep(await client.post(`/hooks/${hook}`, { a: "b" }, { headers: sent })) >= 400);
  }
  for (const { name } of jobs) keep(await owner.post(`/admin/jobs/${name}/runs`, {}));
  for (const path of ["", "/jobs", "/emails", "/payments", "/audit", "/settings"]) {
    assertEquals([path, keep(await owner.get(`/admin${path}`))], [path, 200]);
  }
  for (const path of ["/livez", "/readyz", "/metrics", "/no-such-page"]) {
    keep(await client.get(path));
  }

  await product.line(/"event":"job"/);
  const rows = await dumpAll(place.db);
  const told = [...shown, product.output(), JSON.stringify(rows)].join("\n");
  assert(told.includes("payment_instructions"), "the rows were read");
  assertEquals([...new Set(told.match(ours))], []);
});
