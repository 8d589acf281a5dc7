import type PDFDocument from "pdfkit";
import type { ReceiptFile } from "../db/receipt_finders.ts";
import { type ReceiptSheet, sheetOf } from "./receipt_words.ts";

type Doc = InstanceType<typeof PDFDocument>;
type Box = { x: number; width: number };

/** Points: the paper is A4. */
const MARGIN = 64;
const page: Box = { x: MARGIN, width: 595.28 - 2 * MARGIN };
const HALF = page.width / 2;
/** The product's colours on white paper. */
const ink = { text: "#14191d", soft: "#525a5f", line: "#dcdcd8", accent: "#115a63" };
const fonts = { regular: "DejaVuSans.ttf", bold: "DejaVuSans-Bold.ttf" };

/** Milliseconds between two of many at once: what a request takes that comes in meanwhile. */
const PAUSE = 20;
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * A receipt or credit note as a PDF of one page; the same one is the same bytes. `zone` is the agency's. A letter
 * that the font has not shows as a box. Of many at once one is made after the other, and requests come in between.
 */
export function receiptPdf(file: ReceiptFile, zone: string): Promise<Uint8Array> {
  const wait = waiting++ > 0 ? PAUSE : 0;
  const pause = () => new Promise((resolve) => setTimeout(resolve, wait));
  const made = last.then(pause).then(() => compose(file, zone)).finally(() => waiting--);
  last = made.catch(() => undefined);
  return made;
}

async function compose(file: ReceiptFile, zone: string): Promise<Uint8Array> {
  const sheet = sheetOf(file, zone);
  const { default: Pdf } = await import("pdfkit");
  const [regular, bold] = await Promise.all([fontOf("regular"), fontOf("bold")]);
  const doc = new Pdf(paperOf(sheet, file.receipt.issuedAt));
  doc.registerFont("regular", regular).registerFont("bold", bold);
  keepParsed(doc);
  const bytes = bytesOf(doc);
  draw(doc, sheet);
  doc.end();
  return await bytes;
}

const paperOf = ({ title, seller, about }: ReceiptSheet, issuedAt: number) => ({
  // Without a font of its own the library would look for one on the machine.
  ...{ size: "A4", margin: MARGIN, lang: "en", displayTitle: true as const, font: "" },
  info: { Title: title, Author: seller[0], Subject: about, CreationDate: new Date(issuedAt) },
});

type Face = keyof typeof fonts;
const held = new Map<Face, Promise<Uint8Array>>();

/** A font of the package: its bytes, read once, or what the library has made of them. */
function fontOf(face: Face): Promise<Uint8Array> {
  const path = new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${fonts[face]}`));
  const font = held.get(face) ?? Deno.readFile(path);
  held.set(face, font);
  return font;
}

/** The library takes a font that it has parsed as well as bytes; to parse one takes ten times as long as a receipt. */
function keepParsed(doc: Doc) {
  for (const face of ["regular", "bold"] as const) {
    doc.font(face);
    const { font } = (doc as unknown as { _font: { font?: Uint8Array } })._font;
    if (font) held.set(face, Promise.resolve(font));
  }
}

function bytesOf(doc: Doc): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return new Promise((resolve, reject) => {
    doc.on("data", (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk));
    doc.on("end", () => resolve(new Blob(chunks).bytes()));
    doc.on("error", reject);
  });
}

type Style = { font?: Face; size?: number; color?: string; align?: "right" };

/** Writes a text into `box` at `y`, at most `lines` lines of it, and returns where it ends. */
function write(
  doc: Doc,
  text: string,
  at: Box & Style & { y: number; lines?: number },
): number {
  const { x, y, width, align, lines = 2, size = 10 } = at;
  doc.font(at.font ?? "regular").fontSize(size).fillColor(at.color ?? ink.text);
  const height = doc.currentLineHeight(true) * lines + 1;
  doc.text(text, x, y, { width, height, align, ellipsis: true });
  return doc.y;
}

function rule(doc: Doc, y: number, color = ink.line) {
  doc.moveTo(page.x, y).lineTo(page.x + page.width, y).lineWidth(0.75).strokeColor(color).stroke();
  return y + 12;
}

function draw(doc: Doc, sheet: ReceiptSheet) {
  const soft = { ...page, color: ink.soft };
  let y = write(doc, sheet.seller[0] ?? "", { ...page, y: MARGIN, font: "bold", size: 11 });
  y = write(doc, sheet.title, { ...page, y: y + 32, font: "bold", size: 22 });
  y = write(doc, sheet.date, { ...soft, y: y + 4, size: 10 });
  y = drawParties(doc, sheet, y + 32);
  y = drawSum(doc, sheet, y + 32);
  y = drawFacts(doc, sheet, y + 24);
  write(doc, sheet.closing, { ...soft, y: y + 24, size: 9 });
}

function drawParties(doc: Doc, { seller, buyer }: ReceiptSheet, y: number): number {
  const from = { x: page.x, width: HALF - 16 };
  const to = { x: page.x + HALF, width: HALF };
  return Math.max(
    drawParty(doc, "From", seller, { ...from, y }),
    drawParty(doc, "To", buyer, { ...to, y }),
  );
}

function drawParty(doc: Doc, label: string, lines: string[], at: Box & { y: number }): number {
  const top = write(doc, label, { ...at, color: ink.soft, size: 9 }) + 4;
  return lines.reduce((y, line) => write(doc, line, { ...at, y: y + 1 }), top);
}

function drawSum(doc: Doc, { service, about, total }: ReceiptSheet, y: number): number {
  const left = { x: page.x, width: page.width - 150 };
  const right = { x: page.x + page.width - 140, width: 140, align: "right" as const };
  const top = rule(doc, y);
  write(doc, total.amount, { ...right, y: top });
  const named = write(doc, service, { ...left, y: top });
  const end = write(doc, about, { ...left, y: named + 2, color: ink.soft, size: 9 });
  const sum = rule(doc, end + 12, ink.accent);
  const bold = { y: sum, font: "bold", size: 12, color: ink.accent } as const;
  write(doc, total.amount, { ...right, ...bold });
  return write(doc, total.label, { ...left, ...bold });
}

function drawFacts(doc: Doc, { facts }: ReceiptSheet, top: number): number {
  const label = { x: page.x, width: 90, color: ink.soft, size: 9 };
  const value = { x: page.x + 100, width: page.width - 100, size: 9, lines: 6 };
  return facts.reduce((y, [name, text]) => {
    write(doc, name, { ...label, y });
    return write(doc, text, { ...value, y }) + 5;
  }, top);
}
