import { inArray, sql } from "drizzle-orm";
import { audited, type By } from "./audit.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { notFound } from "./problem.ts";
import { serviceCategories, services } from "./schema.ts";

type Placed = { id: number; slug: string; position: number };

/** `before` is the slug of the one it is put in front of; without one it goes to the end. */
export type Place = { before?: string };

/**
 * Puts a category in front of another and returns all in their new order. The same again changes nothing.
 * Throws `not_found`.
 */
export function placeCategory<Row extends Placed>(db: Db, all: Row[], by: Placing) {
  return place(db, all, { table: serviceCategories, noun: "category", ...by });
}

/** The same for a service: `all` are those of its category. */
export function placeService<Row extends Placed>(db: Db, all: Row[], by: Placing) {
  return place(db, all, { table: services, noun: "service", ...by });
}

type Placing = By & Place & { slug: string };
type Table = typeof services | typeof serviceCategories;

async function place<Row extends Placed>(
  db: Db,
  all: Row[],
  { table, noun, slug, before, ...by }: Placing & { table: Table; noun: string },
): Promise<Row[]> {
  const moved = all.find((row) => row.slug === slug);
  if (!moved || (before && !all.some((row) => row.slug === before))) throw notFound();
  const order = orderWith(all, moved, before);
  const places = placesOf(all);
  const changed = order.flatMap(({ id, position }, at) =>
    position === places[at] ? [] : [[id, places[at] as number]]
  );
  if (changed.length === 0) return all;
  await commit(db, [
    positions(db, table, changed as [number, number][]),
    audited(db, by, {
      ...{ action: `${noun}.move`, subject: slug },
      ...{ before: { order: slugs(all) }, after: { order: slugs(order) } },
    }),
  ]);
  return order;
}

function orderWith<Row extends Placed>(all: Row[], moved: Row, before?: string): Row[] {
  if (moved.slug === before) return all;
  const others = all.filter((row) => row !== moved);
  const at = before ? others.findIndex((row) => row.slug === before) : others.length;
  return others.toSpliced(at, 0, moved);
}

/** The places there are, in order; two at one place, as two admins at once can leave, get one each. */
const placesOf = (all: Placed[]) =>
  all.map(({ position }) => position).toSorted((a, b) => a - b)
    .reduce<number[]>((taken, at) => [...taken, Math.max(at, (taken.at(-1) ?? at - 1) + 1)], []);

/** All at once: no reader sees two at one place. */
const positions = (db: Db, table: Table, changed: [number, number][]): Statement =>
  db.update(table).set({
    position: sql`(select value ->> 1 from json_each(${JSON.stringify(changed)})
      where value ->> 0 = ${table.id})`,
  }).where(inArray(table.id, changed.map(([id]) => id)));

const slugs = (rows: Placed[]) => rows.map(({ slug }) => slug).join(" ").slice(0, 200);
