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
  /** Whether the clock's approval may still be taken back. */
  revoke?: boolean;
  wrongPayment?: { id: string; wrong: Check["wrong"] };
};

/** A booking with the forms that `who` may post about it now. */
export function actingOn(booking: Booking, who: Person, shown: Shown = {}): Acting {
  const { revoke = false } = shown;
  const price = booking.priceMinor ?? booking.cataloguePriceMinor;
  return {
    booking,
    moves: movesFor(booking.status, "admin").filter((move) =>
      (!decidesMoney(move, booking) || permits(who, "payments")) && (move !== "revoke" || revoke)
    ),
    view: shown.view ?? "page",
    price: price === null ? "" : amountText(price, booking.currency),
    idempotencyKey: crypto.randomUUID(),
    ...{ back: shown.back, open: shown.open, done: shown.done, trouble: shown.trouble },
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
  refundable: decides && leftOf(file.payment) > 0,
  amount: amountText(file.payment.amountMinor, file.payment.currency),
  view,
});

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
    ? <BookingRow at={actingOn(looked.file.booking, looked.who, shown)} now={c.var.now} />
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
  const revoke = mayRevoke(file, now);
  const acting = actingOn(file.booking, who, { trouble: shown.trouble, revoke });
  const at = { ...acting, held: isPaid(file.booking) ? heldBy(file.payments) : undefined };
  const decides = permits(who, "payments");
  const refundables = decides
    ? file.payments.map((payment) => refundableOf(payment, { view: "page" }))
    : [];
  return { file, at, checks, decides, refundables, now, zone: site.agency.timezone };
}
