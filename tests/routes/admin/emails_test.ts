import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { submitBooking } from "../../../db/bookings.ts";
import { claimEmails, listEmails, markFailed, markSent } from "../../../db/emails.ts";
import { bob, dump, NOW, OWNER, submission } from "../../cast.ts";
import { alertsIn, elementsIn, linkIn, marksIn } from "../../marks.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/emails";
const retryOf = (id: number) => `${LIST}/${id}/retry`;
const idsIn = (html: string) => marksIn(html, "data-email-id").map(Number);

/** Five mails: one sent, one failed, one dead, one on its way, one that waits; by state their numbers. */
async function mailsInEveryState({ db }: World) {
  for (let at = 0; at < 3; at++) await submitBooking(db, submission(bob));
  const due = (await claimEmails(db, NOW, 5)).map(({ email }) => email);
  const [sent, failed, dead, sending] = due;
  if (!sent || !failed || !dead || !sending) throw new Error("there are not enough mails");
  await markSent(db, sent, { subject: "We have <your> booking", now: NOW });
  await markFailed(db, failed, { error: "deferred-451", permanent: false, now: NOW });
  await markFailed(db, dead, { error: "refused-550", permanent: true, now: NOW });
  const queued = (await listEmails(db, OWNER, { status: "queued" }))[0]?.id ?? 0;
  return { sent: sent.id, failed: failed.id, dead: dead.id, sending: sending.id, queued };
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
