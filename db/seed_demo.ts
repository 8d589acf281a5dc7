import { count, isNotNull, sql } from "drizzle-orm";
import { findAdminByEmail, hasAdmin, makeFirstAdmin } from "./admins.ts";
import { findBookingFor } from "./booking_finders.ts";
import type { Actor } from "./booking_moves.ts";
import { submitBooking } from "./bookings.ts";
import { addReply } from "./canned_replies.ts";
import type { Db } from "./client.ts";
import { saveFilter } from "./saved_filters.ts";
import { admins, emailNotifications, serviceBookings, type Urgency } from "./schema.ts";
import { filter, replies, stories, type Story } from "./seed_demo_story.ts";
import { findToken, randomToken, storeToken } from "./tokens.ts";
import { choosePassword, findUserByEmail } from "./users.ts";

const HOUR = 3_600_000;

type Demo = {
  now: number;
  currency: string;
  approveAfter: (urgency: Urgency) => number;
  hash: (password: string) => Promise<string>;
};
/** Whom the demo made, with the password that is known only here. */
export type DemoPerson = { role: "admin" | "client"; email: string; password: string };
type Client = { name: string; email: string; phone: string; company?: string };

const ada = { name: "Ada Novak", email: "ada@connectpro.example" };
const cast: Record<Story["client"], Client> = {
  alice: {
    name: "Alice Meyer",
    email: "alice@northwind.example",
    phone: "+44 20 7946 0011",
    company: "Northwind Studio",
  },
  bob: { name: "Bob Okafor", email: "bob@okafor.example", phone: "+44 113 496 0022" },
};

/**
 * Plays the demo into a database without bookings: people, and bookings in every state, made by the same
 * verbs as real ones at times before `now`. Its mails count as sent. Returns whom it made: nobody if there
 * are bookings already, no admin if there is one.
 */
export async function seedDemo(db: Db, demo: Demo): Promise<DemoPerson[]> {
  const before = await db.select({ n: count() }).from(serviceBookings).get();
  if (before?.n) return [];
  const people = await hasAdmin(db) ? [] : [await makeAda(db, demo)];
  const admin = await firstAdmin(db);
  const references = new Map<Story, string>();
  for (const { story, hoursAgo, step } of inOrder(stories)) {
    const now = demo.now - hoursAgo * HOUR;
    const client = cast[story.client];
    if (!step) {
      references.set(story, await submit(db, story, { ...demo, now }));
      const person = await claim(db, client, { ...demo, now });
      if (person) people.push(person);
      continue;
    }
    const viewer = { kind: "admin", id: admin.id ?? 0 } as const;
    const file = await findBookingFor(db, viewer, references.get(story) ?? "");
    const actor: Actor = { kind: "client", id: file.booking.userId, name: client.name };
    await step({ db, file, now, admin, client: actor });
  }
  if (admin.id) await saveFilter(db, { ...filter, adminId: admin.id });
  for (const reply of replies) await addReply(db, reply, { actor: admin, now: demo.now });
  await db.update(emailNotifications)
    .set({ status: "sent", attempts: 1, sentAt: sql`${emailNotifications.createdAt}` })
    .where(isNotNull(emailNotifications.bookingId));
  return people;
}

/** All that happens, oldest first, so that numbers grow with time as they do in life. */
const inOrder = (all: Story[]) =>
  all.flatMap((story) => [
    { story, hoursAgo: story.hoursAgo, step: undefined },
    ...story.then.map(([hoursAgo, step]) => ({ story, hoursAgo, step })),
  ]).sort((a, b) => b.hoursAgo - a.hoursAgo);

async function submit(db: Db, story: Story, demo: Demo): Promise<string> {
  const { service, urgency, details } = story;
  const user = await findUserByEmail(db, cast[story.client].email);
  const form = { ...cast[story.client], service, urgency, details };
  const { reference } = await submitBooking(db, {
    ...demo,
    form: { ...form, idempotency_key: randomToken() },
    userId: user?.id,
  });
  return reference;
}

async function claim(db: Db, { email }: Client, demo: Demo): Promise<DemoPerson | undefined> {
  const user = await findUserByEmail(db, email);
  if (!user || user.passwordHash) return undefined;
  const token = await tokenFor(db, { purpose: "claim", now: demo.now, userId: user.id });
  const password = newPassword();
  const passwordHash = await demo.hash(password);
  await choosePassword(db, token, { passwordHash, sessionId: randomToken(), now: demo.now });
  return { role: "client", email, password };
}

async function makeAda(db: Db, demo: Demo): Promise<DemoPerson> {
  const now = demo.now - 1000 * HOUR;
  const token = await tokenFor(db, { purpose: "setup", now });
  const password = newPassword();
  const passwordHash = await demo.hash(password);
  await makeFirstAdmin(db, token, { ...ada, passwordHash, sessionId: randomToken(), now });
  return { role: "admin", email: ada.email, password };
}

async function firstAdmin(db: Db): Promise<Actor> {
  const admin = await findAdminByEmail(db, ada.email) ??
    await db.select().from(admins).orderBy(admins.id).get();
  return { kind: "admin", id: admin?.id ?? null, name: admin?.name ?? ada.name };
}

async function tokenFor(db: Db, about: Parameters<typeof storeToken>[2]) {
  const link = randomToken();
  await storeToken(db, link, about);
  return await findToken(db, link, about);
}

const newPassword = () => randomToken().slice(0, 16);
