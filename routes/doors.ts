import type { Context } from "hono";
import { type BookingFile, findBookingFor } from "../db/booking_finders.ts";
import type { Actor, Booking } from "../db/booking_moves.ts";
import { deliverBy } from "../db/deliveries.ts";
import { attemptOf } from "../db/payment_finders.ts";
import { dueOf } from "../db/payment_status.ts";
import { isProblem, Problem } from "../db/problem.ts";
import type { Viewer } from "../db/viewers.ts";
import type { Who } from "../views/layout.tsx";
import type { Standing } from "../views/next_steps.tsx";
import { actorOf, type Env } from "./context.ts";

/** A client at one of their bookings. */
export type Visit = {
  file: BookingFile;
  viewer: Viewer;
  /** The address of the booking for them. */
  base: string;
  actor: Actor;
  who?: Who;
  guest?: { claimed: boolean };
};
/** How a client comes to a booking, in one round trip. Throws `not_found` when it is not theirs. */
export type Door = (c: Context<Env>) => Promise<Visit>;

/** Signed in, at /bookings/:ref. */
export const accountDoor: Door = async (c) => {
  const { db, viewer } = c.var;
  const reference = c.req.param("ref") ?? "";
  const [person, file] = await Promise.all([
    c.var.person,
    findBookingFor(db, viewer, reference),
  ]);
  const base = `/bookings/${file.booking.reference}`;
  return { file, viewer, base, actor: actorOf(person), who: person };
};

/** With the link that is in every e-mail of the booking, at /status/:token. */
export const linkDoor: Door = async (c) => {
  const token = c.req.param("token") ?? "";
  const viewer = { kind: "guest" as const, token };
  const file = await findBookingFor(c.var.db, viewer, "");
  const { userId, clientName } = file.booking;
  const actor = { kind: "client" as const, id: userId, name: clientName };
  return { file, viewer, base: `/status/${token}`, actor, guest: { claimed: file.claimed } };
};

export const standingOf = ({ file, base, guest }: Visit): Standing => ({
  booking: file.booking,
  attempt: attemptOf(file.payments),
  due: file.booking.priceMinor === null ? null : dueOf(file.booking, file.payments),
  deliverBy: deliverBy(file.booking, file.events),
  ...{ base, guest },
});

/** Runs `work`; when something has changed meanwhile, answers with the page as it stands now. */
export async function orAsItStands(
  work: () => Promise<Response>,
  show: (problem: string) => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    return await show(error.message);
  }
}

/** Refuses a form that was made of an older state of the booking. */
export function assertVersion(booking: Booking, version: number | undefined) {
  if (version === undefined || version === booking.version) return;
  throw new Problem("conflict", "This booking has changed meanwhile. This is how it stands.");
}
