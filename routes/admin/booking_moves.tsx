import { type Context, Hono } from "hono";
import { z } from "zod";
import { revokeApproval } from "../../db/approval_undo.ts";
import { type BookingFile, findBookingFor } from "../../db/booking_finders.ts";
import type { Booking, BookingEvent, Change } from "../../db/booking_moves.ts";
import {
  approveBooking,
  completeBooking,
  holdOrReleaseBooking,
  reinstateBooking,
  rejectBooking,
  reopenBooking,
  startBooking,
} from "../../db/booking_reviews.ts";
import type { Db } from "../../db/client.ts";
import { UNDO_WITHIN, undoDecision } from "../../db/decision_undo.ts";
import { recordOutsidePayment } from "../../db/outside_payments.ts";
import { isProblem, Problem } from "../../db/problem.ts";
import type { Person } from "../../db/sessions.ts";
import type { FormState } from "../../views/form.tsx";
import { actorOf, type Env } from "../context.ts";
import { form, orInvalid, typed } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond, wantsPart } from "../respond.ts";
import { amountField, amountIn, receivedOnField, receivedOnIn } from "./amounts.ts";
import { boxPart, doneOf, showBooking } from "./booking_boxes.tsx";
import { cancel, moneyFields } from "./cancellations.ts";
import { noteField, reasonField, statementField } from "./decision_fields.ts";

const loadAgain = "Load this page again.";
/** The list to come back to, as its address says it behind the path. */
export const backField = z.string().regex(/^\?[\w=&%+.*-]{1,500}$/).optional().catch(undefined);
const plain = z.object({
  version: z.string(loadAgain).optional(),
  view: z.enum(["row", "page"]).catch("page"),
  back: backField,
  reason: noteField,
  note: noteField,
});
const reasoned = plain.extend({ reason: reasonField });
const cancellation = reasoned.extend(moneyFields);
const approval = plain.extend({ price: amountField("Write the price.") });
const outsidePayment = plain.extend({
  amount: amountField("Write the amount."),
  received_on: receivedOnField,
  reference: statementField,
  idempotency_key: z.string(loadAgain).min(1, loadAgain).max(100, loadAgain),
});

type Sent = z.infer<typeof plain>;
type Posted<T> = Context<Env, string, { in: object; out: { form: T } }>;
type By<T> = Change & Pick<BookingFile, "events" | "payments"> & {
  note: string;
  person: Person;
  sent: T;
};
type Run<T> = (db: Db, booking: Booking, by: By<T>) => Promise<Moved | void>;
type Moved = { booking: Booking; event: BookingEvent };

export const bookingMoveRoutes = new Hono<Env>()
  .post("/:ref/approval", form(approval, mend), move(approve))
  .post("/:ref/rejection", form(reasoned, mend), move(reject))
  .post("/:ref/hold", form(plain, mend), move(holdOrReleaseBooking))
  .post("/:ref/start", form(plain, mend), move(startBooking))
  .post("/:ref/completion", form(plain, mend), move(completeBooking))
  .post(
    "/:ref/cancellation",
    form(cancellation, mend),
    move<z.infer<typeof cancellation>>(cancel, "leaves"),
  )
  .post("/:ref/reopening", form(reasoned, mend), move(reopenBooking))
  .post("/:ref/revocation", form(reasoned, mend), move(revoke, "leaves"))
  .post("/:ref/undo", form(plain, mend), move(undo))
  .post("/:ref/reinstatement", form(plain, mend), move(reinstateBooking))
  .post(
    "/:ref/payments",
    allowed("payments"),
    form(outsidePayment, mend),
    move(recordPayment, "leaves"),
  );

function approve(db: Db, booking: Booking, by: By<z.infer<typeof approval>>) {
  const priceMinor = amountIn(by.sent, "price", booking.currency);
  return approveBooking(db, booking, { ...by, priceMinor, mailAt: mailTimeOf(by) });
}

function reject(db: Db, booking: Booking, by: By<z.infer<typeof reasoned>>) {
  return rejectBooking(db, booking, { ...by, mailAt: mailTimeOf(by) });
}

/** What is decided in the queue can be taken back for a moment, so the client is told after it. */
const mailTimeOf = ({ sent, now }: By<Sent>) => sent.view === "row" ? now + UNDO_WITHIN : undefined;

function undo(db: Db, booking: Booking, by: By<Sent>) {
  return undoDecision(db, { booking, events: by.events }, by);
}

function revoke(db: Db, booking: Booking, by: By<Sent>) {
  return revokeApproval(db, { booking, ...by }, by);
}

function recordPayment(db: Db, booking: Booking, by: By<z.infer<typeof outsidePayment>>) {
  const { reference, idempotency_key: idempotencyKey } = by.sent;
  const receivedOn = receivedOnIn(by.sent, by.now);
  const amountMinor = amountIn(by.sent, "amount", booking.currency);
  return recordOutsidePayment(db, booking, {
    ...by,
    ...{ note: null, amountMinor, receivedOn, reference, idempotencyKey },
  });
}

/** Reads the booking, runs one verb on it and answers with what came of it: a page of its own on a new page if it `leaves`. */
function move<T extends Sent>(run: Run<T>, leaves?: "leaves") {
  return async (c: Posted<T>) => {
    const sent = c.req.valid("form");
    const [person, file] = await Promise.all([c.var.person, readBooking(c)]);
    const change = {
      ...{ actor: actorOf(person), now: c.var.now, note: sent.reason || sent.note || "" },
      ...{ events: file.events, payments: file.payments, person, sent },
    };
    return await orShown(c, sent, async () => {
      assertPresent(file.booking, sent);
      const moved = await run(c.var.db, file.booking, change);
      if (moved?.booking.status === "pending") callWhenDue(c, moved.booking);
      if (sent.view === "row") c.var.nudge(UNDO_WITHIN);
      const stays = sent.view === "row" || !leaves;
      return answer(c, { sent, file, who: person, moved, stays });
    });
  };
}

/** The clock of what is held stands still; released, it has a new time. */
function callWhenDue(c: Context<Env>, booking: Booking) {
  if (booking.heldAt === null) c.var.queue?.approveOnTime(booking);
}

const readBooking = (c: Context<Env>) =>
  findBookingFor(c.var.db, c.var.viewer, c.req.param("ref") ?? "");

function assertPresent(booking: Booking, { version }: Sent) {
  if (version === undefined || version === String(booking.version)) return;
  throw new Problem("conflict", "This booking has changed since you read it. Look again.");
}

/** In place where that shows all that changed; what brings more than a move leads from a page to a fresh one. */
function answer(
  c: Context<Env>,
  { sent, file, who, moved, stays }: {
    sent: Sent;
    file: BookingFile;
    who: Person;
    moved: Moved | void;
    stays: boolean;
  },
) {
  const path = `/admin/bookings/${file.booking.reference}`;
  if (!moved || !stays || !wantsPart(c)) {
    return goTo(c, sent.view === "row" ? listAfter(sent, moved) : path);
  }
  const { booking, event } = moved;
  const now = { ...file, booking, events: [...file.events, event] };
  const { view, back } = sent;
  const done = doneOf(event, c.var.now);
  const part = () => boxPart(c, { file: now, who }, { view, back, done });
  return respond(c, { page: part, part });
}

/** The list again, naming what was decided in it and may have left it. */
function listAfter({ back = "" }: Sent, moved: Moved | void): string {
  const search = new URLSearchParams(back);
  if (moved) search.set("done", moved.booking.reference);
  return search.size > 0 ? `/admin/bookings?${search}` : "/admin/bookings";
}

/** Shows the booking as it stands now when the move was refused. */
function orShown(c: Context<Env>, sent: Sent, work: () => Promise<Response>) {
  return orInvalid(sent, () => orConflict(c, sent, work), (state) => mend(c, state));
}

async function orConflict(c: Context<Env>, sent: Sent, work: () => Promise<Response>) {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    const { field, message } = error;
    const values = typed(sent);
    const late = field ? { values, errors: { [field]: message } } : { values, errors: {} };
    return await mend(c, late, { status: 409, notice: field ? undefined : message });
  }
}

type Mending = { status: 409 | 422; notice?: string };

/** The same form again, with what was typed and what to mend. */
function mend(c: Context<Env>, form: FormState, { status, notice }: Mending = { status: 422 }) {
  const { view, back } = plain.pick({ view: true, back: true }).parse(form.values);
  const trouble = { action: c.req.path.split("/").at(-1) ?? "", form, notice };
  return showBooking(c, c.req.param("ref") ?? "", { view, back, trouble, open: true, status });
}
