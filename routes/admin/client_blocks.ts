import { Hono } from "hono";
import { z } from "zod";
import { findBookingFor } from "../../db/booking_finders.ts";
import { blockClient } from "../../db/client_blocks.ts";
import { byWhom, type Env } from "../context.ts";
import { form } from "../forms.ts";
import { goTo } from "../respond.ts";
import { showBooking } from "./booking_boxes.tsx";

const block = z.object({ blocked: z.enum(["yes", "no"], "Say whether to block or not.") });

/** Says whether anything of a booking's client may approve itself from now on. */
export const clientBlockRoutes = new Hono<Env>()
  .post(
    "/:ref/client-block",
    form(block, (c, form) => {
      const trouble = { action: "client-block", form };
      return showBooking(c, c.req.param("ref") ?? "", { trouble, status: 422 });
    }),
    async (c) => {
      const { db, viewer } = c.var;
      const [by, { booking }] = await Promise.all([
        byWhom(c),
        findBookingFor(db, viewer, c.req.param("ref")),
      ]);
      const blocked = c.req.valid("form").blocked === "yes";
      await blockClient(db, booking, { blocked, ...by });
      return goTo(c, `/admin/bookings/${booking.reference}`);
    },
  );
