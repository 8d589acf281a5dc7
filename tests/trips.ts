import { assertEquals } from "@std/assert";
import type { World } from "./world.ts";

/** Each call to the database takes this long, so that trips that overlap are told from those that follow. */
export const DELAY = 25;

/** Runs `act`, which must answer with `status`. Returns the sequential round trips that it cost. */
export async function tripsOf(
  world: World,
  act: () => Promise<{ status: number }>,
  status: number,
): Promise<number> {
  await world.trips.begin();
  const answer = await act();
  const trips = world.trips.count();
  assertEquals(answer.status, status);
  await world.mails();
  return trips;
}

/** The routes of the app, such as "GET /bookings/:ref", that none of `asked`, such as "GET /bookings/CP2026ABC123", went to. */
export function unasked(world: World, asked: string[]): string[] {
  return world.routes.filter((route) => {
    const path = route.replace(/:\w+(\{(?:[^{}]|\{[^{}]*\})*\})?/g, "[^/]+");
    const pattern = new RegExp(`^${path}$`);
    return !asked.some((one) => pattern.test(one.split("?")[0] ?? ""));
  });
}
