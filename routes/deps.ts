import { Passwords } from "../db/passwords.ts";
import type { Config } from "../jobs/config.ts";
import { createQueue } from "../jobs/queue.ts";
import { renderState } from "../views/chat_state.tsx";
import { renderMessage } from "../views/messages.tsx";
import { type Assets, loadAssets } from "./assets.ts";
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
  return {
    ...outside,
    keys: await importKeys(outside.keys),
    queue: createQueue(config),
    seals: await importSeals(outside.keys),
    passwords: outside.passwords ?? new Passwords(),
    assets: outside.assets ?? await loadAssets(),
    catalogue: new CatalogueCache(db, clock),
    tail: new ChatTail(db, renderFor(config.agency.timezone), clock, outside.pace),
  };
}

const renderFor = (zone: string): ChatTail["render"] => ({
  message: (message, audience) => renderMessage(message, audience, zone),
  state: (glance, audience) => renderState(glance, audience, zone),
});
