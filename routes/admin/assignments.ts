import { type Context, Hono } from "hono";
import { z } from "zod";
import { assignBooking } from "../../db/assignments.ts";
import { findBookingFor } from "../../db/booking_finders.ts";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo } from "../respond.ts";
import { showBooking } from "./booking_boxes.tsx";

const choose = "Choose somebody who works here.";
const assignment = z.object({ admin: z.string(choose).regex(/^\d{0,15}$/, choose) });

/** Says who looks after a booking; an empty choice means nobody in particular. */
export const assignmentRoutes = new Hono<Env>()
  .post(
    "/:ref/assignment",
    allowed("assignment"),
    form(assignment, (c, form) => showAgain(c, form)),
    async (c) => {
      const { db, viewer } = c.var;
      const { admin } = c.req.valid("form");
      const [by, file] = await Promise.all([
        byWhom(c),
        findBookingFor(db, viewer, c.req.param("ref")),
      ]);
      const adminId = admin === "" ? null : Number(admin);
      return await orInvalid({ admin }, async () => {
        await assignBooking(db, file.booking, { adminId, ...by });
        return goTo(c, `/admin/bookings/${file.booking.reference}`);
      }, (form) => showAgain(c, form));
    },
  );

function showAgain(c: Context<Env>, form: FormState) {
  const trouble = { action: "assignment", form };
  return showBooking(c, c.req.param("ref") ?? "", { trouble, status: 422 });
}
