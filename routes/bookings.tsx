import { type Context, Hono } from "hono";
import { z } from "zod";
import { listBookingsOf } from "../db/booking_finders.ts";
import { listUnread } from "../db/chat_unread.ts";
import { deliverBy, listTurnsOf } from "../db/deliveries.ts";
import { cancelBooking } from "../db/booking_reviews.ts";
import { listAttemptsOf, mayCancel } from "../db/payment_finders.ts";
import { BookingPage, BookingPanel } from "../views/bookings.tsx";
import { DashboardPage } from "../views/dashboards.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";
import { accountDoor, assertVersion, type Door, orAsItStands, standingOf } from "./doors.ts";
import { form, optionalText } from "./forms.ts";
import { goTo, respond } from "./respond.ts";

const loadAgain = "This page is too old. Load it again.";
const cancellation = z.object({
  reason: optionalText("Write one reason."),
  version: z.coerce.number(loadAgain).int(loadAgain).optional(),
});

/** The page of one booking and what its client may do there. */
export function bookingPagesFor(door: Door) {
  const wrong = (c: Context<Env>, state: FormState) => show(c, door, { form: state, status: 422 });

  return new Hono<Env>()
    .get("/", (c) => show(c, door))
    .post("/cancellation", form(cancellation, wrong), async (c) => {
      const { db, now } = c.var;
      const { reason, version } = c.req.valid("form");
      const { file: { booking, payments }, actor, base } = await door(c);
      return await orAsItStands(async () => {
        assertVersion(booking, version);
        await cancelBooking(db, booking, { actor, now, note: reason, payments });
        return goTo(c, base);
      }, (problem) => show(c, door, { problem, status: 409 }));
    });
}

export const bookingRoutes = new Hono<Env>()
  .get("/dashboard", async (c) => {
    const { db, viewer, site, now } = c.var;
    const userId = viewer.kind === "client" ? viewer.id : 0;
    const [who, bookings, attempts, turns, unread] = await Promise.all([
      c.var.person,
      listBookingsOf(db, userId),
      listAttemptsOf(db, userId),
      listTurnsOf(db, userId),
      listUnread(db, viewer),
    ]);
    const rows = bookings.map((booking) => ({
      booking,
      attempt: attempts.find((attempt) => attempt.bookingId === booking.id) ?? null,
      deliverBy: deliverBy(booking, turns.filter((turn) => turn.booking === booking.id)),
      unread: unread.find(({ bookingId }) => bookingId === booking.id)?.messages ?? 0,
    }));
    const props = { site, who, rows, now, zone: site.agency.timezone };
    return respond(c, { page: () => <DashboardPage {...props} /> });
  })
  .route("/bookings/:ref", bookingPagesFor(accountDoor));

type Shown = { form?: FormState; problem?: string; status?: 200 | 409 | 422 };

async function show(c: Context<Env>, door: Door, shown: Shown = {}) {
  const { site, now } = c.var;
  const { form = emptyForm, problem, status } = shown;
  const visit = await door(c);
  const { file, who } = visit;
  const shared = { file, form, problem, now, zone: site.agency.timezone };
  const props = { ...standingOf(visit), ...shared, mayCancel: mayCancel(file) };
  const page = () => <BookingPage {...props} site={site} who={who} />;
  return respond(c, { page, part: () => <BookingPanel {...props} /> }, status);
}
