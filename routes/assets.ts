import { type Context, Hono } from "hono";
import { statusIcons } from "../views/status.tsx";
import { type Bytes, Coded, codingFor } from "./codings.ts";
import type { Env } from "./context.ts";

type File = { body: Coded; type: string };
export type Assets = {
  /** The addresses that pages link to; each carries the hash of its bytes. */
  urls: { css: string; admin: string; script: string; live: string; stream: string; queue: string };
  files: Map<string, File>;
  icons: File;
};

const CSS = "text/css; charset=utf-8";
const JS = "text/javascript; charset=utf-8";
const layers = ["reset", "tokens", "base", "components", "pages"];
const signs = ["copy", "menu", "paperclip", "pause", "play", "send", "file-text"];
const icons = [...statusIcons, ...signs, "arrow-right", "arrow-left", "arrow-down"];

/** In the order they run in; each uses what those before it made. */
const chatScripts = [
  "chat_times",
  "chat",
  "chat_newest",
  "chat_files",
  "chat_sending",
  "chat_replies",
];

/** Reads our styles and script, and others' files out of their packages, once. */
export async function loadAssets(): Promise<Assets> {
  const files = new Map<string, File>();
  const add = async (name: string, type: string, texts: Promise<string>[]) => {
    const body = new TextEncoder().encode(
      (await Promise.all(texts)).join(type === JS ? ";\n" : "\n"),
    );
    const [stem, extension] = name.split(".");
    const url = `/static/${stem}.${await hashOf(body)}.${extension}`;
    files.set(url, { body: new Coded(body), type });
    return url;
  };
  const css = layers.map((layer) => read(`../static/css/${layer}.css`).then(trimmed));
  const ours = Promise.all(
    ["app", "clocks", "installation", "links"].map((name) => read(`../static/${name}.js`)),
  ).then((texts) => texts.join("\n"));
  const chat = chatScripts.map((name) => read(`../static/${name}.js`));
  const alive = ["focus", "failures"].map((name) => read(`../static/${name}.js`));
  const htmx = readPackaged("htmx.org/dist/htmx.min.js");
  const sse = readPackaged("htmx.org/dist/ext/hx-sse.min.js");
  const urls = {
    css: await add("app.css", CSS, css),
    // What staff alone see weighs on no other page.
    admin: await add("admin.css", CSS, [read("../static/css/admin.css").then(trimmed)]),
    script: await add("app.js", JS, [ours]),
    // One file each: htmx starts a moment after it has run, so an extension in a file of its own comes too late.
    live: await add("live.js", JS, [htmx, ours, ...alive]),
    stream: await add("stream.js", JS, [htmx, sse, ours, ...chat]),
    queue: await add("queue.js", JS, [read("../static/queue.js")]),
  };
  return { urls, files, icons: await sprite() };
}

export const assetRoutes = new Hono<Env>()
  .get("/static/icons.svg", (c) => send(c, c.var.assets.icons, "public, max-age=3600"))
  .get("/static/:file", (c) => {
    const file = c.var.assets.files.get(c.req.path);
    return file ? send(c, file, "public, max-age=31536000, immutable") : c.notFound();
  });

async function send(c: Context<Env>, { body, type }: File, keep: string) {
  const coding = codingFor(c.req.header("Accept-Encoding"));
  c.header("Vary", "Accept-Encoding");
  if (coding !== "identity") c.header("Content-Encoding", coding);
  return c.body(await body.as(coding), 200, { "Content-Type": type, "Cache-Control": keep });
}

async function sprite(): Promise<File> {
  const symbols = await Promise.all([...new Set(icons)].map(async (name) => {
    const svg = await readPackaged(`lucide-static/icons/${name}.svg`);
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.trim()}</symbol>`;
  }));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  return { body: new Coded(new TextEncoder().encode(svg)), type: "image/svg+xml" };
}

/** Styles without what only those who write them read. */
const trimmed = (css: string) => css.replace(/\/\*[^]*?\*\//g, "").replace(/\n\s*/g, "\n");

const read = (path: string) => Deno.readTextFile(new URL(path, import.meta.url));
const readPackaged = (path: string) => Deno.readTextFile(new URL(import.meta.resolve(path)));

/** Names a file by what is in it. */
export async function hashOf(body: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
