import { eq } from "drizzle-orm";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { approveBooking, holdOrReleaseBooking } from "../../db/booking_reviews.ts";
import { type Status, statuses } from "../../db/booking_status.ts";
import { emailNotifications, serviceBookings } from "../../db/schema.ts";
import { alice, bookingIn, DAY, fileOf, HOUR, NOW, PRICED, UNPRICED } from "../cast.ts";
import { files } from "../files.ts";
import { marksIn, textOf } from "../marks.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown, escaped } from "../pages.ts";
import { openWorld } from "../world.ts";

/** What the page of a booking says next, and the button that goes with it. */
const next: Record<Status, [RegExp, RegExp | null]> = {
  pending: [/we review your booking\. It is approved at USD 890\.00 on /, null],
  approved: [/you pay USD 890\.00/, /href="[^"]*\/payment"[^>]*>Pay USD 890\.00/],
  payment_pending: [/you transfer USD 890\.00 and tell us/, /href="[^"]*\/payments\/[\w-]{22}"/],
  paid: [/you say hello in the chat/, /href="[^"]*\/chat"[^>]*>Open the chat/],
  in_progress: [/we do the work/, /href="[^"]*\/chat"[^>]*>Open the chat/],
  completed: [/The work is done/, /href="[^"]*\/chat"[^>]*>Open the chat/],
  rejected: [/We could not take this booking/, /href="\/book"/],
  cancelled: [/This booking was cancelled/, /href="\/book"/],
  expired: [/was not paid in time/, /href="\/book"/],
};
const cancellable: Status[] = ["pending", "approved", "payment_pending"];

Deno.test("in every state the page of a booking says what happens next", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  for (const status of statuses) {
    const { booking } = await bookingIn(world.cast, status);
    const path = `/bookings/${booking.reference}`;
    const { text } = await assertBothSizes(client, path);
    const [words, button] = next[status];
    assertStringIncludes(text, `data-reference="${booking.reference}" data-status="${status}"`);
    assertMatch(text, words);
    if (button) assertMatch(text, button);
    assertEquals(
      [status, text.includes(`action="${path}/cancellation"`)],
      [status, cancellable.includes(status)],
    );
    assertEquals([status, text.includes('class="timeline-item')], [status, true]);
  }
});

Deno.test("the dashboard shows first what waits for the client, then what waits for us", async () => {
  await using world = await openWorld();
  const [client, outsider] = [await world.signedIn("alice"), await world.signedIn("bob")];
  const groups: Record<string, Status[]> = {
    "Waiting for you": ["approved", "payment_pending", "paid"],
    "Waiting for us": ["pending", "in_progress"],
    Finished: ["completed", "rejected", "cancelled", "expired"],
  };
  const refs: Record<string, string> = {};
  for (const status of statuses) {
    refs[status] = (await bookingIn(world.cast, status)).booking.reference;
  }

  const { status, text } = await client.get("/dashboard");
  assertEquals(status, 200);
  const sections = text.split(/<h2[^>]*>/).slice(1);
  assertEquals(sections.map((part) => part.slice(0, part.indexOf("<"))), Object.keys(groups));
  for (const [at, wanted] of Object.values(groups).entries()) {
    const rows = [...(sections[at] ?? "").matchAll(/data-reference="(\w+)" data-status="(\w+)"/g)];
    assertEquals(
      new Set(rows.map(([, reference, status]) => `${status} ${reference}`)),
      new Set(wanted.map((status) => `${status} ${refs[status]}`)),
    );
  }
  const empty = await outsider.get("/dashboard");
  assertEquals([empty.status, /data-reference/.test(empty.text)], [200, false]);
  assertStringIncludes(empty.text, 'href="/book"');
});

Deno.test("on the dashboard what is due first stands first, and work says until when, or that it is late", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const [early, late] = [
    await bookingIn(world.cast, "approved", { now: NOW }),
    await bookingIn(world.cast, "payment_pending", { now: NOW + HOUR }),
  ];
  const paid = await bookingIn(world.cast, "paid");
  const working = await bookingIn(world.cast, "in_progress");
  world.time.now = NOW + 2 * HOUR;

  const { text } = await client.get("/dashboard");
  const references = (part: string) =>
    [...part.matchAll(/data-reference="(\w+)"/g)].map(([, reference]) => reference);
  const [, yours = "", ours = ""] = text.split("<h2>");
  assertEquals(
    references(yours),
    [early, late, paid].map(({ booking }) => booking.reference),
  );
  assertStringIncludes(textOf(yours), "tell us so by Mon 9 Mar, 10:01 UTC , in 6 days 23 hours .");
  // Seven days after the payment was confirmed, three minutes after the booking.
  assertStringIncludes(textOf(ours), "Next: we do the work by Mon 9 Mar, 09:03 UTC");

  const path = `/bookings/${working.booking.reference}`;
  assertStringIncludes(textOf((await client.get(path)).text), "Delivery by 9 March 2026");
  world.time.now = NOW + 9 * DAY;
  assertStringIncludes(
    textOf((await (await world.signedIn("alice")).get("/dashboard")).text),
    "Next: we finish the work. It was due on Mon 9 Mar, 09:03 UTC , 1 day ago.",
  );
});

Deno.test("each step of a booking says what was mailed of it, and what never arrived", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const wanted = { service: PRICED, urgency: "low", details: "A page.", ...alice };
  await client.fill("/book", "/bookings", wanted);
  await world.mails();
  const [mail] = await world.db.select().from(emailNotifications)
    .where(eq(emailNotifications.recipientEmail, alice.email));
  const [row] = await world.db.select().from(serviceBookings);
  const step = async (status: "sent" | "queued" | "dead") => {
    await world.db.update(emailNotifications).set({ status });
    const { text } = await client.get(`/bookings/${row?.reference}`);
    return textOf(text.split('<li class="timeline-item"')[1] ?? "");
  };

  assertEquals([mail?.template, mail?.status], ["booking_received", "sent"]);
  const about = "we have your booking";
  assertStringIncludes(await step("sent"), `Mailed to you: ${about}`);
  assertStringIncludes(await step("queued"), `On its way to you by e-mail: ${about}`);
  assertStringIncludes(await step("dead"), `Could not be mailed to you: ${about}`);
  // Who booked with somebody else's address learns nothing of it.
  const guest = (await world.stranger().get(`/status/${row?.accessToken}`)).text;
  assertEquals([guest.includes(row?.reference ?? "?"), guest.includes("mailed")], [true, false]);
});

Deno.test("files of the chat are listed for the client, and not for whoever holds the link alone", async () => {
  await using world = await openWorld();
  const [client, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const { booking } = await bookingIn(world.cast, "in_progress");
  const path = `/bookings/${booking.reference}`;
  const form = new FormData();
  form.set("body", "The first draft.");
  form.set("client_id", "one");
  for (const name of ["draft <1>.pdf", "draft 2.pdf"]) {
    form.append("file", new File([files.pdf as Uint8Array<ArrayBuffer>], name));
  }
  const chat = `/admin${path}/chat/messages`;
  await ada.send(chat, { method: "POST", body: form, headers: { Origin: ada.url } });

  const { text } = await client.get(path);
  const list = text.split('id="files"')[1] ?? "";
  assertEquals(marksIn(list, "download"), ["draft <1>.pdf", "draft 2.pdf"]);
  assertStringIncludes(textOf(list), "from Ada Novak , Mon 2 Mar, 09:00 UTC");
  const [address = ""] = marksIn(list, "href").filter((href) => href.includes("/chat/files/"));
  assertEquals((await client.get(address)).status, 200);
  const guest = await world.stranger().get(`/status/${booking.accessToken}`);
  assertEquals([guest.status, guest.text.includes("draft")], [200, false]);
});

Deno.test("what we wrote with a decision stands above once, what the client wrote only in the history", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { booking } = await bookingIn(world.cast, "pending");
  const path = `/bookings/${booking.reference}`;
  const by = { actor: world.cast.ada, now: NOW };
  await approveBooking(world.db, booking, { ...by, priceMinor: 90_000, note: "With two drafts." });

  const approved = (await client.get(path)).text;
  assertEquals(approved.split("With two drafts.").length - 1, 1);
  assertMatch(textOf(approved), /Our note With two drafts\. .*What happened/);
  await client.fill(path, `${path}/cancellation`, { reason: "My cousin has done it." });
  const cancelled = textOf((await client.get(path)).text);
  assertMatch(cancelled, /What happened .*Cancelled by Alice Meyer .*My cousin has done it\./);
  assert(!cancelled.includes("Reason My cousin"));
});

Deno.test("somebody else's booking reads like none at all", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "pending");
  const outsider = await world.signedIn("bob");
  const path = `/bookings/${booking.reference}`;

  const odd = ["/bookings/CP2026ZZZZZZ", "/bookings/1", "/bookings/%00", "/bookings/%E0%A4%A"];
  for (const at of [path, ...odd]) await assertUnknown(outsider, await outsider.get(at));
  await assertNothingWritten(world, async () => {
    for (const at of [path, ...odd]) {
      await assertUnknown(outsider, await outsider.post(`${at}/cancellation`, { version: "1" }));
    }
  });
});

Deno.test("a reference may be typed in lower case, with spaces and look-alikes", async () => {
  await using world = await openWorld();
  const reference = () => "CP2026AB01C0";
  const { booking } = await bookingIn(world.cast, "pending", { reference });
  const client = await world.signedIn("alice");

  for (const typed of ["cp2026ab01c0", "cp%202026%20ab01c0", "CP2026-ABOICO", "cp2026abolco"]) {
    const answer = await client.get(`/bookings/${typed}`);
    assertEquals([typed, answer.status], [typed, 200]);
    assertStringIncludes(answer.text, `data-reference="${booking.reference}"`);
  }
});

Deno.test("the client cancels what is not paid, with or without a reason", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  for (
    const [status, reason] of [["pending", ""], ["approved", "Too late <for> us.\r\nSorry"], [
      "payment_pending",
      "x".repeat(2000),
    ]] as const
  ) {
    const { booking } = await bookingIn(world.cast, status);
    const path = `/bookings/${booking.reference}`;
    const answer = await client.fill(path, `${path}/cancellation`, { reason });
    assertEquals([answer.status, answer.location], [303, path]);
    assertStringIncludes((await client.get(path)).text, escaped(reason.replace("\r", "")));
    const { booking: after, events, payments } = await fileOf(world.db, booking.reference);
    assertEquals([after.status, after.version], ["cancelled", booking.version + 1]);
    const { actorKind, actorName, note } = events.at(-1) ?? {};
    assertEquals([actorKind, actorName, note ?? ""], [
      "client",
      alice.name,
      reason.replace("\r", ""),
    ]);
    assertEquals(payments.map((payment) => payment.status), payments.map(() => "voided"));
  }
  const mails = (await world.mails()).filter(({ subject }) => /cancelled/i.test(subject));
  assertEquals(mails.map(({ toEmail }) => toEmail), [alice.email, alice.email, alice.email]);
});

Deno.test("what is paid or over cannot be cancelled, and says so on the page as it stands", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  for (const status of statuses.filter((status) => !cancellable.includes(status))) {
    const { booking } = await bookingIn(world.cast, status);
    const path = `/bookings/${booking.reference}/cancellation`;
    for (const htmx of [false, true]) {
      const answer = await assertNothingWritten(world, () => client.post(path, {}, { htmx }));
      assertEquals([status, answer.status], [status, 409]);
      assertEquals(answer.text.includes("<html"), !htmx);
      const why = ["paid", "in_progress"].includes(status)
        ? /role="alert">This booking is paid, so it cannot be cancelled here\. Write to us/
        : /role="alert">This booking is .* now, so that is not possible/;
      assertMatch(answer.text, why);
      assertStringIncludes(answer.text, `data-status="${status}"`);
    }
  }
});

Deno.test("of two cancellations at once one wins, and a page that is too old changes nothing", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { booking } = await bookingIn(world.cast, "approved");
  const path = `/bookings/${booking.reference}/cancellation`;

  await assertNothingWritten(world, async () => {
    for (const version of ["1", "99", ""]) {
      const old = await client.post(path, { version });
      assertEquals([version, old.status], [version, 409]);
      assertStringIncludes(old.text, "This booking has changed meanwhile. This is how it stands.");
      assertStringIncludes(old.text, 'data-status="approved"');
    }
  });
  const sent = { version: String(booking.version) };
  const answers = await Promise.all([client.post(path, sent), client.post(path, sent)]);
  assertEquals(answers.map(({ status }) => status).sort(), [303, 409]);
  const { events } = await fileOf(world.db, booking.reference);
  assertEquals(events.filter(({ move }) => move === "cancel").length, 1);
});

Deno.test("a cancellation that makes no sense is told what to mend", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { booking } = await bookingIn(world.cast, "pending");
  const path = `/bookings/${booking.reference}/cancellation`;
  const mistakes: [Record<string, string | string[]>, string][] = [
    [{ reason: "x".repeat(2001) }, "Write at most 2,000 characters."],
    [{ reason: ["a", "b"] }, "Write one reason."],
    [{ version: "one" }, "This page is too old. Load it again."],
    [{ version: "1.5" }, "This page is too old. Load it again."],
    [{ version: "1e400" }, "This page is too old. Load it again."],
    [{ version: "1e300" }, "This page is too old. Load it again."],
    [{ version: ["1", "2"] }, "This page is too old. Load it again."],
  ];

  await assertNothingWritten(world, async () => {
    for (const [sent, sentence] of mistakes) {
      const answer = await client.post(path, sent);
      assertEquals([sent, answer.status], [sent, 422]);
      assertMatch(answer.text, /role="alert"/);
      assertStringIncludes(answer.text, sentence);
      assertStringIncludes(answer.text, 'data-status="pending"');
    }
  });
});

Deno.test("what people wrote is shown as text, and an admin's note on a hold is not shown", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const details = `<img src=x onerror=alert(1)> & "quotes"\n</section><script>alert(2)</script>`;
  const { booking } = await bookingIn(world.cast, "pending", { details, service: UNPRICED });
  await holdOrReleaseBooking(world.db, booking, {
    ...{ actor: world.cast.ada, now: NOW + 1, note: "Looks like a prank." },
  });

  const { text } = await client.get(`/bookings/${booking.reference}`);
  assertStringIncludes(text, escaped(details));
  assertStringIncludes(text, "Price after review");
  assert(
    !/<img|onerror=alert\(1\)>|alert\(2\)<\/script>|prank/.test(text.replace(escaped(details), "")),
  );
});
