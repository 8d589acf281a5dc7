import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Payment } from "../../db/payments.ts";
import { fileChunks, payments, storedFiles } from "../../db/schema.ts";
import { MAX_FILE } from "../../db/file_checks.ts";
import { paymentGateways } from "../../jobs/gateways/payment_gateways.ts";
import { attachment } from "../../routes/files.ts";
import { bookingIn } from "../cast.ts";
import { files, filled } from "../files.ts";
import { assertNothingWritten, assertUnknown } from "../pages.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

async function transferIn(world: World) {
  const { booking, payments: [payment] } = await bookingIn(world.cast, "payment_pending");
  const id = payment?.id ?? "";
  return {
    ...{ booking, id, page: `/bookings/${booking.reference}/payments/${id}` },
    byLink: `/status/${booking.accessToken}/payments/${id}`,
  };
}

type Sent = { name: string; bytes: Uint8Array; note?: string };

function send(who: Visitor, page: string, { name, bytes, note = "Sent today." }: Sent) {
  const body = new FormData();
  body.set("note", note);
  body.set("file", new File([bytes as Uint8Array<ArrayBuffer>], name));
  return who.send(`${page}/proof`, { method: "POST", body, headers: { Origin: who.url } });
}

Deno.test("asvs V3.2.1: T-UPLOAD: a proof is kept with its note, and is saved, never shown, for those who may see it", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { page, byLink, id, booking } = await transferIn(world);

  const answer = await send(alice, page, { name: "März 2\u202e.pdf", bytes: files.pdf });
  assertEquals([answer.status, answer.location], [303, page]);
  assertStringIncludes((await alice.get(page)).text, `href="${page}/proof"`);
  const [payment] = await world.db.select().from(payments);
  assertEquals([payment?.status, payment?.proofNote], ["under_review", "Sent today."]);

  const ada = await world.signedIn("ada");
  const list = await ada.get("/admin/payments");
  assertStringIncludes(list.text, `href="/admin/payments/${id}/proof"`);
  const places: [Visitor, string][] = [
    ...[[alice, page], [world.stranger(), byLink]] as [Visitor, string][],
    [ada, `/admin/payments/${id}`],
  ];
  for (const [who, at] of places) {
    const response = await who.open(`${at}/proof`);
    assertEquals([at, response.status], [at, 200]);
    assertEquals(new Uint8Array(await response.arrayBuffer()), files.pdf);
    const headers = [
      ...["content-type", "content-security-policy", "x-content-type-options"],
      ...["cross-origin-resource-policy", "cache-control", "content-disposition"],
    ].map((name) => response.headers.get(name));
    assertEquals(headers, [
      ...["application/pdf", "sandbox; default-src 'none'", "nosniff"],
      ...["same-origin", "private, no-store"],
      `attachment; filename="Ma_rz 2.pdf"; filename*=UTF-8''M%C3%A4rz%202.pdf`,
    ]);
  }

  const { visitor: agent } = await world.hired("agent");
  const bob = await world.signedIn("bob");
  await assertUnknown(agent, await agent.get(`/admin/payments/${id}/proof`));
  await assertUnknown(bob, await bob.get(`${page}/proof`));
  const other = await transferIn(world);
  const crossed = `/bookings/${other.booking.reference}/payments/${id}/proof`;
  for (const path of [crossed, `${other.page}/proof`, `/status/${booking.accessToken}x/proof`]) {
    await assertUnknown(alice, await alice.get(path));
  }
});

Deno.test("T-UPLOAD: what is no proof comes back with the form and a sentence, and nothing is kept", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { page, byLink } = await transferIn(world);
  const corpus: [string, Uint8Array, string][] = [
    ["photo.png", files.html, "This is not a PDF, PNG or JPEG file"],
    ["receipt.pdf", files.zip, "This is not a PDF, PNG or JPEG file"],
    ["photo.jpg", files.gif, "This is not a PDF, PNG or JPEG file"],
    ["receipt.pdf", new Uint8Array(0), "This file is empty."],
    ["receipt.pdf", filled(files.pdf, MAX_FILE + 1), "This file is larger than 10 MB."],
  ];
  await assertNothingWritten(world, async () => {
    for (const [name, bytes, sentence] of corpus) {
      for (const [who, at] of [[alice, page], [world.stranger(), byLink]] as const) {
        const answer = await send(who, at, { name, bytes, note: "From <us>." });
        assertEquals([name, answer.status], [name, 422]);
        assertStringIncludes(answer.text, sentence);
        assertStringIncludes(answer.text, 'id="file-error"');
        assertStringIncludes(answer.text, "From &lt;us&gt;.");
      }
    }
    const named = await alice.post(`${page}/proof`, { note: "", file: "receipt.pdf" });
    assertEquals(named.status, 422);
    assertStringIncludes(named.text, "The file did not arrive with the form.");
    const huge = await send(alice, page, { name: "a.pdf", bytes: filled(files.pdf, MAX_FILE * 2) });
    assertEquals(huge.status, 413);
    const other = await alice.send(page.replace(/payments.*/, "payments"), {
      ...{ method: "POST", headers: { Origin: world.url } },
      body: new URLSearchParams({ method: "x".repeat(300_000) }),
    });
    assertEquals(other.status, 413);
  });
});

Deno.test("T-UPLOAD: a proof of 10 MB is taken; an empty file field is none; one proof at a time", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const [first, second] = [await transferIn(world), await transferIn(world)];
  const large = { name: "scan.pdf", bytes: filled(files.pdf, MAX_FILE) };
  const answers = await Promise.all([1, 2, 3].map(() => send(alice, first.page, large)));
  assertEquals(answers.map(({ status }) => status).sort(), [303, 409, 409]);
  assertEquals((await world.db.select().from(storedFiles)).length, 1);
  assertEquals((await world.db.select({ seq: fileChunks.seq }).from(fileChunks)).length, 40);

  const none = await send(alice, second.page, { name: "", bytes: new Uint8Array(0) });
  assertEquals([none.status, none.location], [303, second.page]);
  assertEquals((await world.db.select().from(storedFiles)).length, 1);
  assert(!(await alice.get(second.page)).text.includes("Your proof"));
});

Deno.test("T-UPLOAD: a name in a head is two spellings of itself and nothing else", () => {
  const names = ['"; filename=evil.html', "50%.pdf", "a\\b.pdf", "Ł'(1)*.pdf", "請求書.pdf"];
  for (const name of names) {
    const [, plain = "", exact = "", ...more] =
      /^attachment; filename="([ -~]*)"; filename\*=UTF-8''([\w.~%!-]*)$/.exec(attachment(name)) ??
        [];
    assertEquals([decodeURIComponent(exact), /["\\%]/.test(plain), more], [name, false, []]);
  }
});

Deno.test("a client pays in euros by scanning one code, and copies the rest in groups", async () => {
  const bank = {
    ...{ AGENCY_CURRENCY: "EUR", BANK_BIC: "BYLADEM1001" },
    BANK_IBAN: "de02 1203 0000 0000 2020 51",
  };
  await using world = await openWorld({ env: bank });
  const alice = await world.signedIn("alice");
  const { booking, id } = await transferIn(world);
  const gateway = paymentGateways(world.config).find(({ method }) => method === "bank");
  const payment = await world.db.select().from(payments).get() as Payment;

  const euros = { ...payment, currency: "EUR", amountMinor: 14_900 };
  assertEquals(gateway?.code?.(euros, booking)?.split("\n"), [
    ...["BCD", "002", "1", "SCT", "BYLADEM1001", "ConnectPro Ltd", "DE02120300000000202051"],
    ...["EUR149.00", "", "", booking.reference],
  ]);
  assertEquals(gateway?.code?.(payment, booking), null);
  const page = (await alice.get(`/bookings/${booking.reference}/payments/${id}`)).text;
  assertEquals([payment.currency, page.includes("QR code")], ["USD", false]);
  assertStringIncludes(page, "<span>DE02 1203 0000 0000 2020 51</span>");
  assertStringIncludes(page, 'data-copy="DE02120300000000202051"');
  await world.db.update(payments).set({ currency: "EUR" });
  const scanned = (await alice.get(`/bookings/${booking.reference}/payments/${id}`)).text;
  assertMatch(scanned, /<svg class="qr"[^>]*aria-label="QR code with these details/);
});
