import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Booking } from "../../db/booking_moves.ts";
import { type Approved, approveEach, listBookingsNamed } from "../../db/bulk_approvals.ts";
import { UNDO_WITHIN } from "../../db/decision_undo.ts";
import type { Person } from "../../db/sessions.ts";
import { BulkPage, BulkPanel } from "../../views/admin/bulk_approvals.tsx";
import { actorOf, type Env } from "../context.ts";
import { form } from "../forms.ts";
import { respond } from "../respond.ts";
import { Problem } from "../../db/problem.ts";
import { amountIn } from "./amounts.ts";
import { actingOn, doneOf } from "./booking_boxes.tsx";
import { backField } from "./booking_moves.tsx";

/** So many may be on a page of the list. */
const MOST = 40;

const picked = z.string().regex(/^CP[0-9A-Z]{10}\.[0-9]{1,9}$/).transform((text) => {
  const [reference = "", version] = text.split(".");
  return { reference, version: Number(version) };
});
const many = z.preprocess(
  (sent) => Array.isArray(sent) ? sent : sent === undefined ? [] : [sent],
  z.array(picked, "Load the list again.").max(MOST, "Choose at most 40 bookings."),
);
const bulk = z.object({
  booking: many,
  price: z.string().trim().max(20, "Write a shorter amount.").default(""),
  back: backField,
});

/** Approves what was chosen in the list: one form, and of each booking what came of it. */
export const bulkApprovalRoutes = new Hono<Env>()
  .post("/approvals", form(bulk, refuse), async (c) => {
    const { booking: picks, price, back } = c.req.valid("form");
    const { db, viewer, now, site } = c.var;
    const references = picks.map(({ reference }) => reference);
    const [who, bookings] = await Promise.all([
      c.var.person,
      listBookingsNamed(db, viewer, references),
    ]);
    const priceOf = ({ cataloguePriceMinor, currency }: Booking) =>
      price === "" ? cataloguePriceMinor : amountIn({ price }, "price", currency);
    const results = await approveEach(db, bookings, { actor: actorOf(who), now, picks, priceOf });
    const approved = results.filter((result) => !("why" in result)).length;
    if (approved > 0) c.var.nudge(UNDO_WITHIN);
    const rows = results.map((result) => rowOf(result, { who, now, back }));
    const props = { rows, approved, back: back ?? "", now };
    return respond(c, {
      page: () => <BulkPage site={site} who={who} {...props} />,
      part: () => <BulkPanel {...props} />,
    }, picks.length === 0 ? 422 : approved > 0 ? 200 : 409);
  });

function rowOf(result: Approved, { who, now, back }: { who: Person; now: number; back?: string }) {
  const shown = "why" in result
    ? { trouble: { notice: result.why } }
    : { done: doneOf(result.event, now) };
  return actingOn(result.booking, who, { view: "row", back, ...shown });
}

function refuse(_: Context<Env>, { errors }: { errors: Record<string, string> }): never {
  throw new Problem("invalid", Object.values(errors)[0] ?? "Load the list again.");
}
