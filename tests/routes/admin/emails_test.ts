import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { submitBooking } from "../../../db/bookings.ts";
import { claimEmails } from "../../../db/email_claims.ts";
import { listEmails } from "../../../db/email_lists.ts";
import { markFailed, markSent } from "../../../db/email_results.ts";
import { templates } from "../../../db/schema.ts";
import { bob, dump, NOW, OWNER, submission } from "../../cast.ts";
import { listSuppressions, suppressAddress } from "../../../db/suppressions.ts";
import { bounceIn } from "../../../jobs/gateways/resend_hooks.ts";
import { alertsIn, elementsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import { assertBothSizes, markOf } from "../../pages.ts";
import { assertProblem } from "../../problems.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/emails";
const retryOf = (id: number) => `${LIST}/${id}/retry`;
const idsIn = (html: string) => marksIn(html, "data-email-id").map(Number);

const letter = {
  subject: "We have <your> booking",
  text: "Thank you.",
  html: "<style>p{color:red}</style><p>Thank you.</p>",
};

/** Five mails: one sent, one failed, one dead, one on its way, one that waits; by state their numbers. */
async function mailsInEveryState({ db }: World) {
  for (let at = 0; at < 3; at++) await submitBooking(db, submission(bob));
  const [sent, failed, sending, dead] = await claimEmails(db, NOW, 5);
  if (!sent || !failed || !dead || !sending) throw new Error("there are not enough mails");
  await markSent(db, sent, { ...letter, now: NOW });
  await markFailed(db, failed, { error: "deferred-451", permanent: false, now: NOW });
  await markFailed(db, dead, { error: "refused-550", permanent: true, now: NOW });
  const queued = (await listEmails(db, OWNER, { status: "queued" }))[0]?.id ?? 0;
  const [a, b, c, d] = [sent, failed, dead, sending].map(({ email }) => email.id);
  return { sent: a ?? 0, failed: b ?? 0, dead: c ?? 0, sending: d ?? 0, queued };
}

Deno.test("the log shows every mail, newest first, with its marks, state and last error", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { sent, dead } = await mailsInEveryState(world);

  const page = await ada.get(LIST);
  assertEquals(page.status, 200);
  assertEquals(idsIn(page.text), idsIn(page.text).toSorted((a, b) => b - a));
  assertEquals(idsIn(page.text).length, 6);
  const row = (id: number) => elementsIn(page.text, "tr", `data-email-id="${id}"`)[0] ?? "";
  assertStringIncludes(row(dead), 'data-email-status="dead"');
  assertStringIncludes(row(dead), "refused-550");
  assertStringIncludes(row(dead), "refuses it for good (550)");
  assertStringIncludes(row(sent), 'data-template="booking_received"');
  assertStringIncludes(row(sent), "We have &lt;your&gt; booking");
  assertStringIncludes(row(sent), bob.email);
  assertMatch(row(sent), /\/admin\/bookings\/CP\d{4}\w{6}/);

  const part = await ada.get(LIST, { htmx: true });
  assertStringIncludes(page.text, part.text);
  assert(!part.text.includes("<html"));
});

Deno.test("each state is a list of its own, nonsense is none", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const ids = await mailsInEveryState(world);

  for (const status of ["sent", "failed", "dead"] as const) {
    assertEquals(idsIn((await ada.get(`${LIST}?status=${status}`)).text), [ids[status]]);
  }
  for (
    const search of ["status=lost", "status=", "before=x", "before=-1", "before=0", "before=1e99"]
  ) {
    const { status, text } = await ada.get(`${LIST}?${search}`);
    assertEquals([search, status, idsIn(text).length], [search, 200, 6]);
  }
});

Deno.test("only a mail that did not leave has a way to try again, and trying again sends it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const ids = await mailsInEveryState(world);
  const { text } = await ada.get(LIST);
  const forms = marksIn(text, "action").filter((action) => action.endsWith("/retry"));
  assertEquals(forms.sort(), [retryOf(ids.failed), retryOf(ids.dead)].sort());

  for (const id of [ids.failed, ids.dead]) {
    const answer = await ada.fill(LIST, retryOf(id));
    assertEquals([answer.status, answer.location], [303, LIST]);
    await world.mails();
    const again = (await listEmails(world.db, OWNER, { status: "sent" })).find((mail) =>
      mail.id === id
    );
    assertEquals([again?.attempts, again?.lastError], [1, null]);
  }
});

Deno.test("a mail that left, is on its way or waits is not sent again: 409 with the log as it stands", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { sent, sending, queued } = await mailsInEveryState(world);
  const before = await dump(world.db);

  for (const id of [sent, sending, queued]) {
    const answer = await ada.post(retryOf(id), {});
    assertEquals([id, answer.status], [id, 409]);
    assertStringIncludes(alertsIn(answer.text)[0] ?? "", "not waiting for another try.");
    assertEquals(idsIn(answer.text).length, 6);
  }
  assertEquals(await dump(world.db), before);
});

Deno.test("tried again twice at once a mail is queued once, and sent once", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { dead } = await mailsInEveryState(world);

  const answers = await Promise.all([1, 2, 3].map(() => ada.post(retryOf(dead), {})));
  assertEquals(answers.map(({ status }) => status).sort(), [303, 409, 409]);
  await world.mails();
  assertEquals((await listEmails(world.db, OWNER, {})).find(({ id }) => id === dead)?.attempts, 1);
});

Deno.test("an unknown mail is not found, and nobody but an admin sees or sends one", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { dead } = await mailsInEveryState(world);
  const unknown = (await ada.get("/admin/bookings/CP2026ZZZZZZ")).text;

  for (const id of ["999999", "0", "nope", "-1", "1.5", "9".repeat(15), "9".repeat(40), "%00"]) {
    const answer = await ada.post(`${LIST}/${id}/retry`, {});
    assertEquals([id, answer.status, answer.text === unknown], [id, 404, true]);
  }
  for (const who of [world.stranger(), await world.signedIn("alice")]) {
    const [page, retry] = [await who.get(LIST), await who.post(retryOf(dead), {})];
    assertEquals([page.status, retry.status, retry.location], [303, 303, "/admin/sign-in"]);
    assert(!page.text.includes(bob.email));
  }
  assertEquals((await listEmails(world.db, OWNER, { status: "dead" })).map(({ id }) => id), [dead]);
});

Deno.test("paging shows each of 60 mails once while new ones come in, and no page is empty", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (let at = 0; at < 30; at++) await submitBooking(world.db, submission(bob));

  const first = await ada.get(LIST);
  await submitBooking(world.db, submission(bob));
  const second = await ada.get(linkIn(first.text, "Older") ?? "");
  const shown = [first, second].map(({ text }) => idsIn(text));
  assertEquals(shown.map((ids) => ids.length), [50, 10]);
  assertEquals(shown.flat(), Array.from({ length: 60 }, (_, at) => 60 - at));
  assertEquals([linkIn(second.text, "Older"), linkIn(second.text, "First page")], [null, LIST]);

  const full = await ada.get(`${LIST}?before=51`);
  assertEquals([idsIn(full.text).length, linkIn(full.text, "Older")], [50, null]);
});

Deno.test("the log is narrowed by booking, kind and state, and an unknown booking has none", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const ids = await mailsInEveryState(world);
  const [mail] = await listEmails(world.db, OWNER, {});
  const reference = String(mail?.params.reference);
  const shown = async (search: string) => idsIn((await ada.get(`${LIST}?${search}`)).text);

  assertEquals(await shown(`booking=${reference.toLowerCase()}`), [6, 5]);
  assertEquals(await shown(`booking=${reference}&template=new_booking`), [6]);
  assertEquals(await shown("template=booking_received&status=sent"), [ids.sent]);
  assertEquals(await shown("booking=CP2026ZZZZZZ"), []);
  assertEquals((await shown("booking=nonsense&template=nonsense")).length, 6);
});

Deno.test("a mail's page shows how it stands, its tries in words, and what it said in a frame", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { sent, dead, queued } = await mailsInEveryState(world);

  const page = await assertBothSizes(ada, `${LIST}/${sent}`);
  assertStringIncludes(textOf(page.text), "We have <your> booking");
  assertEquals(marksIn(page.text, "data-attempt"), ["sent"]);
  assertStringIncludes(page.text, '<pre class="mail-text">Thank you.</pre>');
  const [frame] = page.text.match(/<iframe[^>]*>/) ?? [];
  assertMatch(frame ?? "", /sandbox=""/);
  assertEquals(marksIn(frame ?? "", "src"), [`${LIST}/${sent}/html`]);
  assertMatch(
    page.headers.get("content-security-policy") ?? "",
    /default-src 'none'.*frame-src 'self'/,
  );

  const html = await ada.get(`${LIST}/${sent}/html`);
  assertEquals([html.status, html.text], [200, letter.html]);
  assertEquals(html.headers.get("content-security-policy")?.split("; "), [
    ...["sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"],
  ]);
  const { text } = await ada.get(`${LIST}/${dead}`);
  assertEquals(marksIn(text, "data-attempt"), ["refused-550"]);
  assertStringIncludes(textOf(text), "The receiving server refuses it for good (550).");
  for (const id of [dead, queued]) assertEquals((await ada.get(`${LIST}/${id}/html`)).status, 404);
});

Deno.test("a dead mail is an alarm until it is tried again or dismissed, one or all at once", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { dead, failed } = await mailsInEveryState(world);
  const alarms =
    async () => [alertsIn((await ada.get("/admin")).text), alertsIn((await ada.get(LIST)).text)];
  const one = ["1 mail could not be delivered"];
  assertEquals(await alarms(), [one, one]);

  const answer = await ada.fill(`${LIST}/${dead}`, `${LIST}/${dead}/dismissal`);
  assertEquals([answer.status, answer.location], [303, `${LIST}/${dead}`]);
  assertEquals(await alarms(), [[], []]);
  assertStringIncludes((await ada.get(`${LIST}?status=dead`)).text, "dismissed");

  await world.db.$client.execute({
    sql: "update email_notifications set status = 'dead', dismissed_at = null where id in (?, ?)",
    args: [dead, failed],
  });
  assertEquals((await alarms())[0], ["2 mails could not be delivered"]);
  assertEquals((await ada.fill(`${LIST}?status=dead`, `${LIST}/dismissal`)).status, 303);
  assertEquals(await alarms(), [[], []]);
});

Deno.test("after an outage all mails that wait are tried again at once, failed ones and dead ones", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { failed, dead } = await mailsInEveryState(world);
  for (const status of ["failed", "dead"]) {
    const page = `${LIST}?status=${status}`;
    const { status: code, location } = await ada.fill(page, `${LIST}/retries`);
    assertEquals([code, location], [303, LIST]);
  }
  await world.mails();
  const { text } = await ada.get(LIST);
  for (const id of [failed, dead]) {
    assertStringIncludes(text, `data-email-id="${id}" data-email-status="sent"`);
  }

  assertEquals((await ada.post(`${LIST}/retries`, { status: "sent", up_to: "9" })).status, 422);
  assertEquals(
    (await (await world.hired("agent")).visitor.post(`${LIST}/retries`, {
      status: "dead",
      up_to: "9",
    })).status,
    403,
  );
});

Deno.test("a mail that was due 15 minutes ago and has not left is an alarm, one that waits for its time is none", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await world.mails();
  await submitBooking(world.db, submission(bob));
  await world.db.$client.execute({
    sql: "update email_notifications set next_try_at = ? where id = 2",
    args: [NOW + 3_600_000],
  });
  world.time.now = NOW + 15 * 60_000 - 1;
  assertEquals(alertsIn((await ada.get("/admin")).text), []);
  world.time.now++;
  assertEquals(alertsIn((await ada.get("/admin")).text), [
    "1 mail has not left for more than 15 minutes",
  ]);
});

Deno.test("an admin stops mail to an address and allows it again, and sees which get nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { dead } = await mailsInEveryState(world);
  const page = `${LIST}/${dead}`;
  const email = bob.email;

  const stopped = await ada.fill(page, `${LIST}/suppressed`);
  assertEquals([stopped.status, stopped.location], [303, page]);
  assertStringIncludes(textOf((await ada.get(page)).text), `Nothing is sent to ${email} since`);
  const refused = await ada.post(retryOf(dead), { view: page });
  assertEquals(refused.status, 409);
  assertStringIncludes(alertsIn(refused.text)[0] ?? "", "Allow it again");
  await submitBooking(world.db, submission(bob));
  await ada.post("/admin/account/sessions/end", {});
  await world.mails();
  const last = (await listEmails(world.db, OWNER, {})).find((mail) =>
    mail.recipientEmail === email
  );
  assertEquals([last?.status, last?.lastError], ["dead", "suppressed"]);

  const list = await assertBothSizes(ada, `${LIST}/suppressed`);
  assertEquals(marksIn(list.text, "data-address"), [email]);
  const freed = await ada.fill(`${LIST}/suppressed`, `${LIST}/suppressed/release`);
  assertEquals([freed.status, freed.location], [303, `${LIST}/suppressed`]);
  const again = await ada.fill(page, retryOf(dead));
  assertEquals([again.status, again.location], [303, page]);
  const mails = await world.mails();
  assert(mails.some(({ toEmail }) => toEmail === email));
});

Deno.test("an admin stops mail to an address that came back by other ways, and is told when it is none", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const list = `${LIST}/suppressed`;
  const wrong = await ada.fill(list, list, { email: "nobody" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(alertsIn(wrong.text)[0] ?? "", "Write an address.");

  const stopped = await ada.fill(list, list, { email: "Bob@Okafor.example", reason: "complained" });
  assertEquals([stopped.status, stopped.location], [303, list]);
  const { text } = await ada.get(list);
  assertEquals(marksIn(text, "data-address"), [bob.email]);
  assertStringIncludes(text, "Its owner complained of our mail.");
});

Deno.test("a mail that left is sent again as a mail of its own, once for each form", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { sent, dead } = await mailsInEveryState(world);
  const copies = (id: number) => `${LIST}/${id}/copies`;
  const form = { idempotency_key: "the-very-form" };
  const answers = await Promise.all([1, 2].map(() => ada.post(copies(sent), form)));
  const again = await ada.post(copies(sent), form);
  const [location] = answers.map(({ location }) => location);
  assertEquals([...answers, again].map(({ status, location }) => [status, location]), [
    ...Array.from({ length: 3 }, () => [303, location]),
  ]);
  const copied = /^CP\w+\.booking_received\.1\.again-the-very-form@/;
  const came = (await world.mails()).filter(({ messageId }) => copied.test(messageId));
  assertEquals(came.map(({ toEmail }) => toEmail), [bob.email]);
  assertEquals(markOf(await ada.get(location ?? ""), "email-status"), "sent");
  assertEquals((await ada.fill(location ?? "", `${location}/copies`)).status, 303);

  const whole = await dump(world.db);
  assertEquals((await ada.post(copies(dead), form)).status, 409);
  assertEquals((await ada.post(copies(999), form)).status, 404);
  assertEquals(await dump(world.db), whole);
  await suppressAddress(world.db, bob.email, { actor: world.cast.ada, now: NOW });
  const refused = await ada.post(copies(sent), { idempotency_key: "another" });
  assertEquals(refused.status, 409);
  assertStringIncludes(alertsIn(refused.text)[0] ?? "", "Allow it again");
});

const SECRET = `whsec_${btoa("a secret of twenty-four bytes")}`;

/** A call of Resend's about a mail, signed by Svix's scheme with `secret`, `age` seconds ago. */
async function callOfResend(body: string, { secret = SECRET, age = 0 } = {}) {
  const at = String(NOW / 1000 - age);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const bytes = Uint8Array.fromBase64(secret.slice(6));
  const key = await crypto.subtle.importKey("raw", bytes, hmac, false, ["sign"]);
  const signed = new TextEncoder().encode(`msg_1.${at}.${body}`);
  const hash = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed)).toBase64();
  const signature = `v1,${btoa("x".repeat(32))} v2,${hash} v1,${hash}`;
  return { "svix-id": "msg_1", "svix-timestamp": at, "svix-signature": signature };
}

const said = (type: string, to: string, more: object = {}) =>
  JSON.stringify({ type, created_at: "2026-03-02", data: { to: [to], email_id: "x", ...more } });

Deno.test("Resend's call about a mail that came back makes it dead and stops mail there, a forged one nothing", async () => {
  await using world = await openWorld({ env: { RESEND_WEBHOOK_SECRET: SECRET } });
  const { sent } = await mailsInEveryState(world);
  const post = async (body: string, headers: Record<string, string>) => {
    const answer = await world.stranger().send("/hooks/resend", { method: "POST", body, headers });
    return `${answer.status} ${answer.text}`;
  };
  const bounced = said("email.bounced", "Bob@Okafor.example", { tags: { email: String(sent) } });
  const genuine = await callOfResend(bounced);
  // What is taken, though not used, lets mails leave: those that wait do so before, not meanwhile.
  assertEquals(await post("{}", await callOfResend("{}")), "200 not used");
  await world.mails();
  const before = await dump(world.db);
  const forged: Record<string, string>[] = [
    {},
    { ...genuine, "svix-id": "msg_2" },
    { ...genuine, "svix-timestamp": "" },
    { ...genuine, "svix-signature": genuine["svix-signature"].replaceAll("v1", "v0") },
    await callOfResend(bounced, { secret: `whsec_${btoa("somebody else's secret")}` }),
    ...await Promise.all([301, -301].map((age) => callOfResend(bounced, { age }))),
  ];
  for (const headers of forged) {
    assertEquals(await post(bounced, headers), "401 The signature is missing or wrong.");
  }
  assertEquals(await post(`${bounced} `, genuine), "401 The signature is missing or wrong.");
  const transient = said("email.bounced", bob.email, { bounce: { type: "Transient" } });
  for (const body of [said("email.delivered", bob.email), "no json", "{}", transient]) {
    assertEquals([body, await post(body, await callOfResend(body))], [body, "200 not used"]);
  }
  assertEquals(await dump(world.db), before);

  for (let n = 0; n < 2; n++) assertEquals(await post(bounced, genuine), "200 taken");
  const complained = said("email.complained", "ada@connectpro.example");
  assertEquals(await post(complained, await callOfResend(complained)), "200 taken");
  const mail = (await listEmails(world.db, OWNER, {})).find(({ id }) => id === sent);
  assertEquals([mail?.status, mail?.lastError], ["dead", "bounced"]);
  const ada = await world.signedIn("ada");
  const stopped = await listSuppressions(world.db, { limit: 9 });
  assertEquals(stopped.map(({ email, reason }) => [email, reason]).toSorted(), [
    ...[["ada@connectpro.example", "complained"], [bob.email, "bounced"]],
  ]);
  const { text } = await ada.get(`${LIST}/${sent}`);
  assertStringIncludes(textOf(text), "A mail came back from it.");
  await ada.post(`${LIST}/suppressed/release`, { email: bob.email });
  assertEquals((await ada.post(retryOf(sent), {})).status, 409);
  assertEquals((await ada.fill(`${LIST}/${sent}`, `${LIST}/${sent}/copies`)).status, 303);
});

Deno.test("bounceIn() agrees with the example in Svix's documentation", async () => {
  const headers = new Headers({
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
  const raw = { body: '{"test": 2432232314}', headers };
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  assertEquals(await bounceIn(raw, secret, 1_614_265_330_000), null);
  await assertProblem(
    bounceIn({ ...raw, body: "{}" }, secret, 1_614_265_330_000),
    "unauthenticated",
  );
});

Deno.test("whoever asks for a reset learns nothing of an address that gets no mail", async () => {
  await using world = await openWorld();
  const ask = (email: string) => world.stranger().post("/reset-password", { email });
  const before = await ask("nobody@holm.example");
  await suppressAddress(world.db, bob.email, { actor: world.cast.ada, now: NOW });

  const answer = await ask(bob.email);
  assertEquals([answer.status, answer.location], [before.status, before.location]);
  assertEquals(answer.text, before.text.replace("nobody@holm.example", bob.email));
  assertEquals(await world.mails(), []);
});

Deno.test("an agent sees the mails of their bookings, and changes none", async () => {
  await using world = await openWorld();
  const { dead, sent } = await mailsInEveryState(world);
  const { visitor: agent, id } = await world.hired("agent");
  for (const mail of [dead, sent]) assertEquals((await agent.get(`${LIST}/${mail}`)).status, 404);
  await world.db.$client.execute({
    sql: "update service_bookings set assigned_to = ?",
    args: [id],
  });

  for (const mail of [dead, sent]) {
    const { status, text } = await agent.get(`${LIST}/${mail}`);
    assertEquals([status, text.includes('action="/admin/emails')], [200, false]);
  }
  assertEquals((await agent.get(`${LIST}/${sent}/html`)).text, letter.html);
  assertEquals((await agent.post(`${LIST}/${dead}/dismissal`, {})).status, 403);
});

Deno.test("every mail has a sample, for admins and on a development machine, as text and as HTML", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (
    const [visitor, path] of [[ada, `${LIST}/preview`], [
      world.stranger(),
      "/dev/mail/templates",
    ]] as const
  ) {
    const list = await visitor.get(path);
    assertEquals(marksIn(list.text, "data-template"), [...templates]);
    for (const template of templates) {
      const page = await visitor.get(`${path}/${template}`);
      const html = await visitor.get(`${path}/${template}/html`);
      assertEquals([template, page.status, html.status], [template, 200, 200]);
      assertEquals(marksIn(page.text, "src").filter((src) => src.endsWith("/html")), [
        `${path}/${template}/html`,
      ]);
      assertMatch(
        html.headers.get("content-security-policy") ?? "",
        /^sandbox; default-src 'none'/,
      );
      assertStringIncludes(html.text, "prefers-color-scheme:dark");
    }
  }
});
