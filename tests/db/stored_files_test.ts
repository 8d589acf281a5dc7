import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Db } from "../../db/client.ts";
import { announceTransfer, type Payment } from "../../db/payments.ts";
import { payments } from "../../db/schema.ts";
import { BLOCK, takeFile } from "../../db/file_arrivals.ts";
import { beginCheck, cleanName, MAX_FILE } from "../../db/file_checks.ts";
import { discardFiles, sweepFiles } from "../../db/file_sweep.ts";
import { findProofFor, isSwept, openBytes, proofKinds } from "../../db/stored_files.ts";
import { bookingIn, castIn, dump, NOW, openCast, OWNER } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { files, filled } from "../files.ts";
import { assertProblem } from "../problems.ts";

const taken: [name: string, bytes: Uint8Array, type: string][] = [
  ["receipt.pdf", files.pdf, "application/pdf"],
  ["photo.PNG", files.png, "image/png"],
  ["scan.jpg", files.jpg, "image/jpeg"],
  ["scan.jpeg", files.jpg, "image/jpeg"],
  ["just right.pdf", filled(files.pdf, MAX_FILE), "application/pdf"],
];

async function checkWhole(name: string, bytes: Uint8Array) {
  const check = await beginCheck(name, proofKinds);
  if (bytes.length > 0) await check.add(bytes);
  return check.end();
}

Deno.test("T-UPLOAD: PDF, PNG and JPEG of up to 10 MB are taken for what their bytes are", async () => {
  for (const [name, bytes, type] of taken) {
    const file = await checkWhole(name, bytes);
    assertEquals([file.name, file.type, file.size], [name, type, bytes.length]);
  }
  const { sha256 } = await checkWhole("receipt.pdf", files.pdf);
  const hash = await crypto.subtle.digest("SHA-256", files.pdf);
  assertEquals(sha256, new Uint8Array(hash).toHex());
});

/** The bytes kept as they would arrive. */
function keep(db: Db, bytes: Uint8Array) {
  const blocks = Array.from(
    { length: Math.ceil(bytes.length / BLOCK) },
    (_, n) => bytes.subarray(n * BLOCK, (n + 1) * BLOCK),
  );
  const file = { id: crypto.randomUUID(), name: "receipt.pdf", kinds: proofKinds, now: NOW };
  return takeFile({ db, bucket: null }, { ...file, blocks: ReadableStream.from(blocks) });
}

const refused: [why: string, name: string, bytes: Uint8Array, sentence: string][] = [
  ["an SVG", "drawing.svg", files.svg, "not a PDF"],
  ["an SVG with a picture's ending", "drawing.png", files.svg, "not a PDF"],
  ["a page with a picture's ending", "photo.png", files.html, "not a PDF"],
  ["a page that says so", "receipt.html", files.html, "not a PDF"],
  ["a GIF that is a script too", "photo.gif", files.gif, "not a PDF"],
  ["the same as JPEG", "photo.jpg", files.gif, "not a PDF"],
  ["an archive as PDF", "receipt.pdf", files.zip, "not a PDF"],
  ["a program as PDF", "receipt.pdf", files.exe, "not a PDF"],
  ["a PDF that says to be a picture", "receipt.png", files.pdf, "not a PDF"],
  ["a picture that says to be a page", "photo.html", files.png, "not a PDF"],
  ["no ending", "receipt", files.pdf, "not a PDF"],
  ["an ending turned around", "receipt\u202efdp.exe", files.pdf, "not a PDF"],
  ["text", "receipt.pdf", new TextEncoder().encode("I have paid."), "not a PDF"],
  ["the beginning of a picture", "photo.png", files.png.slice(0, 8), "not a PDF"],
  ["nothing", "receipt.pdf", new Uint8Array(0), "empty"],
  ["one byte too many", "receipt.pdf", filled(files.pdf, MAX_FILE + 1), "10 MB"],
];

for (const [why, name, bytes, sentence] of refused) {
  Deno.test(`T-UPLOAD: refused with a sentence: ${why}`, async () => {
    const problem = await assertProblem(checkWhole(name, bytes), "invalid");
    assertEquals(problem.field, "file");
    assertStringIncludes(problem.message, sentence);
  });
}

Deno.test("T-UPLOAD: a name shows what the file is, on one line and without a folder", () => {
  const names = [
    ["receipt.pdf", "receipt.pdf"],
    ["../../etc/passwd.pdf", "passwd.pdf"],
    ["C:\\Users\\Ann\\scan 1.pdf", "scan 1.pdf"],
    ["a\r\nSet-Cookie: b=c.pdf", "aSet-Cookie: b=c.pdf"],
    ["receipt\u202efdp.exe", "receiptfdp.exe"],
    ["\u2066in\u2069vis\u200bible\ufeff.pdf", "invisible.pdf"],
    ["two  \t spaces.pdf", "two spaces.pdf"],
    ["Überweisung – März.pdf", "Überweisung – März.pdf"],
    ["請求書.pdf", "請求書.pdf"],
    [".pdf", "file.pdf"],
    ["", "file"],
    ["\ud800.pdf", "file.pdf"],
  ];
  for (const [sent = "", name] of names) assertEquals(cleanName(sent), name);
  const long = cleanName(`${"x".repeat(300)}.pdf`);
  assertEquals([long.length, long.endsWith("x.pdf")], [100, true]);
  assert(cleanName("😀".repeat(300) + ".pdf").isWellFormed());
});

eachDatabase(
  "a proof of 10 MB is kept with its announcement and comes back byte for byte",
  async (db) => {
    const cast = await castIn(db);
    const { booking, payments: [payment] } = await bookingIn(cast, "payment_pending");
    const bytes = filled(files.pdf, MAX_FILE);
    for (let at = 100; at < bytes.length; at += 4099) bytes[at] = at % 251;
    const file = await keep(db, bytes);
    await announceTransfer(db, payment as Payment, { note: "Sent.", file, now: NOW + 1 });

    const alice = { kind: "client" as const, id: cast.alice.id as number };
    const guest = { kind: "guest" as const, token: booking.accessToken };
    const found = await findProofFor(db, alice, payment?.id ?? "");
    assertEquals([found.name, found.size, found.createdAt], ["receipt.pdf", MAX_FILE, NOW + 1]);
    const back = await new Response(await openBytes({ db, bucket: null }, found)).bytes();
    const hash = await crypto.subtle.digest("SHA-256", back);
    assertEquals([back.length, new Uint8Array(hash).toHex()], [MAX_FILE, file.sha256]);
    for (const viewer of [OWNER, guest]) {
      assertEquals((await findProofFor(db, viewer, payment?.id ?? "")).id, file.id);
    }
    const bob = { kind: "client" as const, id: cast.bob.id as number };
    const stranger = { kind: "guest" as const, token: "none" };
    for (const viewer of [bob, stranger]) {
      await assertProblem(findProofFor(db, viewer, payment?.id ?? ""), "not_found");
    }
    assertEquals((await db.select().from(payments))[0]?.status, "under_review");
  },
);

Deno.test("a proof for a payment that moved meanwhile leaves no file behind", async () => {
  await using cast = await openCast();
  const { payments: [payment] } = await bookingIn(cast, "payment_pending");
  await announceTransfer(cast.db, payment as Payment, { note: "", now: NOW + 1 });
  const before = await dump(cast.db);
  const file = await keep(cast.db, files.pdf);

  const late = { note: "", file, now: NOW + 2 };
  await assertProblem(announceTransfer(cast.db, payment as Payment, late), "conflict");
  await assertProblem(findProofFor(cast.db, OWNER, payment?.id ?? ""), "not_found");
  await discardFiles(cast.db, [file.id]);
  assertEquals(await dump(cast.db), before);
});

Deno.test("bytes that were swept are no file any more, and what refers to them is not written", async () => {
  await using cast = await openCast();
  const { payments: [payment] } = await bookingIn(cast, "payment_pending");
  const file = await keep(cast.db, files.pdf);
  await sweepFiles({ db: cast.db, bucket: null }, NOW + 60 * 60_000);
  const before = await dump(cast.db);

  const late = { note: "", file, now: NOW + 1 };
  const error = await assertRejects(() => announceTransfer(cast.db, payment as Payment, late));
  assert(isSwept(error));
  assertEquals(await dump(cast.db), before);
});
