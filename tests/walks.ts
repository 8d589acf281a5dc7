import type { BookingFile } from "../db/booking_finders.ts";
import { rateLimits } from "../db/schema.ts";
import type { Answer, Visitor } from "./visitor.ts";
import type { World } from "./world.ts";

/** Who comes, as the columns of tables name them. */
export const viewers = ["stranger", "alice", "bob", "agent", "manager", "owner"] as const;

export async function peopleIn(world: World): Promise<Record<typeof viewers[number], Visitor>> {
  return {
    stranger: world.stranger(),
    alice: await world.signedIn("alice"),
    bob: await world.signedIn("bob"),
    agent: (await world.hired("agent")).visitor,
    manager: (await world.hired("manager")).visitor,
    owner: await world.signedIn("ada"),
  };
}

/** The address behind a route such as "GET /bookings/:ref/payments/:id", filled with a booking's own names. */
export function addressOf(route: string, { booking, payments }: BookingFile): string {
  const path = route.slice(route.indexOf(" ") + 1).replace(/\{[^}]*\}/g, "").replace(/\}/g, "");
  const id = path.includes("payments/:id") ? payments[0]?.id ?? "none" : "999999";
  return path.replace(":ref", booking.reference).replace(
    "/status/:token",
    `/status/${booking.accessToken}`,
  )
    .replace(":slug", "landing-page").replace(":id", id).replace(/:\w+/, "unknown");
}

/** Goes there with no fields, uncounted by the limits; of a stream only the head is asked for. */
export async function visit(
  world: World,
  visitor: Visitor,
  { route, path }: { route: string; path: string },
): Promise<Answer> {
  await world.db.delete(rateLimits);
  if (route.startsWith("POST")) return await visitor.post(path, {});
  return path.endsWith("/stream")
    ? await visitor.send(path, { method: "HEAD" })
    : await visitor.get(path);
}
