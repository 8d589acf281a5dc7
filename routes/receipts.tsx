import { type Context, Hono } from "hono";
import { findReceiptFor, type ReceiptFile, type ReceiptName } from "../db/receipt_finders.ts";
import { notFound } from "../db/problem.ts";
import type { Person } from "../db/sessions.ts";
import type { Viewer } from "../db/viewers.ts";
import { receiptPdf } from "../views/receipt_pdf.ts";
import { receiptName } from "../views/receipt_words.ts";
import { ReceiptPage, ReceiptPanel } from "../views/receipts.tsx";
import type { Env } from "./context.ts";
import { respond } from "./respond.ts";

/** Who looks at a booking's receipts, and where its page is for them. */
type Place = { viewer: Viewer; reference: string; base: string; person?: Promise<Person> };
type PlaceOf = (c: Context<Env>) => Place;

/** Receipts and credit notes of one booking, to read, to print and, with ".pdf" behind the name, to keep. */
const receiptRoutesFor = (placeOf: PlaceOf) =>
  new Hono<Env>().get("/receipts/:name", async (c) => {
    const { name, isPdf } = readName(c.req.param("name"));
    const { viewer, reference, base, person } = placeOf(c);
    const [who, file] = await Promise.all([
      person,
      findReceiptFor(c.var.db, viewer, { reference, ...name }),
    ]);
    return isPdf ? await download(c, file) : show(c, { file, base, who });
  });

const refOf = (c: Context<Env>) => c.req.param("ref") ?? "";

export const receiptRoutes = receiptRoutesFor((c) => {
  const { viewer, person } = c.var;
  return { viewer, person, reference: refOf(c), base: `/bookings/${refOf(c)}` };
});

export const adminReceiptRoutes = receiptRoutesFor((c) => {
  const { viewer, person } = c.var;
  return { viewer, person, reference: refOf(c), base: `/admin/bookings/${refOf(c)}` };
});

export const guestReceiptRoutes = receiptRoutesFor((c) => {
  const token = c.req.param("token") ?? "";
  return { viewer: { kind: "guest", token }, reference: "", base: `/status/${token}` };
});

/** "R-000123" and "C-000045", with or without ".pdf". Throws `not_found` for what is no such name. */
function readName(text: string): { name: ReceiptName; isPdf: boolean } {
  const [, letter, digits, ending] = /^([RC])-(\d{6,9})(\.pdf)?$/.exec(text) ?? [];
  if (!digits) throw notFound();
  const kind = letter === "R" ? "receipt" : "credit_note";
  return { name: { kind, number: Number(digits) }, isPdf: ending !== undefined };
}

function show(
  c: Context<Env>,
  { file, base, who }: { file: ReceiptFile; base: string; who?: Person },
) {
  const { site } = c.var;
  const props = { file, base, zone: site.agency.timezone };
  return respond(c, {
    page: () => <ReceiptPage {...props} site={site} who={who} />,
    part: () => <ReceiptPanel {...props} />,
  });
}

async function download(c: Context<Env>, file: ReceiptFile) {
  const bytes = await receiptPdf(file, c.var.site.agency.timezone);
  return c.body(new Uint8Array(bytes), 200, {
    "Content-Type": "application/pdf",
    "Content-Disposition": `attachment; filename="${receiptName(file.receipt)}.pdf"`,
  });
}
