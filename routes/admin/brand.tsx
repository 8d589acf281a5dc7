import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Brand, brandTexts, readBrand, saveBrand, saveLogo } from "../../db/brand.ts";
import { checkLogo, type NewLogo } from "../../db/logos.ts";
import { Problem } from "../../db/problem.ts";
import { BrandPage, BrandPanel } from "../../views/admin/brand.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { form, oneLine, orInvalid, written } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";

/** A text of its own or, left empty, none. */
const text = (max: number, kept = oneLine) =>
  z.string("Write this once.").transform(kept)
    .pipe(z.string().max(max, `Use at most ${max.toLocaleString("en")} characters.`))
    .transform((text) => text || null);

const texts = z.object({
  name: text(60),
  accent: z.string("Write one colour.").trim().toLowerCase()
    .regex(/^(#?[0-9a-f]{6})?$/, "Write the colour as six digits, like #0b5560.")
    .transform((hex) => hex && `#${hex.replace("#", "")}` || null),
  sentence: text(90),
  line: text(200),
  contact: text(300, written),
  legal: text(5000, written),
});
const upload = z.object({ file: z.unknown() });
const PATH = "/admin/settings/brand";

/** How the agency shows itself: its name, colour, words and logo. */
export const adminBrandRoutes = new Hono<Env>()
  .use("/brand/*", allowed("settings"), freshlyProven)
  .get("/brand", (c) => brandPage(c, emptyForm))
  .post("/brand", form(texts, brandPage), async (c) => {
    const { db, config } = c.var;
    const next = c.req.valid("form");
    const { name, email } = config.agency;
    const by = await changeOf(c);
    await saveBrand(db, next, { ...by, seller: { name, email } });
    return saved(c, { ...by.before, ...next });
  })
  .post("/brand/logo", form(upload, brandPage), async (c) =>
    await orInvalid({}, async () => {
      const [by, logo] = await Promise.all([changeOf(c), logoIn(c.req.valid("form").file)]);
      await saveLogo(c.var.db, logo, by);
      const { bytes: _apart, ...kept } = logo;
      return saved(c, { ...by.before, logo: kept });
    }, (state) => brandPage(c, state)))
  .post("/brand/logo/removal", async (c) => {
    const by = await changeOf(c);
    await saveLogo(c.var.db, null, by);
    return saved(c, { ...by.before, logo: null });
  });

async function logoIn(field: unknown): Promise<NewLogo> {
  if (!(field instanceof File) || field.size === 0) {
    throw new Problem("invalid", "Choose a picture first.", "file");
  }
  return await checkLogo(new Uint8Array(await field.arrayBuffer()));
}

async function changeOf(c: Context<Env>) {
  const [by, before] = await Promise.all([byWhom(c), readBrand(c.var.db)]);
  return { ...by, before };
}

/** This process shows it at once; others within seconds. */
function saved(c: Context<Env>, brand: Brand) {
  c.var.brands.put(brand);
  return goTo(c, `${PATH}?saved=1`);
}

async function brandPage(c: Context<Env>, form: FormState) {
  const [who, brand] = await Promise.all([c.var.person, readBrand(c.var.db)]);
  const { site } = c.var;
  const untouched = Object.keys(form.values).length === 0;
  const values = untouched ? typedOf(brand) : form.values;
  const props = {
    form: { ...form, values },
    defaultName: c.var.config.agency.name,
    logo: brand.logo === null ? undefined : site.brand.logo,
    accent: brand.accent,
    saved: c.req.query("saved") === "1",
  };
  return respond(c, {
    page: () => <BrandPage site={site} who={who} {...props} />,
    part: () => <BrandPanel {...props} />,
  }, Object.keys(form.errors).length === 0 ? 200 : 422);
}

const typedOf = (brand: Brand) =>
  Object.fromEntries(brandTexts.map((name) => [name, brand[name] ?? ""]));
