import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { statuses } from "../../../db/booking_status.ts";
import { bookingIn, dump, fileOf, NOW, UNPRICED } from "../../cast.ts";
import { alertsIn, elementsIn, marksIn, steady } from "../../marks.ts";
import { attribute } from "../../visitor.ts";
import { openWorld } from "../../world.ts";
import { actions } from "./actions.ts";

const pathOf = (reference: string, name = "") =>
  `/admin/bookings/${reference}${name && `/${name}`}`;

/** The actions on a booking that a piece of HTML has forms for. */
const formsOn = (html: string, reference: string) =>
  marksIn(html, "action").filter((action) => action.startsWith(`${pathOf(reference)}/`))
    .map((action) => action.slice(pathOf(reference).length + 1)).sort();

/** Where the link of a booking's row fetches the row in its other size. */
const partOf = (html: string, reference: string) =>
  marksIn(html, "data-hx-get").find((path) => path.startsWith(pathOf(reference))) ??
    pathOf(reference);

Deno.test("a booking's page has a form for what may be done with it and for nothing else", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const status of statuses) {
    const { reference, version } = (await bookingIn(world.cast, status)).booking;
    const page = await ada.get(pathOf(reference));
    const [text = ""] = elementsIn(page.text, "article", "data-reference");
    const allowed = Object.keys(actions).filter((name) => actions[name]?.from.includes(status));

    assertEquals([status, ...formsOn(text, reference)], [status, ...allowed.sort()]);
    const forms = elementsIn(text, "form", `action="${pathOf(reference)}/`);
    const versions = forms.map((form) => /name="version" value="(\d+)"/.exec(form)?.[1]);
    assertEquals(versions, forms.map(() => String(version)), "each carries the version");
  }
});

Deno.test("an open row of the list has the forms of all that may be done, whatever the state", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const status of statuses) {
    const { reference } = (await bookingIn(world.cast, status)).booking;
    const list = `/admin/bookings?q=${reference}`;
    const allowed = Object.keys(actions).filter((name) => actions[name]?.from.includes(status));
    const undo = ["approved", "rejected"].includes(status) ? ["undo"] : [];
    const open = await ada.get(`${list}&open=${reference}`);
    const forms = elementsIn(open.text, "form", `action="${pathOf(reference)}/`);
    assertEquals([status, ...formsOn(open.text, reference)], [
      ...[status, ...[...allowed, ...undo].sort()],
    ]);
    assert(forms.every((form) => form.includes("data-hx-post")), `${status}: in place`);
    const closed = await ada.get(list);
    assertEquals(formsOn(closed.text, reference), [], "closed it has none");

    const part = await ada.get(partOf(closed.text, reference) ?? "", { htmx: true });
    assertEquals(steady(part.text), steady(elementsIn(open.text, "tbody", "id=")[0] ?? ""));
    const shut = await ada.get(partOf(open.text, reference) ?? "", { htmx: true });
    assertStringIncludes(closed.text, shut.text);
  }
});

Deno.test("a paid booking is cancelled in its row, which asks what happens with the money", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "paid")).booking;
  const send = (fields: Record<string, string>) =>
    ada.post(
      pathOf(reference, "cancellation"),
      { reason: "It was double.", view: "row", ...fields },
      { htmx: true },
    );

  const asked = await send({});
  assertEquals([asked.status, asked.text.slice(0, 7)], [409, "<tbody "]);
  assertStringIncludes(asked.text, 'value="refund_all"');
  assertStringIncludes(asked.text, "It was double.");
  const done = await send({ money: "keep" });
  assertEquals([done.status, marksIn(done.text, "data-status")], [200, ["cancelled"]]);
});

Deno.test("who decides a moment too late keeps what they wrote: in its form, or beside it where none is left", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const fields = { price: "812.50", note: "We <start> in May.", version: "1" };
  const send = async (name: string, sent: Record<string, string>) => {
    const path = pathOf(reference, name);
    const page = await ada.post(path, sent);
    const part = await ada.post(path, { ...sent, view: "row" }, { htmx: true });
    assertEquals([page.status, part.status], [409, 409]);
    return [page.text, part.text];
  };
  const valueOf = (html: string, field: string) =>
    html.match(new RegExp(`id="${reference}-${field}"[^>]*?(?:value="|>)([^"<]*)`))?.[1];

  await ada.post(pathOf(reference, "hold"), { version: "1" });
  for (const text of await send("approval", fields)) {
    assertEquals(alertsIn(text), ["This booking has changed since you read it. Look again."]);
    assertEquals(valueOf(text, "approval-price"), "812.50");
    assertEquals(valueOf(text, "approval-note"), "We &lt;start&gt; in May.");
    assertStringIncludes(text, 'name="version" value="2"');
  }
  for (const text of await send("hold", { reason: "Who are they?", version: "1" })) {
    assertStringIncludes(alertsIn(text)[0] ?? "", "Reason Who are they?");
  }
  await ada.post(pathOf(reference, "rejection"), { reason: "No time.", version: "2" });
  for (const text of await send("approval", fields)) {
    const [alert = ""] = alertsIn(text);
    assertStringIncludes(alert, "This is what you had written: Price 812.50");
    assertStringIncludes(alert, "Note We <start> in May.");
    assertEquals(marksIn(text, "data-status")[0], "rejected");
  }
});

Deno.test("a booking's page shows its marks, its client, its history and its mails", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const details = "Line one\nLine <two>";
  const { booking } = await bookingIn(world.cast, "paid", { details, urgency: "high" });

  const page = await ada.get(pathOf(booking.reference));
  assertEquals(page.status, 200);
  const panel = elementsIn(page.text, "article", "data-reference")[0] ?? "";
  assertEquals(attribute(panel, "data-reference"), booking.reference);
  assertEquals(attribute(panel, "data-status"), "paid");
  assertEquals(attribute(panel, "data-urgency"), "high");
  for (const words of ["Alice Meyer", "alice@northwind.example", "Line one\nLine &lt;two&gt;"]) {
    assertStringIncludes(panel, words);
  }
  assertEquals(elementsIn(panel, "li", 'class="timeline-item').length, 4);
  assertStringIncludes(panel, `${pathOf(booking.reference)}/chat`);
  assertStringIncludes(page.text, 'data-template="booking_received"');
});

Deno.test("a booking's page contains its part verbatim, whatever its state", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const status of statuses) {
    const { reference } = (await bookingIn(world.cast, status)).booking;
    const page = await ada.get(pathOf(reference));
    const part = await ada.get(pathOf(reference), { htmx: true });
    assert(steady(page.text).includes(steady(part.text)), status);
    assert(!part.text.includes("<html"), status);
  }
});

Deno.test("an action by htmx answers with the row or the panel as a fresh page would show it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const row = (await bookingIn(world.cast, "pending")).booking.reference;
  const panel = (await bookingIn(world.cast, "pending")).booking.reference;
  const htmx = { htmx: true };

  for (
    const [name, version, fields] of [["hold", 1, {}], ["approval", 2, { price: "9" }]] as const
  ) {
    const sent = { ...fields, version: String(version) };
    const inRow = await ada.post(
      pathOf(row, name),
      { ...sent, view: "row", back: "?q=alice" },
      htmx,
    );
    assertEquals([inRow.status, inRow.text.slice(0, 7)], [200, "<tbody "]);
    const line = elementsIn(inRow.text, "tr", "data-reference")[0]?.split('<td class="actions">');
    assertStringIncludes((await ada.get("/admin/bookings?q=alice")).text, line?.[0] ?? "no row");

    const inPage = await ada.post(pathOf(panel, name), { ...sent, view: "page" }, htmx);
    assertEquals([inPage.status, inPage.text.includes("<html")], [200, false]);
    const fresh = await ada.get(pathOf(panel));
    assertStringIncludes(steady(fresh.text), steady(inPage.text));
  }
  const end = (of: string, view: string) =>
    ada.post(pathOf(of, "cancellation"), { reason: "No.", view }, htmx);
  assertEquals(marksIn((await end(row, "row")).text, "data-status"), ["cancelled"]);
  const left = await end(panel, "page");
  assertEquals([left.status, left.headers.get("hx-redirect")], [200, pathOf(panel)]);
});

Deno.test("a plain form from the list leads back to the list as it was narrowed", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const list = "/admin/bookings?status=pending&q=alice+m&sort=oldest";

  const open = `${list}&open=${reference}`;
  const left = await ada.fill(open, pathOf(reference, "hold"));
  assertEquals(left.location, `${list}&done=${reference}`);
  for (
    const back of ["//evil.example", "https://evil.example", "?x=\r\nSet-Cookie:a=b", "?<b>", ""]
  ) {
    const answer = await ada.post(pathOf(reference, "hold"), { view: "row", back });
    const list = `/admin/bookings?done=${reference}`;
    assertEquals([back, answer.status, answer.location], [back, 303, list]);
  }
});

Deno.test("a refused action shows the box it came from, with the way to mend it and what was typed", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const typed = { price: "12,50", note: "Thank <you>", version: "1" };

  for (const view of ["row", "page"]) {
    const plain = await ada.post(pathOf(reference, "approval"), { ...typed, view });
    const part = await ada.post(pathOf(reference, "approval"), { ...typed, view }, { htmx: true });
    assertEquals([view, plain.status, part.status], [view, 422, 422]);
    assertEquals(part.text.startsWith("<tbody"), view === "row");
    for (const { text } of [plain, part]) {
      assertStringIncludes(alertsIn(text)[0] ?? "", "Write the amount like 149.00.");
      assertStringIncludes(text, `value="12,50"`);
      assertStringIncludes(text, "Thank &lt;you&gt;");
      const link = /href="#([^"]+)"/.exec(elementsIn(text, "div", 'role="alert"')[0] ?? "")?.[1];
      assertStringIncludes(text, `id="${link}"`);
      assertStringIncludes(text, `aria-describedby="${link}-error"`);
    }
  }
});

const long = "x".repeat(2001);
const wrong: [name: string, fields: Record<string, string | string[]>][] = [
  ["rejection", {}],
  ["rejection", { reason: "" }],
  ["rejection", { reason: " \r\n " }],
  ["rejection", { reason: ["one", "two"] }],
  ["rejection", { reason: long }],
  ["cancellation", { reason: "" }],
  ["cancellation", { reason: long }],
  ["approval", { price: "1", note: long }],
  ["approval", { price: "1", note: ["one", "two"] }],
  ["approval", { price: "1", version: ["1", "1"] }],
  ["hold", { reason: long }],
  ["hold", { version: ["1", "2"] }],
];

Deno.test("a form that is wrong is answered with a sentence, and nothing is written", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const before = await dump(world.db);

  for (const [name, fields] of wrong) {
    const answer = await ada.post(pathOf(reference, name), { version: "1", ...fields });
    assertEquals([name, fields, answer.status], [name, fields, 422]);
    assertMatch(alertsIn(answer.text)[0] ?? "", /(Write|Load|Open) [^.]+\.$/);
  }
  assertEquals(await dump(world.db), before);
});

Deno.test("a reason of 2,000 characters is kept as it was written, lines and all", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending", { service: UNPRICED })).booking;
  const reason = "Not now.\n".repeat(222).slice(0, 1999) + ".";

  const sent = { reason: reason.replaceAll("\n", "\r\n"), version: "1" };
  assertEquals((await ada.post(pathOf(reference, "rejection"), sent)).status, 303);
  assertEquals((await fileOf(world.db, reference)).events.at(-1)?.note, reason);
  const mail = (await world.mails()).find(({ subject }) => subject.includes("cannot take"));
  assertStringIncludes(mail?.text ?? "", reason);
  assertEquals(mail?.at, NOW);
});
