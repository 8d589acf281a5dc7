import { Hono } from "hono";
import { askForClaim } from "../db/account_mails.ts";
import { ClaimSentPage } from "../views/booking_facts.tsx";
import { bookingPagesFor } from "./bookings.tsx";
import type { Env } from "./context.ts";
import { linkDoor } from "./doors.ts";
import { accountLimit, limit } from "./limits.ts";
import { paymentRoutesFor } from "./payments.tsx";
import { respond } from "./respond.ts";

/** A booking for whoever holds its link: all but the chat, which needs an account. */
export const guestRoutes = new Hono<Env>()
  .post("/claim", async (c) => {
    const [{ file: { booking, claimed }, base }] = await Promise.all([
      linkDoor(c),
      limit(c, [accountLimit(c)]),
    ]);
    await askForClaim(c.var.db, { booking, claimed }, c.var.now);
    return respond(c, { page: () => <ClaimSentPage {...{ site: c.var.site, booking, base }} /> });
  })
  .route("/", bookingPagesFor(linkDoor))
  .route("/", paymentRoutesFor(linkDoor));
