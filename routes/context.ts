import type { Context } from "hono";
import type { By } from "../db/audit.ts";
import type { Actor } from "../db/booking_moves.ts";
import type { Db } from "../db/client.ts";
import type { Passwords } from "../db/passwords.ts";
import type { Person } from "../db/sessions.ts";
import type { Bucket } from "../db/stored_files.ts";
import type { Viewer } from "../db/viewers.ts";
import type { Config } from "../jobs/config.ts";
import type { Gateway } from "../jobs/gateways/gateway.ts";
import type { Mailer } from "../jobs/gateways/mailer.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Site } from "../views/layout.tsx";
import type { Assets } from "./assets.ts";
import type { BrandCache } from "./brand_cache.ts";
import type { CatalogueCache } from "./catalogue_cache.ts";
import type { ChatTail } from "./chat_tail.ts";
import type { Kept } from "./kept_answers.ts";
import type { Seals } from "./seals.ts";
import type { SessionKeys } from "./session.ts";

/** What the composition root hands to the app. */
export type Deps = {
  config: Config;
  db: Db;
  passwords: Passwords;
  gateways: Gateway[];
  mailer: Mailer | null;
  /** Where files go; null keeps them in the database. */
  bucket: Bucket | null;
  /** Calls us when a booking approves itself; null where the sweep alone minds the clock. */
  queue: Queue | null;
  keys: SessionKeys;
  seals: Seals;
  assets: Assets;
  brands: BrandCache;
  catalogue: CatalogueCache;
  tail: ChatTail;
  /** UTC milliseconds. */
  clock: () => number;
  /** Says that a job may have something to do now, or in so many milliseconds; returns at once. */
  nudge: (headStart?: number) => void;
};

export type Env = {
  Variables: Deps & {
    site: Site;
    requestId: string;
    /** The instant of the request. */
    now: number;
    /** Whom the cookie names: scopes what is read. Writes need `person`. */
    viewer: Viewer;
    /** Whose live session it is, read beside the page's own queries; rejects when it has ended. */
    person: Promise<Person>;
    /** Set by what answers everybody alike. */
    kept?: Kept;
  };
};

/** Who acts in this request, once it is known that their session lives. */
export const byWhom = async (c: Context<Env>): Promise<By> => ({
  actor: actorOf(await c.var.person),
  now: c.var.now,
});

export const actorOf = ({ kind, id, name, origin }: Person): Actor => ({ kind, id, name, origin });
