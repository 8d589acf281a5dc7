import { assert, assertEquals } from "@std/assert";
import { moveTable } from "../db/booking_status.ts";
import { type Fact, readSources, type Source } from "./sources.ts";

const sources = await readSources(["main.ts", "db", "views", "jobs", "routes"]);
const layerOf = (path: string) => path === "main.ts" ? "main" : path.split("/")[0] ?? "";
const none: string[] = [];

/** What each folder may import: other folders (an ending "/" means all of it), and packages. */
const allowed: Record<string, { ours: string[]; packages: string[] }> = {
  db: {
    ours: ["db/"],
    packages: [
      "drizzle-orm",
      "@libsql/client",
      "hash-wasm",
      "otplib",
      "@zxcvbn-ts/language-common",
      "file-type",
      "node:crypto",
    ],
  },
  views: {
    ours: ["views/"],
    packages: ["hono/jsx", "uqr", "pdfkit", "csv-stringify", "d3-scale", "d3-shape"],
  },
  jobs: {
    ours: ["db/", "views/emails/", "jobs/"],
    packages: [
      "nodemailer",
      "zod",
      "node:process",
      "stripe",
      "@upstash/qstash",
      "viem",
      "aws4fetch",
      "csv-parse",
      "fast-xml-parser",
    ],
  },
  routes: {
    ours: ["db/", "views/", "jobs/", "routes/"],
    packages: ["hono", "@hono/zod-validator", "zod", "jose", "node:zlib"],
  },
  main: {
    ours: ["db/client.ts", "jobs/", "routes/app.ts", "routes/deps.ts"],
    packages: [],
  },
};

Deno.test("every folder imports only what the design lets it", () => {
  assertEquals(
    sources.flatMap((source) => source.imports.flatMap((fact) => wrongImport(source, fact))),
    none,
  );
});

function wrongImport({ path }: Source, { value, typeOnly, line }: Fact): string[] {
  const rule = allowed[layerOf(path)];
  if (!rule) return [`${path}: no rule for this folder`];
  const ours = /^(main\.ts|db|views|jobs|routes)\b/.test(value);
  const fine = ours
    ? rule.ours.some((place) =>
      value === place || (place.endsWith("/") && value.startsWith(place))
    ) ||
      (layerOf(path) === "views" && typeOnly && value.startsWith("db/"))
    : rule.packages.some((name) => value === name || value.startsWith(`${name}/`));
  return fine ? [] : [`${path}:${line} imports ${value}`];
}

Deno.test("each package has its one place", () => {
  const places: Record<string, RegExp> = {
    jose: /^routes\/session\.ts$/,
    nodemailer: /^jobs\/gateways\//,
    "@libsql/client": /^db\/client\.ts$/,
    "hash-wasm": /^db\/passwords_worker\.ts$/,
    "@zxcvbn-ts/language-common": /^db\/password_rules\.ts$/,
    "otplib/functional": /^db\/one_time_codes\.ts$/,
    "file-type": /^db\/file_checks\.ts$/,
    "node:crypto": /^db\/file_checks\.ts$/,
    aws4fetch: /^jobs\/gateways\/s3\.ts$/,
    stripe: /^jobs\/gateways\/stripe/,
    viem: /^jobs\/gateways\/usdt/,
    "@upstash/qstash": /^jobs\/queue\.ts$/,
    pdfkit: /^views\/receipt_pdf\.ts$/,
    uqr: /^views\/qr_code\.tsx$/,
    "d3-scale": /^views\/admin\/chart_geometry\.ts$/,
    "d3-shape": /^views\/admin\/chart_geometry\.ts$/,
  };
  const strays = sources.flatMap(({ path, imports }) =>
    imports.filter(({ value, typeOnly }) => !typeOnly && places[value] && !places[value].test(path))
      .map(({ value, line }) => `${path}:${line} imports ${value}`)
  );
  assertEquals(strays, none);
});

Deno.test("no file imports itself by way of others", () => {
  const graph = new Map(sources.map(({ path, imports }) => [
    path,
    imports.filter(({ typeOnly }) => !typeOnly).map(({ value }) => value),
  ]));
  const done = new Set<string>();
  const walk = (path: string, trail: string[]): string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(" > ")];
    if (done.has(path)) return [];
    done.add(path);
    return (graph.get(path) ?? []).flatMap((next) => walk(next, [...trail, path]));
  };
  assertEquals([...graph.keys()].flatMap((path) => walk(path, [])), none);
});

Deno.test("asvs V6.5.3 V6.5.8: the environment, the network and the clock are read where the design says", () => {
  const places: Record<string, RegExp> = {
    "Deno.env": /^jobs\/config\.ts$/,
    fetch: /^(jobs\/gateways\/|db\/client\.ts$)/,
    "Date.now": /^(main\.ts|jobs\/cli\.ts)$/,
    "new Date()": /^jobs\/log\.ts$/,
    "Math.random": /^$/,
  };
  const strays = sources.flatMap(({ path, uses }) =>
    uses.filter(({ value }) => places[value] && !places[value].test(path))
      .map(({ value, line }) => `${path}:${line} uses ${value}`)
  );
  assertEquals(strays, none);
});

Deno.test("only db/booking_moves.ts writes a booking's status", () => {
  const writers = sources.filter(({ text }) =>
    /update\(serviceBookings\)|update service_bookings/i.test(text)
  );
  assertEquals(writers.map(({ path }) => path), ["db/booking_moves.ts"]);
});

Deno.test("files are small: median 60 lines, nine of ten 150, none over 250", () => {
  const counted = sources.filter(({ path }) =>
    path !== "db/schema.ts" && !path.startsWith("db/seed_catalogue")
  );
  const sizes = counted.map(({ lines }) => lines).sort((a, b) => a - b);
  assertEquals(counted.filter(({ lines }) => lines > 250).map(({ path }) => path), none);
  assert(at(sizes, 0.9) <= 150, `nine of ten files have ${at(sizes, 0.9)} lines or fewer`);
  assert(at(sizes, 0.5) <= 60, `the median file has ${at(sizes, 0.5)} lines`);
  assert(
    (sources.find(({ path }) => path === "main.ts")?.lines ?? 0) < 60,
    "main.ts has less than 60 lines",
  );
});

Deno.test("functions are small: nine of ten 15 lines, none over 40", () => {
  const functions = sources.flatMap(({ path, functions }) =>
    functions.map((fact) => ({ path, ...fact }))
  );
  const long = functions.filter(({ lines }) => lines > 40).map(({ path, line, lines }) =>
    `${path}:${line} ${lines}`
  );
  assertEquals(long, none);
  const sizes = functions.map(({ lines }) => lines).sort((a, b) => a - b);
  assert(at(sizes, 0.9) <= 15, `nine of ten functions have ${at(sizes, 0.9)} lines or fewer`);
});

const at = (sorted: number[], share: number) =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

Deno.test("README's diagram shows the table of moves, arrow for arrow", async () => {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const drawn = [...readme.matchAll(/^ +(\S+) --> (\w+): (\w+) \(([\w, ]+)\)$/gm)]
    .map(([, from, to, move, who]) => `${move} ${from} ${to} ${who}`);
  const table = moveTable.map(({ move, from, to, who }) =>
    `${move} ${from ?? "[*]"} ${to} ${who.join(", ")}`
  );
  assertEquals(drawn.sort(), table.sort());
});

Deno.test("every file that README names is there", async () => {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const named = [...readme.matchAll(/`((?:db|jobs|routes|tests|views)\/[\w/]+\.tsx?)`/g)];
  assert(named.length > 10, "README shows where its promises are kept");
  for (const [, path] of named) await Deno.stat(new URL(`../${path}`, import.meta.url));
});

Deno.test("the top level is the one the design names", async () => {
  const names = [];
  for await (const { name } of Deno.readDir(new URL("..", import.meta.url))) names.push(name);
  const known = [
    "deno.json",
    "main.ts",
    "routes",
    "db",
    "views",
    "jobs",
    "static",
    "tests",
    "README.md",
  ]
    .concat("deno.lock", "LICENSE", "CHANGELOG.md", "node_modules", "data");
  assertEquals(names.filter((name) => !name.startsWith(".") && !known.includes(name)), none);
});
