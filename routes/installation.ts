import { Hono } from "hono";
import { hexOf } from "../views/colours.ts";
import type { Brand } from "../views/layout.tsx";
import { accentFor } from "../views/themes.ts";
import type { Env } from "./context.ts";

const icon = await Deno.readTextFile(new URL("../static/icon.svg", import.meta.url));
/** The colour that the icon is drawn in. */
const OURS = "#0b5560";
const colourOf = ({ accent }: Brand) =>
  accent === null ? OURS : hexOf(accentFor(accent, "light").accent);
const DAY = "public, max-age=86400";

/** What makes the site an app on a phone's first screen: its name, its face and where it opens. */
export const installationRoutes = new Hono<Env>()
  .get(
    "/icon.svg",
    (c) =>
      c.body(icon.replace(OURS, colourOf(c.var.site.brand)), 200, {
        "Content-Type": "image/svg+xml",
        "Cache-Control": DAY,
      }),
  )
  .get("/manifest.webmanifest", (c) => {
    const { agency: { name }, brand } = c.var.site;
    const manifest = {
      ...{ id: "/", name, short_name: name.slice(0, 12), start_url: "/dashboard", scope: "/" },
      ...{ display: "standalone", background_color: "#fcfbf8", theme_color: colourOf(brand) },
      icons: ["any", "maskable"].map((purpose) => ({
        ...{ src: "/icon.svg", type: "image/svg+xml", sizes: "any", purpose },
      })),
    };
    return c.body(JSON.stringify(manifest), 200, {
      "Content-Type": "application/manifest+json",
      "Cache-Control": DAY,
    });
  });
