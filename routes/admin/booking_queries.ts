import type { Context } from "hono";
import { z } from "zod";
import type { BookingFilter } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { readReference } from "../../db/reference.ts";
import { urgencies } from "../../db/schema.ts";
import { usualOrder, withoutUsual } from "../../views/admin/booking_filters.tsx";
import { listAddress } from "../../views/admin/list_filters.tsx";
import type { Env } from "../context.ts";
import { cursor } from "../forms.ts";

/** Nonsense in an address narrows nothing. */
const query = z.object({
  status: z.enum(statuses).optional().catch(undefined),
  urgency: z.enum(urgencies).optional().catch(undefined),
  service: z.string().regex(/^[\w-]{1,100}$/).optional().catch(undefined),
  q: z.string().trim().min(1).max(200).optional().catch(undefined),
  assigned: z.enum(["me", "nobody"]).optional().catch(undefined),
  sort: z.enum(["urgency", "newest", "oldest"]).optional().catch(undefined),
  page: cursor,
});
/** Which row of the list is open, and which booking was decided in it just now. */
const shown = z.object({ open: z.string().optional(), done: z.string().optional() });
export type Asked = z.infer<typeof query> & { sort: BookingFilter["sort"] };

/** Urgency orders only what waits for review. */
export function askedOf(params: Record<string, string>): Asked {
  const { sort, ...asked } = query.parse(params);
  const fits = sort !== "urgency" || asked.status === "pending";
  return { ...asked, sort: (fits && sort) || usualOrder(asked) };
}
export const shownOf = (params: Record<string, string>) => shown.parse(params);

/** The same list again, as its address says it behind the path. */
export function backTo(asked: Asked): string | undefined {
  return listAddress("", withoutUsual(asked), { page: asked.page }) || undefined;
}

/** What is kept of a list under a name: how it is narrowed, not how far somebody has read. */
export const kept = (asked: Asked): string =>
  backTo({ ...asked, page: undefined })?.replace("?", "") ?? "";

/** A whole reference, however it was typed, means that booking and nothing else. */
export function findable(c: Context<Env>, asked: Asked) {
  const reference = readReference(asked.q ?? "");
  if (reference) return { reference, sort: asked.sort };
  const { viewer } = c.var;
  const me = "id" in viewer ? viewer.id : null;
  return { ...asked, assignedTo: asked.assigned && (asked.assigned === "me" ? me : null) };
}
