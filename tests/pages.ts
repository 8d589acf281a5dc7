import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dump } from "./cast.ts";
import { steady } from "./marks.ts";
import type { Answer, Visitor } from "./visitor.ts";
import type { World } from "./world.ts";

/** Text as it stands in HTML. */
export const escaped = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");

/** Asserts that htmx gets exactly a piece of what the browser gets, and returns the whole page. */
export async function assertBothSizes(visitor: Visitor, path: string): Promise<Answer> {
  const page = await visitor.get(path);
  const part = await visitor.get(path, { htmx: true });
  assertEquals([path, page.status, part.status], [path, 200, 200]);
  assertStringIncludes(page.headers.get("vary") ?? "", "HX-Request-Type");
  assert(page.text.startsWith("<!doctype html><html"), `${path} is a page`);
  assert(part.text.length > 0 && !part.text.includes("<html"), `${path} has a part`);
  assertStringIncludes(steady(page.text), steady(part.text));
  return page;
}

/**
 * Does `work` and asserts that not one row of the database changed, but for what counts and records tries.
 * Mails that wait are sent before.
 */
export async function assertNothingWritten<T>(world: World, work: () => Promise<T>): Promise<T> {
  const before = await settled(world);
  const result = await work();
  assertEquals(await settled(world), before);
  return result;
}

async function settled(world: World) {
  await world.mails();
  const { rate_limits: _limits, audit_log: _log, sqlite_sequence: _last, ...rows } = await dump(
    world.db,
  );
  return rows;
}

/** Asserts that `answer` is the answer for a page that does not exist, to the byte. */
export async function assertUnknown(visitor: Visitor, answer: Answer) {
  const unknown = await visitor.get("/no-such-page");
  assertEquals([answer.status, answer.text], [404, unknown.text]);
}

/** The value of a mark in the first element that has it. */
export const markOf = ({ text }: Answer, name: string) =>
  text.match(new RegExp(`\\bdata-${name}="([^"]*)"`))?.[1];
