import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listAudit } from "../../../db/audit.ts";
import { readBrand } from "../../../db/brand.ts";
import { settings } from "../../../db/schema.ts";
import { submission } from "../../cast.ts";
import { files, filled } from "../../files.ts";
import { textOf } from "../../marks.ts";
import { assertBothSizes, assertNothingWritten } from "../../pages.ts";
import { openWorld } from "../../world.ts";

const PATH = "/admin/settings/brand";
const none = { name: "", accent: "", sentence: "", line: "", contact: "", legal: "" };
const face = {
  ...{ name: "Ink & Sons", accent: "ffcc00", sentence: "Bread for offices.", line: "At eight." },
  ...{ contact: "Mill Lane 4\nYork", legal: "Ink & Sons Ltd, 123." },
};
Deno.test("what owners say of their agency stands on its pages, in its mails and on new receipts at once", async () => {
  await using world = await openWorld();
  const [ada, guest] = [await world.signedIn("ada"), world.stranger()];
  assertStringIncludes((await guest.get("/")).text, "Digital work for small companies");
  assertEquals((await guest.get("/legal")).status, 404);
  await assertBothSizes(ada, PATH);

  const saved = await ada.fill(PATH, PATH, face);
  assertEquals([saved.status, saved.location], [303, `${PATH}?saved=1`]);
  assertStringIncludes(textOf((await ada.get(saved.location)).text), "so that it can be read");
  const home = await guest.get("/");
  for (const said of ["Ink &amp; Sons", "<h1>Bread for offices.</h1>", "At eight.", "York"]) {
    assertStringIncludes(home.text, said);
  }
  assertStringIncludes((await guest.get("/legal")).text, "Ink &amp; Sons Ltd, 123.");

  await guest.post("/bookings", submission({ name: "Grace", email: "grace@holm.example" }).form);
  const [mail] = (await world.mails()).filter(({ toEmail }) => toEmail === "grace@holm.example");
  assertStringIncludes(mail?.text ?? "", "Ink & Sons");
  const rows = new Map((await world.db.select().from(settings)).map((row) => [row.key, row.value]));
  assertEquals(JSON.parse(rows.get("seller") ?? "{}").name, "Ink & Sons");
  const [entry] = await listAudit(world.db, { action: "brand_saved", limit: 1 });
  assertEquals([entry?.before?.name, entry?.after?.name], [null, "Ink & Sons"]);

  await ada.fill(PATH, PATH, none);
  assertStringIncludes((await guest.get("/")).text, "Digital work for small companies");
  assertEquals(Object.values(await readBrand(world.db)), Array(7).fill(null));
});

Deno.test("the colour comes as a stylesheet whose name says what is in it, and another process shows it too", async () => {
  await using world = await openWorld();
  const [ada, guest] = [await world.signedIn("ada"), world.stranger()];
  await ada.fill(PATH, PATH, { ...none, accent: "#0B5560" });
  const [, theme = ""] = (await guest.get("/")).text.match(/href="(\/brand\/theme-[^"]+)"/) ?? [];

  const sheet = await guest.get(theme);
  assertEquals([sheet.status, sheet.headers.get("content-type")], [200, "text/css; charset=utf-8"]);
  assertMatch(sheet.headers.get("cache-control") ?? "", /immutable/);
  assertStringIncludes(sheet.text, "--accent:light-dark(#0b5560,");
  await ada.fill(PATH, PATH, { ...none, accent: "#8a2be2" });
  for (const path of ["/icon.svg", "/manifest.webmanifest"]) {
    assertStringIncludes((await guest.get(path)).text, "#8a2be2");
  }
  for (const path of ["/brand/theme-0b5560.css", `${theme}x`, "/brand/theme-..%2f..css"]) {
    assertEquals([path, (await guest.get(path)).status], [path, 404]);
  }

  await world.db.insert(settings).values({ key: "brand_name", value: "Elsewhere" });
  world.time.now += 6000;
  for (let asked = 0; asked < 300; asked++) {
    if ((await guest.get("/")).text.includes("Elsewhere")) return;
  }
  assert(false, "what another process wrote is shown");
});

Deno.test("faces that are none are answered 422 with what to mend, and change nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const wrong = [{ accent: "teal" }, { name: "x".repeat(61) }, { legal: "x".repeat(5001) }];
  for (const fields of [...wrong, { accent: "#0b556" }]) {
    const sent = { ...face, ...fields };
    const answer = await assertNothingWritten(world, () => ada.post(PATH, sent));
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, "Bread for offices.");
    assertMatch(answer.text, /role="alert"/);
  }
});

const sending = (bytes: Uint8Array<ArrayBuffer>, name = "logo.png") => {
  const body = new FormData();
  body.set("file", new File([bytes], name));
  return body;
};

Deno.test("asvs V5.2.2 V5.3.1: a logo is a picture, by its bytes, and is shown as nothing else", async () => {
  await using world = await openWorld();
  const [ada, guest] = [await world.signedIn("ada"), world.stranger()];
  const send = (body: FormData) =>
    ada.send(`${PATH}/logo`, { method: "POST", body, headers: { Origin: world.url } });
  const none = [
    ...[files.svg, files.html, files.gif, files.png.slice(0, 12)],
    ...[new Uint8Array(0), filled(files.png, 200_001)],
  ];
  for (const bytes of none) {
    const answer = await assertNothingWritten(world, () => send(sending(bytes)));
    assertEquals([bytes.length, answer.status], [bytes.length, 422]);
    assertMatch(answer.text, /href="#file"/);
  }

  assertEquals((await send(sending(files.png))).status, 303);
  const [, src = ""] = (await guest.get("/")).text.match(/src="(\/brand\/logo-[^"]+)"/) ?? [];
  const logo = await guest.send(src, { method: "GET" });
  assertEquals(
    ["content-type", "x-content-type-options", "content-security-policy"].map((name) =>
      logo.headers.get(name)
    ),
    ["image/png", "nosniff", "sandbox; default-src 'none'"],
  );
  const other = src.replace(/logo-./, (start) => start.endsWith("0") ? "logo-1" : "logo-0");
  assertEquals((await guest.get(other)).status, 404);

  assertEquals((await ada.fill(PATH, `${PATH}/logo/removal`)).status, 303);
  assertEquals([(await guest.get("/")).text.includes("<img"), (await guest.get(src)).status], [
    ...[false, 404],
  ]);
});
