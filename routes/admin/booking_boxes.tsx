import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { mayRevoke } from "../../db/approval_undo.ts";
import { listColleagues } from "../../db/assignments.ts";
import { type BookingFile, findBookingFor } from "../../db/booking_finders.ts";
import type { Booking, BookingEvent } from "../../db/booking_moves.ts";
import { isPaid } from "../../db/booking_reviews.ts";
import { type Move, movesFor } from "../../db/booking_status.ts";
import { findNotesFor } from "../../db/booking_notes.ts";
import { mayUndo } from "../../db/decision_undo.ts";
import { listEmailsOf } from "../../db/email_lists.ts";
import { amountText } from "../../db/money.ts";
import { heldBy } from "../../db/paid_cancellations.ts";
import { isToldByPerson, needsPerson } from "../../db/payment_status.ts";
import type { PaymentFile } from "../../db/payment_lists.ts";
import { isProblem } from "../../db/problem.ts";
import { readReference } from "../../db/reference.ts";
import { leftOf } from "../../db/refund_rules.ts";
import { repairsFor } from "../../db/repair_choices.ts";
import type { Person } from "../../db/sessions.ts";
import { AdminBookingPage, AdminBookingPanel, type BoxProps } from "../../views/admin/booking.tsx";
import { BookingRow } from "../../views/admin/booking_row.tsx";
import type { Acting } from "../../views/admin/move_forms.tsx";
import type { Check } from "../../views/admin/payment_forms.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond, wantsPart } from "../respond.ts";
import { notesProps } from "./note_pages.tsx";
import { refundableOf } from "./refundables.ts";

/** A booking, and who looks at it. */
type Looked = { file: BookingFile; who: Person };
type Shown = Partial<Pick<Acting, "view" | "back" | "open" | "done" | "trouble">> & {
  status?: ContentfulStatusCode;
  wrongPayment?: { id: string; wrong: Check["wrong"] };
};

/** A booking with the forms that `who` may post about it now, but for what its past would allow. */
export function actingOn(booking: Booking, who: Person, shown: Shown = {}): Acting {
  const price = booking.priceMinor ?? booking.cataloguePriceMinor;
  return {
    booking,
    moves: movesFor(booking.status, "admin").filter((move) =>
      (!decidesMoney(move, booking) || permits(who, "payments")) && !takesBack.includes(move)
    ),
    view: shown.view ?? "page",
    price: price === null ? "" : amountText(price, booking.currency),
    idempotencyKey: crypto.randomUUID(),
    ...{ back: shown.back, open: shown.open, done: shown.done, trouble: shown.trouble },
  };
}

/** Moves whose time is short. */
const takesBack: Move[] = ["revoke", "undo"];

/** The same where what happened is known too: what may still be taken back, and the money there is. */
export function actingWith({ file, who }: Looked, shown: Shown, now: number): Acting {
  const { booking, events, payments } = file;
  const acting = actingOn(booking, who, shown);
  const last = events.at(-1);
  const undo = acting.view === "row" && last !== undefined && mayUndo(last, now);
  const more: [Move, boolean][] = [["revoke", mayRevoke(file, now)], ["undo", undo]];
  const held = isPaid(booking) ? heldBy(payments) : undefined;
  return {
    ...acting,
    moves: [...acting.moves, ...more.flatMap(([move, may]) => may ? move : [])],
    held,
  };
}

/** What `event` did, and how it is taken back at `now` while it can be. */
export function doneOf(event: BookingEvent, now: number): Acting["done"] {
  const { move } = event;
  if (move === "hold" || move === "release") return { move, undo: "hold" };
  return { move, undo: mayUndo(event, now) ? "undo" : null };
}

const decidesMoney = (move: Move, booking: Booking) =>
  move === "confirm_payment" || (move === "cancel" && isPaid(booking));

/** A payment, with the forms that decide it where it waits for one who `decides`. */
export const checkOf = (
  file: PaymentFile,
  { view, decides }: { view: Check["view"]; decides: boolean },
): Check => ({
  ...file,
  needsPerson: decides && needsPerson(file.payment),
  tellable: decides && needsPerson(file.payment) && isToldByPerson(file.payment),
  repairs: decides ? repairsFor(file) : [],
  refundable: decides && leftOf(file.payment) > 0 ? refundableOf(file.payment, { view }) : null,
  amount: amountText(file.payment.amountMinor, file.payment.currency),
  view,
});

/** The open row of a list, with all that its forms need; null where `reference` names nothing that is seen. */
export async function readOpen(c: Context<Env>, reference: string): Promise<BookingFile | null> {
  try {
    return await findBookingFor(c.var.db, c.var.viewer, reference);
  } catch (error) {
    if (isProblem(error, "not_found")) return null;
    throw error;
  }
}

/** Reads a booking and answers with its page, or with its box in the size the form was sent from. */
export async function showBooking(c: Context<Env>, reference: string, shown: Shown = {}) {
  const { db, viewer, person } = c.var;
  const [who, file, emails, colleagues, noteFile] = await Promise.all([
    person,
    findBookingFor(db, viewer, reference),
    wantsPart(c) ? [] : listEmailsOf(db, viewer, readReference(reference) ?? ""),
    wantsPart(c) ? [] : listColleagues(db),
    wantsPart(c) ? null : findNotesFor(db, viewer, { reference }),
  ]);
  const looked = { file, who };
  const at = { who, reference: file.booking.reference, view: "booking" } as const;
  const notes = noteFile && notesProps(c, at, noteFile);
  const page = () => (
    <AdminBookingPage
      {...boxOf(c, looked, shown)}
      {...{ emails, notes, who, site: c.var.site }}
      mayRetry={permits(who, "emails")}
      colleagues={permits(who, "assignment") ? colleagues : undefined}
    />
  );
  return respond(c, { page, part: () => boxPart(c, looked, shown) }, shown.status);
}

/** The row or the panel of a booking, whichever the form was sent from. */
export function boxPart(c: Context<Env>, looked: Looked, shown: Shown) {
  return shown.view === "row"
    ? <BookingRow at={actingWith(looked, shown, c.var.now)} now={c.var.now} />
    : <AdminBookingPanel {...boxOf(c, looked, shown)} />;
}

function boxOf(c: Context<Env>, { file, who }: Looked, shown: Shown): BoxProps {
  const { now, site } = c.var;
  const { wrongPayment } = shown;
  const checks = file.payments.map((payment) => ({
    ...checkOf({ payment, booking: file.booking }, {
      view: "page",
      decides: permits(who, "payments"),
    }),
    wrong: payment.id === wrongPayment?.id ? wrongPayment.wrong : undefined,
  }));
  // A page shows a booking's own forms, whichever list a plain form came from.
  const at = actingWith({ file, who }, { trouble: shown.trouble }, now);
  const decides = permits(who, "payments");
  const refundables = decides
    ? file.payments.map((payment) => refundableOf(payment, { view: "page" }))
    : [];
  return { file, at, checks, decides, refundables, now, zone: site.agency.timezone };
}
