import { type Brand, readBrand } from "../db/brand.ts";
import type { Db } from "../db/client.ts";
import { log, nameOf } from "../jobs/log.ts";
import type { Site } from "../views/layout.tsx";
import { themeName } from "../views/themes.ts";

/** How long a process may show a face that another one has changed, in milliseconds. */
const FRESH = 5000;

/** What the product knows of itself before the agency says anything. */
type Base = Pick<Site, "agency" | "assets" | "url">;

/**
 * The agency's face in memory. A request never waits for it: it gets what is there, and where that may be old it
 * is read behind the answer.
 */
export class BrandCache {
  site: Site;
  #brand = "";
  #checkedAt: number;
  #checking: Promise<void> | undefined;

  private constructor(readonly db: Db, readonly clock: () => number, readonly base: Base) {
    this.site = siteOf(base, nothing);
    this.#checkedAt = clock();
  }

  static async open(db: Db, clock: () => number, base: Base): Promise<BrandCache> {
    const cache = new BrandCache(db, clock, base);
    await cache.#check();
    return cache;
  }

  /** The site as far as it is known. */
  look(): Site {
    if (this.clock() - this.#checkedAt > FRESH) this.#checking ??= this.#check();
    return this.site;
  }

  /** What this process has just written. */
  put(brand: Brand) {
    const text = JSON.stringify(brand);
    if (text !== this.#brand) this.site = siteOf(this.base, brand, this.site.edition + 1);
    this.#brand = text;
    this.#checkedAt = this.clock();
  }

  /** Settles when no check is under way. */
  async idle() {
    await this.#checking;
  }

  async #check() {
    try {
      this.put(await readBrand(this.db));
    } catch (error) {
      log("warn", "brand_check", { error: nameOf(error) });
    } finally {
      this.#checking = undefined;
    }
  }
}

const nothing: Brand = {
  ...{ name: null, accent: null, sentence: null, line: null, contact: null, legal: null },
  logo: null,
};

/** How a logo's name ends, by its type. */
export const endings: Record<string, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
};

function siteOf(base: Base, brand: Brand, edition = 0): Site {
  const { name, accent, sentence, line, contact, legal, logo } = brand;
  return {
    ...base,
    edition,
    agency: { ...base.agency, name: name ?? base.agency.name },
    brand: {
      ...{ sentence, line, contact, legal, accent },
      theme: accent === null ? undefined : `/brand/theme-${themeName(accent)}.css`,
      logo: logo === null ? undefined : {
        src: `/brand/logo-${logo.hash}.${endings[logo.type]}`,
        width: logo.width,
        height: logo.height,
      },
    },
  };
}
