import type { Db } from "../db/client.ts";
import { type Catalogue, catalogueVersion, readCatalogue } from "../db/services.ts";
import { log, nameOf } from "../jobs/log.ts";
import { type Bytes, Coded, type Coding } from "./codings.ts";

/** How long a process may show a catalogue that another one has changed, in milliseconds. */
const FRESH = 2000;

type Variant = { body: Bytes; etag: string };

/** A page as it is sent; each coding has a tag of its own, as strong tags must. */
export class KeptPage {
  #coded: Coded;
  #tags = new Map<Coding, Promise<string>>();

  constructor(text: string, readonly edition: string) {
    this.#coded = new Coded(new TextEncoder().encode(text));
  }

  async as(coding: Coding): Promise<Variant> {
    const body = await this.#coded.as(coding);
    let tag = this.#tags.get(coding);
    if (!tag) this.#tags.set(coding, tag = shortHash(body));
    return { body, etag: `"${await tag}"` };
  }
}

/**
 * The catalogue in memory, and the public pages made of it. A request never waits for the database: it gets
 * what is there, and where that may be old its version is asked for behind the answer.
 */
export class CatalogueCache {
  #current: Promise<Catalogue> | undefined;
  #version: string | undefined;
  #pages = new Map<string, KeptPage>();
  #checkedAt: number;
  #checking: Promise<void> | undefined;

  constructor(readonly db: Db, readonly clock: () => number) {
    this.#current = this.#read();
    this.#checkedAt = clock();
  }

  async read(): Promise<Catalogue> {
    this.#lookAgain();
    const reading = this.#current ??= this.#read();
    try {
      return await reading;
    } catch (error) {
      if (this.#current === reading) this.#current = undefined;
      throw error;
    }
  }

  /** The version that is shown now, without waiting; undefined before the first was read. */
  version(): string | undefined {
    this.#lookAgain();
    return this.#version;
  }

  /** The page at `key`, rendered again only when the catalogue or the site's own `edition` has changed. */
  async page(
    key: string,
    of: { edition: number; render: (catalogue: Catalogue) => string },
  ): Promise<KeptPage> {
    const catalogue = await this.read();
    const edition = editionOf(catalogue.version, of.edition);
    const known = this.#pages.get(key);
    if (known?.edition === edition) return known;
    const page = new KeptPage(of.render(catalogue), edition);
    this.#pages.set(key, page);
    return page;
  }

  /** What is kept is old: whoever asks next waits until it is read anew. */
  forget() {
    this.#version = undefined;
    this.#current = undefined;
    this.#checkedAt = this.clock();
  }

  /** Settles when no check is under way. */
  async idle() {
    await this.#checking;
  }

  #lookAgain() {
    if (this.clock() - this.#checkedAt > FRESH) this.#checking ??= this.#check();
  }

  #read(): Promise<Catalogue> {
    const catalogue = readCatalogue(this.db);
    catalogue.then(({ version }) => this.#version = version, () => {});
    return catalogue;
  }

  async #check() {
    try {
      const [row] = await catalogueVersion(this.db);
      const kept = await this.#current;
      if (kept && row?.value !== kept.version) this.#current = Promise.resolve(await this.#read());
      this.#checkedAt = this.clock();
    } catch (error) {
      log("warn", "catalogue_check", { error: nameOf(error) });
    } finally {
      this.#checking = undefined;
    }
  }
}

/** Names what a public page shows: the catalogue's version and the site's own. */
export const editionOf = (version: string | undefined, site: number) => `${version} ${site}`;

async function shortHash(body: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...digest.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
