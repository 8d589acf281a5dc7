import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { submitBooking } from "../../../db/bookings.ts";
import { alice, bob, bookingIn, NOW, submission, UNPRICED } from "../../cast.ts";
import { elementsIn, linkIn, marksIn } from "../../marks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/bookings";
const northwind = { ...alice, name: "Alice Meyer", company: "Northwind Traders" };

async function book(world: World, client: typeof alice, wanted = {}): Promise<string> {
  return (await submitBooking(world.db, submission(client, wanted))).reference;
}

const referencesIn = (html: string) =>
  elementsIn(html, "tr", "data-reference").map((row) => marksIn(row, "data-reference")[0] ?? "");

async function listed(ada: Visitor, search: string): Promise<string[]> {
  const answer = await ada.get(`${LIST}?${search}`);
  assertEquals([search, answer.status], [search, 200]);
  return referencesIn(answer.text);
}

Deno.test("the list shows every booking with its marks, newest first", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const first = await book(world, northwind, { urgency: "urgent" });
  const second = (await bookingIn(world.cast, "paid")).booking.reference;

  const answer = await ada.get(LIST);
  assertEquals(answer.status, 200);
  assertEquals(referencesIn(answer.text), [second, first]);
  const row = elementsIn(answer.text, "tr", `data-reference="${first}"`)[0] ?? "";
  assertStringIncludes(row, `data-status="pending" data-urgency="urgent"`);
  for (const words of ["Alice Meyer", "Northwind Traders", "Landing page", "USD 890.00"]) {
    assertStringIncludes(row, words);
  }
  assertStringIncludes(row, "approves itself in 3 d");
});

Deno.test("the list says that there is nothing, and what to do about it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");

  assertStringIncludes((await ada.get(LIST)).text, "No bookings yet.");
  await book(world, bob);
  const none = await ada.get(`${LIST}?status=expired`);
  assertStringIncludes(none.text, "No booking fits this.");
  assertEquals(linkIn(none.text, "See all bookings"), LIST);
});

Deno.test("status, urgency and service narrow the list, alone and together", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const low = await book(world, bob, { urgency: "low" });
  const urgent = await book(world, bob, { urgency: "urgent", service: UNPRICED });
  const approved = (await bookingIn(world.cast, "approved", { urgency: "low" })).booking.reference;

  assertEquals(await listed(ada, "status=pending"), [urgent, low]);
  assertEquals(await listed(ada, "status=pending&sort=oldest"), [low, urgent]);
  assertEquals(await listed(ada, "urgency=low&sort=urgency"), [approved, low]);
  assertEquals(await listed(ada, `service=${UNPRICED}`), [urgent]);
  assertEquals(await listed(ada, "status=pending&urgency=low&service=landing-page"), [low]);
  assertEquals(await listed(ada, "status=approved&urgency=urgent"), []);
  assertEquals(await listed(ada, "status=&urgency=&service=&q="), [approved, urgent, low]);
});

Deno.test("the links of the filters keep each other, and mark the chosen one", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await book(world, bob);

  const { text } = await ada.get(`${LIST}?status=pending&urgency=medium&q=bob`);
  assertEquals(linkIn(text, "High"), `${LIST}?status=pending&urgency=high&q=bob`);
  assertEquals(
    linkIn(text, "Oldest first"),
    `${LIST}?status=pending&urgency=medium&q=bob&sort=oldest`,
  );
  const chosen = (text.match(/<a [^>]*aria-current="true"[^>]*>[^<]*/g) ?? [])
    .map((link) => link.replace(/.*>/, ""));
  assertEquals(chosen, ["Pending", "Medium", "All", "Most urgent first"]);
});

Deno.test("the search finds the beginnings of words of client, company, address and service", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const hers = await book(world, northwind);
  const his = await book(world, { ...bob, name: "René Okafor" }, { service: UNPRICED });

  for (const q of ["alice", "MEY", "northw", "alice@northwind.example", "landing page alice"]) {
    assertEquals(await listed(ada, `q=${encodeURIComponent(q)}`), [hers], q);
  }
  for (const q of ["rene", "René", "Rene\u0301", "relaunch", "okafor website", "  bob  "]) {
    assertEquals(await listed(ada, `q=${encodeURIComponent(q)}`), [his], q);
  }
  assertEquals(await listed(ada, "q=alice+relaunch"), []);
  assertEquals(await listed(ada, "q=lice"), []);
});

Deno.test("a whole reference, however it is typed, finds that booking and nothing else", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const wanted = await book(world, bob, { reference: () => "CP2026ABC102" });
  await book(world, { ...bob, company: "About CP2026ABC102" } as typeof bob);

  for (
    const q of [
      "CP2026ABC102",
      "cp2026abc102",
      " cp 2026 abc 102 ",
      "CP-2026-ABC-102",
      "cp2026abclo2",
    ]
  ) {
    assertEquals(await listed(ada, `q=${encodeURIComponent(q)}`), [wanted], q);
    assertEquals(await listed(ada, `status=paid&q=${encodeURIComponent(q)}`), [wanted], q);
  }
  const page = await ada.get(`${LIST}/${encodeURIComponent("cp 2026 abc102")}`);
  assertEquals([page.status, marksIn(page.text, "data-reference")[0]], [200, wanted]);
});

Deno.test("nonsense in the address narrows nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const all = [await book(world, bob), await book(world, northwind)].reverse();

  for (
    const search of [
      ...["status=nonsense", "status=PENDING", "urgency=%00", "service=' or 1=1 --", "sort=up"],
      ...["page=0", "page=-1", "page=abc", "page=1e400", "page=1.5", "page=", "page=NaN"],
      ...["q=%00", 'q="', "q=***", "q=%20%20", `q=${"x".repeat(201)}`, "q=%F0%9F%98%80"],
      ...["status[]=paid", "status=%ff", "__proto__=x", "constructor=x", "&&&==&"],
    ]
  ) {
    assertEquals(await listed(ada, search), all, search);
  }
  for (
    const q of ["alice OR bob", 'alice" OR "bob', "alice*", "NEAR(alice bob)", "client_name:alice"]
  ) {
    const answer = await ada.get(`${LIST}?q=${encodeURIComponent(q)}`);
    assertEquals([q, answer.status], [q, 200]);
  }
});

/** Walks from page to page by the link with these words; something comes in before each next one. */
async function walk(ada: Visitor, start: string, { link, meanwhile }: {
  link: string;
  meanwhile: () => Promise<unknown>;
}) {
  const pages: string[][] = [];
  for (let path: string | null = start; path; await meanwhile()) {
    const { text } = await ada.get(path);
    pages.push(referencesIn(text));
    path = linkIn(text, link);
  }
  return pages;
}

Deno.test("paging shows each of 105 bookings once while new ones come in, both ways round", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const all: string[] = [];
  for (let at = 0; at < 105; at++) all.push(await book(world, bob, { now: NOW + at }));

  const meanwhile = () => book(world, northwind);
  const newest = await walk(ada, `${LIST}?q=okafor`, { link: "Older", meanwhile });
  assertEquals(newest.map((page) => page.length), [40, 40, 25]);
  assertEquals(newest.flat(), all.toReversed());

  const added: string[] = [];
  const more = async () => added.push(await book(world, bob));
  const oldest = await walk(ada, `${LIST}?sort=oldest&q=okafor`, {
    link: "Newer",
    meanwhile: more,
  });
  assertEquals(oldest.flat().slice(0, 105), all);
  assertEquals(oldest.flat().slice(105), added.slice(0, 2));
  assert(new Set(oldest.flat()).size === oldest.flat().length, "none is shown twice");
});

Deno.test("the list answers in both sizes, and shows what people typed as text alone", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const details = `<script>alert("x")</script>`;
  await book(world, { ...bob, name: "<b>Bob</b>" }, { details });

  const page = await ada.get(`${LIST}?q=bob`);
  const part = await ada.get(`${LIST}?q=bob`, { htmx: true });
  assertEquals(part.headers.get("vary"), "HX-Request, HX-Request-Type");
  assertStringIncludes(page.text, part.text);
  assert(!part.text.includes("<html"));
  assertStringIncludes(part.text, "&lt;b&gt;Bob&lt;/b&gt;");
  assert(!page.text.includes("<script>alert"));
});
