import type { Db } from "../db/client.ts";
import { type Catalogue, catalogueVersion, readCatalogue } from "../db/services.ts";
import { log, nameOf } from "../jobs/log.ts";

/** How long a process may show a catalogue that another one has changed, in milliseconds. */
const FRESH = 2000;

export type CachedPage = { body: string; etag: string };

/**
 * The catalogue in memory, and the public pages made of it. A request never waits for the database: it gets
 * what is there, and where that may be old its version is asked for behind the answer.
 */
export class CatalogueCache {
  #current: Promise<Catalogue>;
  #pages = new Map<string, { version: string; page: CachedPage }>();
  #checkedAt: number;
  #checking: Promise<void> | undefined;

  constructor(readonly db: Db, readonly clock: () => number) {
    this.#current = readCatalogue(db);
    this.#current.catch(() => {});
    this.#checkedAt = clock();
  }

  async read(): Promise<Catalogue> {
    if (this.clock() - this.#checkedAt > FRESH) this.#checking ??= this.#check();
    try {
      return await this.#current;
    } catch (error) {
      this.#current = readCatalogue(this.db);
      this.#current.catch(() => {});
      throw error;
    }
  }

  /** The page at `key`, rendered again only when the catalogue has changed. */
  async page(key: string, render: (catalogue: Catalogue) => string): Promise<CachedPage> {
    const catalogue = await this.read();
    const known = this.#pages.get(key);
    if (known?.version === catalogue.version) return known.page;
    const body = render(catalogue);
    const page = { body, etag: `"${await shortHash(body)}"` };
    this.#pages.set(key, { version: catalogue.version, page });
    return page;
  }

  /** Settles when no check is under way. */
  async idle() {
    await this.#checking;
  }

  async #check() {
    try {
      const [row] = await catalogueVersion(this.db);
      const { version } = await this.#current;
      if (row?.value !== version) this.#current = Promise.resolve(await readCatalogue(this.db));
      this.#checkedAt = this.clock();
    } catch (error) {
      log("warn", "catalogue_check", { error: nameOf(error) });
    } finally {
      this.#checking = undefined;
    }
  }
}

async function shortHash(text: string): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  return [...digest.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
