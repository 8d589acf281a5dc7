import { type Context, Hono } from "hono";
import { z } from "zod";
import { listBookings } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { readReference } from "../../db/reference.ts";
import { urgencies } from "../../db/schema.ts";
import { BookingsPage, BookingsPanel } from "../../views/admin/bookings.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond } from "../respond.ts";
import { assignmentRoutes } from "./assignments.ts";
import { actingOn, showBooking } from "./booking_boxes.tsx";
import { bookingMoveRoutes } from "./booking_moves.tsx";
import { clientBlockRoutes } from "./client_blocks.ts";

/** Nonsense in an address narrows nothing. */
const query = z.object({
  status: z.enum(statuses).optional().catch(undefined),
  urgency: z.enum(urgencies).optional().catch(undefined),
  service: z.string().regex(/^[\w-]{1,100}$/).optional().catch(undefined),
  q: z.string().trim().min(1).max(200).optional().catch(undefined),
  assigned: z.enum(["me", "nobody"]).optional().catch(undefined),
  sort: z.enum(["newest", "oldest"]).catch("newest"),
  page: z.coerce.number().int().positive().optional().catch(undefined),
});

export const adminBookingRoutes = new Hono<Env>()
  .get("/", async (c) => {
    const { db, viewer, now, site } = c.var;
    const asked = query.parse(c.req.query());
    const [who, { bookings, next }, catalogue] = await Promise.all([
      c.var.person,
      listBookings(db, viewer, findable(c, asked)),
      c.var.catalogue.read(),
    ]);
    const shown = { view: "row", back: searchOf(c) } as const;
    const rows = bookings.map((booking) => actingOn(booking, who, shown));
    const choices = {
      ...{ statuses, urgencies, services: [...catalogue.bySlug.values()] },
      assigned: permits(who, "assignment"),
    };
    const props = { query: asked, choices, rows, next, now };
    return respond(c, {
      page: () => <BookingsPage site={site} who={who} {...props} />,
      part: () => <BookingsPanel {...props} />,
    });
  })
  .get("/:ref", (c) => showBooking(c, c.req.param("ref")))
  .route("/", bookingMoveRoutes)
  .route("/", assignmentRoutes)
  .route("/", clientBlockRoutes);

/** A whole reference, however it was typed, means that booking and nothing else. */
function findable(c: Context<Env>, asked: z.infer<typeof query>) {
  const reference = readReference(asked.q ?? "");
  if (reference) return { reference, sort: asked.sort };
  const { viewer } = c.var;
  const me = "id" in viewer ? viewer.id : null;
  return { ...asked, assignedTo: asked.assigned && (asked.assigned === "me" ? me : null) };
}

const searchOf = (c: Context<Env>) => new URL(c.req.url).search || undefined;
