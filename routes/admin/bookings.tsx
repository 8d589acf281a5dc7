import { type Context, Hono } from "hono";
import { listBookings } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { findLastMove } from "../../db/decision_undo.ts";
import { listFilters } from "../../db/saved_filters.ts";
import { urgencies } from "../../db/schema.ts";
import { BookingsPage, BookingsPanel } from "../../views/admin/bookings.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond } from "../respond.ts";
import { assignmentRoutes } from "./assignments.ts";
import { actingOn, actingWith, doneOf, readOpen, showBooking } from "./booking_boxes.tsx";
import { bookingMoveRoutes } from "./booking_moves.tsx";
import { askedOf, backTo, findable, kept, shownOf } from "./booking_queries.ts";
import { bulkApprovalRoutes } from "./bulk_approvals.tsx";
import { clientBlockRoutes } from "./client_blocks.ts";
import { savedFilterRoutes } from "./saved_filters.tsx";

export const adminBookingRoutes = new Hono<Env>()
  .get("/", (c) => showBookings(c, c.req.query()))
  .route("/", savedFilterRoutes((c, query, form) => showBookings(c, query, form)))
  .route("/", bulkApprovalRoutes)
  .get("/:ref", (c) => {
    const { view, back } = c.req.query();
    if (view !== "row" && view !== "review") return showBooking(c, c.req.param("ref"));
    const listed = back === undefined
      ? undefined
      : backTo(askedOf(Object.fromEntries(new URLSearchParams(back))));
    return showBooking(c, c.req.param("ref"), {
      ...{ view: "row", open: view === "review", back: listed },
    });
  })
  .route("/", bookingMoveRoutes)
  .route("/", assignmentRoutes)
  .route("/", clientBlockRoutes);

type Params = Record<string, string>;

/** The list that `params` ask for; `form` is a name for it that needs another look. */
async function showBookings(c: Context<Env>, params: Params, form: FormState = emptyForm) {
  const { db, viewer, now, site } = c.var;
  const [asked, { open, done }] = [askedOf(params), shownOf(params)];
  const [who, { bookings, next }, catalogue, filters, decided, file] = await Promise.all([
    c.var.person,
    listBookings(db, viewer, findable(c, asked)),
    c.var.catalogue.read(),
    "id" in viewer ? listFilters(db, viewer.id) : [],
    done ? findLastMove(db, viewer, done) : null,
    open ? readOpen(c, open) : null,
  ]);
  const shown = { view: "row", back: backTo(asked) } as const;
  const choices = {
    ...{ statuses, urgencies, services: [...catalogue.bySlug.values()] },
    assigned: permits(who, "assignment"),
  };
  const props = {
    ...{ query: asked, choices, next, now, currency: site.agency.currency },
    saved: { filters, present: kept(asked), form },
    rows: bookings.map((booking) =>
      file?.booking.id === booking.id
        ? actingWith({ file, who }, { ...shown, open: true }, now)
        : actingOn(booking, who, shown)
    ),
    decided: decided
      ? actingOn(decided.booking, who, { ...shown, done: doneOf(decided.event, now) })
      : undefined,
  };
  return respond(c, {
    page: () => <BookingsPage site={site} who={who} {...props} />,
    part: () => <BookingsPanel {...props} />,
  }, form === emptyForm ? 200 : 422);
}
