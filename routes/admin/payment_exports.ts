import { Hono } from "hono";
import { readPayments } from "../../db/payment_lists.ts";
import type { PaymentFile } from "../../db/payment_lists.ts";
import { csvLines } from "../../views/admin/payments_csv.ts";
import type { Env } from "../context.ts";
import { attachment } from "../files.ts";
import { allowed } from "../permissions.ts";
import { filterOf, readQuery } from "./payment_queries.ts";

/** The list of payments as a file, with the same filters; sent as it is read, however long it is. */
export const paymentExportRoutes = new Hono<Env>()
  .get("/export.csv", allowed("payments"), async (c) => {
    const { db, viewer, now, site } = c.var;
    await c.var.person;
    const filter = filterOf(readQuery(c.req.query()), site.agency.timezone);
    const day = new Date(now).toISOString().slice(0, 10);
    return c.body(ReadableStream.from(csvBytes(readPayments(db, viewer, filter))), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`payments-${day}.csv`),
    });
  });

async function* csvBytes(pieces: AsyncIterable<PaymentFile[]>) {
  const encoder = new TextEncoder();
  let first = true;
  for await (const piece of pieces) {
    yield encoder.encode(await csvLines(piece, first));
    first = false;
  }
}
