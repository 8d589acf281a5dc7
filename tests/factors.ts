import { generateSync } from "otplib/functional";
import type { Answer, Visitor } from "./visitor.ts";
import { type World } from "./world.ts";
import { ada } from "./cast.ts";
import { PASSWORD } from "./world.ts";

const path = "/admin/second-factor";
/** One step of the codes, in milliseconds. */
export const STEP = 30_000;

/** What an admin has written down: the key in their app and their recovery codes. */
export type Kept = { seed: string; codes: string[] };

/** The code that an app shows `steps` steps from now. */
export const codeAt = (world: World, { seed }: Pick<Kept, "seed">, steps = 0): string =>
  generateSync({ secret: seed, epoch: (world.time.now + steps * STEP) / 1000 });

/** Six digits that are no code of now. */
export function wrongCode(world: World, kept: Pick<Kept, "seed">): string {
  const near = [-1, 0, 1].map((steps) => codeAt(world, kept, steps));
  return ["000000", "111111", "222222", "333333"].find((code) => !near.includes(code)) ?? "";
}

/** Begins a second factor through its page and returns the key that the page shows. */
export async function beginFactor(visitor: Visitor): Promise<string> {
  await visitor.fill(path, path);
  const seed = keyOn(await visitor.get(path));
  if (!seed) throw new Error("the page shows no key");
  return seed;
}

/** Sets a second factor up through its pages; afterwards its first code is still to come. */
export async function setUpFactor(world: World, visitor: Visitor): Promise<Kept> {
  const seed = await beginFactor(visitor);
  const { text } = await visitor.post(`${path}/confirmation`, { code: codeAt(world, { seed }) });
  world.time.now += STEP;
  return { seed, codes: codesOn(text) };
}

export const keyOn = ({ text }: Answer) => text.match(/data-copy="([A-Z2-7]{32})"/)?.[1];
export const codesOn = (text: string) => [
  ...new Set(text.match(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){5}\b/g)),
];

/** Gives Ada's password at the door; what comes next is the code. */
export async function givePassword(world: World, next?: string): Promise<Visitor> {
  const visitor = world.stranger();
  const form = { email: ada.email, password: PASSWORD, ...(next ? { next } : {}) };
  const answer = await visitor.post("/admin/sign-in", form);
  if (answer.location !== "/admin/sign-in/code") throw new Error(`no code asked: ${answer.status}`);
  return visitor;
}

export const giveCode = (visitor: Visitor, code: string) =>
  visitor.fill("/admin/sign-in/code", "/admin/sign-in/code", { code });
