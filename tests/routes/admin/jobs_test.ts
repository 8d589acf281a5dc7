import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listAudit } from "../../../db/audit.ts";
import { approveOverdue } from "../../../db/bookings_by_clock.ts";
import { takeLease } from "../../../db/job_leases.ts";
import { expectJobs, listHeartbeats } from "../../../db/job_runs.ts";
import { jobs } from "../../../jobs/clock.ts";
import { bookingIn, DAY, dump, fileOf, HOUR, NOW, UNPRICED } from "../../cast.ts";
import { alertsIn, elementsIn, marksIn, textOf } from "../../marks.ts";
import { assertBothSizes } from "../../pages.ts";
import { hiddenFields, type Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";
import { verbs } from "../../verbs.ts";

const MINUTE = 60_000;
const DUE = NOW + 96 * HOUR;
const pathOf = (reference: string, name = "") =>
  `/admin/bookings/${reference}${name && `/${name}`}`;

/** Ada's page of jobs, as text by the reference of each waiting booking. */
async function dryRun(world: World) {
  const page = await assertBothSizes(await world.signedIn("ada"), "/admin/jobs");
  return elementsIn(page.text, "tr", "data-reference").map((row) => [
    marksIn(row, "data-reference")[0],
    marksIn(row, "data-reason")[0],
    textOf(row).replace(/^.*Alice Meyer/, "").trim(),
  ]);
}

Deno.test("the page of jobs says of each pending booking what the clock would do now, and why", async () => {
  await using world = await openWorld({ env: { AGENCY_TIMEZONE: "Europe/Berlin" } });
  const { cast, db } = world;
  const usual = await bookingIn(cast, "pending");
  const unpriced = await bookingIn(cast, "pending", { service: UNPRICED });
  const urgent = await bookingIn(cast, "pending", { urgency: "urgent" });
  const held = await bookingIn(cast, "pending", { urgency: "high" });
  await verbs.hold(db, held, { actor: cast.ada, now: NOW });
  await bookingIn(cast, "rejected");
  const price = "approved at USD 890.00 on";
  const soon = `nothing yet: ${price}`;
  assertEquals(
    await dryRun(world),
    [
      [
        urgent,
        "none",
        `${soon} Thu 5 Mar, 10:00 Berlin unless we answer sooner: in 3 days`,
      ],
      [held, "held", "does not approve itself: it is on hold"],
      [
        usual,
        "none",
        `${soon} Fri 6 Mar, 10:00 Berlin unless we answer sooner: in 4 days`,
      ],
      [unpriced, "unpriced", "does not approve itself: it has no catalogue price"],
    ].map(([file, ...words]) => [(file as typeof usual).booking.reference, ...words]),
  );

  // Both sides read the same sentence, and neither reads it once it is not true.
  const [ada, alice] = [await world.signedIn("ada"), await world.signedIn("alice")];
  const { reference } = usual.booking;
  const sentence =
    `is ${price} Fri 6 Mar, 10:00 Berlin unless we answer sooner: in 3 days 23 hours`;
  world.time.now += MINUTE;
  for (
    const [who, path] of [[ada, pathOf(reference)], [alice, `/bookings/${reference}`], [
      alice,
      "/dashboard",
    ]] as const
  ) {
    assertStringIncludes(textOf((await who.get(path)).text), sentence);
  }
  const block = pathOf(reference, "client-block");
  const { status, location } = await ada.fill(pathOf(reference), block);
  assertEquals([status, location], [303, pathOf(reference)]);
  assertEquals((await dryRun(world)).map(([, reason]) => reason), [
    ...["blocked", "held", "blocked", "unpriced"],
  ]);
  assert(!textOf((await alice.get("/dashboard")).text).includes(price));
  const page = textOf((await ada.get(pathOf(reference))).text);
  assertStringIncludes(
    page,
    "It does not approve itself: nothing of this client's approves itself.",
  );
  assertStringIncludes(textOf((await ada.get("/admin")).text), "Needs a person: no clock answers");

  assertEquals((await ada.post(block, { blocked: "yes" })).status, 303);
  assertEquals((await ada.fill(pathOf(reference), block)).status, 303);
  assertEquals((await dryRun(world)).map(([, reason]) => reason), [
    ...["none", "held", "none", "unpriced"],
  ]);
  const { blocked } = await fileOf(db, reference);
  const log = await listAudit(db, { subject: "alice@northwind.example", limit: 9 });
  assertEquals([blocked, log.map(({ action }) => action)], [
    false,
    ["client.unblock", "client.block"],
  ]);
});

Deno.test("a job that missed two runs is said on the overview and among the jobs, until it runs", async () => {
  await using world = await openWorld();
  const { db, time } = world;
  await bookingIn(world.cast, "pending");
  const banner = async (visitor: Visitor) =>
    alertsIn((await visitor.get("/admin")).text).filter((text) => text.includes("missed"));
  await expectJobs(db, jobs.map(({ name }) => name), NOW);
  assertEquals(await banner(await world.signedIn("ada")), []);

  time.now = NOW + 31 * MINUTE - 1;
  const few = marksOf(await (await world.signedIn("ada")).get("/admin/jobs"));
  assert(!few.includes("approve_overdue") && few.includes("send_emails"));
  time.now = DUE + MINUTE;
  const ada = await world.signedIn("ada");
  const [said = ""] = await banner(ada);
  assertMatch(said, /^\d+ jobs have missed two runs : Approve what nobody answered, /);
  assertEquals((await banner((await world.hired("manager")).visitor)).length, 1);
  assertEquals((await banner((await world.hired("agent")).visitor)).length, 0);

  const run = await ada.fill("/admin/jobs", "/admin/jobs/approve_overdue/runs");
  assertEquals([run.status, run.location], [303, "/admin/jobs?ran=approve_overdue"]);
  const page = await ada.get(run.location);
  assertStringIncludes(alertsIn(page.text).join(), "missed");
  assertStringIncludes(page.text, "it ran and did 1 thing.");
  assert(!marksOf(page).includes("approve_overdue"));
  const beat = (await listHeartbeats(db)).find(({ job }) => job === "approve_overdue");
  assertEquals([beat?.since, beat?.startedAt, beat?.handled], [NOW, time.now, 1]);
  assert((beat?.finishedAt ?? 0) >= time.now);
  const [entry] = await listAudit(db, { action: "job.run", limit: 1 });
  assertEquals([entry?.subject, entry?.actorName], ["approve_overdue", "Ada Novak"]);

  const lease = { job: "approve_overdue", holder: "another process" };
  await takeLease(db, lease, { now: time.now, until: time.now + MINUTE });
  const before = await dump(db);
  assertEquals((await ada.post("/admin/jobs/approve_overdue/runs", {})).status, 409);
  assertEquals((await ada.post("/admin/jobs/approve_everything/runs", {})).status, 404);
  assertEquals(await dump(db), before);
});

const marksOf = ({ text }: { text: string }) =>
  elementsIn(text, "tr", 'data-missed="yes"').map((row) => marksIn(row, "data-job")[0]);

Deno.test("an automatic approval is taken back with a reason within a day, and only where it was one", async () => {
  await using world = await openWorld();
  const { db, cast, time } = world;
  const { booking: { reference } } = await bookingIn(cast, "pending");
  const { booking: { reference: chosen } } = await bookingIn(cast, "approved");
  await approveOverdue(db, DUE);
  time.now = DUE + HOUR;
  const ada = await world.signedIn("ada");
  const [undo, other] = [pathOf(reference, "revocation"), pathOf(chosen, "revocation")];
  const has = async (path: string, form: string) => (await ada.get(path)).text.includes(form);
  assertEquals([await has(pathOf(reference), undo), await has(pathOf(chosen), other)], [
    true,
    false,
  ]);
  assertEquals((await ada.post(other, { reason: "No.", version: "2" })).status, 409);
  assertEquals((await ada.fill(pathOf(reference), undo)).status, 422);
  const stale = await ada.post(undo, { reason: "No.", version: "1" });
  assertEquals([stale.status, marksIn(stale.text, "data-status")[0]], [409, "approved"]);

  const answer = await ada.fill(pathOf(reference), undo, { reason: "The price is a mistake." });
  assertEquals([answer.status, answer.location], [303, pathOf(reference)]);
  const page = await ada.get(answer.location);
  assertEquals(marksIn(page.text, "data-status")[0], "pending");
  assertStringIncludes(textOf(page.text), "It waits for a person.");
  assertStringIncludes(page.text, "Approval taken back");
  assertEquals((await ada.post(undo, { reason: "Twice.", version: "3" })).status, 409);
  const mails = (await world.mails()).filter(({ subject }) => subject.includes("again"));
  assertEquals(mails.map(({ toEmail }) => toEmail), ["alice@northwind.example"]);
  assertEquals(await approveOverdue(db, NOW + 1000 * DAY), 0);
});

Deno.test("owners set a limit, and the service says when it approves itself: what is promised follows", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const guest = world.stranger();
  const promised = async () => textOf((await guest.get("/book?service=landing-page")).text);
  const soon = "it approves itself at USD 890.00.";
  assertStringIncludes(await promised(), soon);

  const save = (limit: string) =>
    ada.post("/admin/settings", { second_factor: "optional", auto_approve_limit: limit });
  assertEquals([(await save("many")).status, (await save("889.99")).status], [422, 303]);
  assertStringIncludes((await ada.get("/admin/settings")).text, 'value="889.99"');
  const { location } = await guest.post("/bookings", {
    ...{ service: "landing-page", urgency: "low", details: "x", name: "Grace" },
    email: "grace@holm.example",
  });
  assert(!textOf((await guest.get(location)).text).includes("approved at"));
  const mail = (await world.mails()).find(({ toEmail }) => toEmail === "grace@holm.example");
  assert(mail && !/approved at|approves itself/.test(mail.text), "the mail promises nothing");
  await ada.post("/admin/settings", { second_factor: "optional" });
  assertStringIncludes((await ada.get("/admin/settings")).text, 'value="889.99"');
  world.time.now += MINUTE;
  await guest.get("/book");
  assert(!(await promised()).includes(soon));

  assertEquals((await save("")).status, 303);
  const form = "/admin/services/landing-page";
  const fields = { ...filled((await ada.get(form)).text), approves_itself: "yes" };
  for (const hours of ["23", "241", "2.5", "soon"]) {
    const { status } = await ada.post(form, { ...fields, approve_after_hours: hours });
    assertEquals([hours, status], [hours, 422]);
  }
  assertEquals((await ada.post(form, { ...fields, approve_after_hours: "24" })).status, 303);
  world.time.now += MINUTE;
  await guest.get("/book");
  assertStringIncludes(await promised(), "Our answer by Tue 3 Mar, 09:02");
});

/** What a page's form of a service sends when nothing is changed. */
function filled(html: string): Record<string, string> {
  const [form = ""] = elementsIn(html, "form", 'action="/admin/services/');
  assertEquals(hiddenFields(html, "/admin/services/landing-page"), {});
  const inputs = [...form.matchAll(/<input\b[^>]*name="(\w+)"[^>]*value="([^"]*)"/g)];
  const areas = [...form.matchAll(/<textarea\b[^>]*name="(\w+)"[^>]*>([^<]*)</g)];
  const selects = [...form.matchAll(/<select\b[^>]*name="(\w+)"[\s\S]*?value="([^"]*)" selected/g)];
  return Object.fromEntries(
    [...inputs, ...areas, ...selects].map(([, name, value]) => [name, value]),
  );
}
