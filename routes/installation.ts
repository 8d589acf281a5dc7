import { type Context, Hono } from "hono";
import { hexOf } from "../views/colours.ts";
import type { Brand } from "../views/layout.tsx";
import { accentFor } from "../views/themes.ts";
import type { Bytes } from "./codings.ts";
import type { Env } from "./context.ts";
import { iconPng } from "./icon_png.ts";

const icon = await Deno.readTextFile(new URL("../static/icon.svg", import.meta.url));
/** The colour that the icon is drawn in. */
const OURS = "#0b5560";
const colourOf = ({ accent }: Brand) =>
  accent === null ? OURS : hexOf(accentFor(accent, "light").accent);
const DAY = "public, max-age=86400";

/** What makes the site an app on a phone's first screen: its name, its face and where it opens. */
export const installationRoutes = new Hono<Env>()
  .get("/icon.svg", (c) => sendSvg(c, icon))
  .get("/icon-unread.svg", (c) => sendSvg(c, icon.replace("</svg>", `${dot}</svg>`)))
  .get("/icon-192.png", (c) => sendPng(c, 192))
  .get("/icon-512.png", (c) => sendPng(c, 512))
  // Where iOS looks without being told.
  .get("/apple-touch-icon.png", (c) => sendPng(c, 180))
  .get("/manifest.webmanifest", (c) => {
    const { agency: { name }, brand } = c.var.site;
    const manifest = {
      ...{ id: "/", name, short_name: name.slice(0, 12), start_url: "/dashboard", scope: "/" },
      ...{ display: "standalone", background_color: "#fcfbf8", theme_color: colourOf(brand) },
      icons,
    };
    return c.body(JSON.stringify(manifest), 200, {
      "Content-Type": "application/manifest+json",
      "Cache-Control": DAY,
    });
  });

/** The sign keeps within the circle that a mask leaves, so one drawing serves both purposes. */
const icons = ["any", "maskable"].flatMap((purpose) => [
  { src: "/icon.svg", type: "image/svg+xml", sizes: "any", purpose },
  ...[192, 512].map((size) => ({
    ...{ src: `/icon-${size}.png`, type: "image/png", sizes: `${size}x${size}`, purpose },
  })),
]);

/** Something new, in a corner that stays visible at 16 pixels. */
const dot = '<circle cx="388" cy="124" r="124" fill="#fdfcfa" />' +
  '<circle cx="388" cy="124" r="96" fill="#c8102e" />';

const sendSvg = (c: Context<Env>, svg: string) =>
  c.body(svg.replace(OURS, colourOf(c.var.site.brand)), 200, {
    "Content-Type": "image/svg+xml",
    "Cache-Control": DAY,
  });

/** The last drawing of each size. */
const drawn = new Map<number, { colour: string; png: Bytes }>();

function sendPng(c: Context<Env>, size: number) {
  const colour = colourOf(c.var.site.brand);
  let icon = drawn.get(size);
  if (icon?.colour !== colour) drawn.set(size, icon = { colour, png: iconPng(size, colour) });
  return c.body(icon.png, 200, { "Content-Type": "image/png", "Cache-Control": DAY });
}
