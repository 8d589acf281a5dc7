import { Passwords } from "../db/passwords.ts";
import type { Config } from "../jobs/config.ts";
import { createBucket } from "../jobs/gateways/s3.ts";
import { createQueue } from "../jobs/queue.ts";
import { renderState } from "../views/chat_state.tsx";
import { renderMessage } from "../views/messages.tsx";
import { type Assets, loadAssets } from "./assets.ts";
import { BrandCache } from "./brand_cache.ts";
import { CatalogueCache } from "./catalogue_cache.ts";
import { ChatTail } from "./chat_tail.ts";
import type { Deps } from "./context.ts";
import { importSeals } from "./seals.ts";
import { importKeys } from "./session.ts";

type Outside = Pick<Deps, "config" | "db" | "gateways" | "mailer" | "clock" | "nudge"> & {
  passwords?: Passwords;
  assets?: Assets;
  pace?: ChatTail["pace"];
  keys: Config["keys"];
};

/** What the app itself needs beside what the composition root brings. */
export async function createDeps(outside: Outside): Promise<Deps> {
  const { db, clock, config } = outside;
  const assets = outside.assets ?? await loadAssets();
  const { agency, url } = config;
  return {
    ...outside,
    keys: await importKeys(outside.keys),
    queue: createQueue(config),
    bucket: createBucket(config),
    seals: await importSeals(outside.keys),
    passwords: outside.passwords ?? new Passwords(),
    assets,
    brands: await BrandCache.open(db, clock, { agency, assets: assets.urls, url }),
    catalogue: new CatalogueCache(db, clock),
    tail: new ChatTail(db, renderFor(config.agency.timezone), clock, outside.pace),
  };
}

const renderFor = (zone: string): ChatTail["render"] => ({
  message: (message, audience) => renderMessage(message, audience, zone),
  state: (glance, audience) => renderState(glance, audience, zone),
});
