import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { problemBehind } from "../db/client.ts";
import { notFound, Problem, type ProblemCode } from "../db/problem.ts";
import { log, nameOf } from "../jobs/log.ts";
import { ProblemPage, ProblemPanel, type ProblemProps } from "../views/problems.tsx";
import type { Env } from "./context.ts";
import { methodsAt } from "./methods.ts";
import { logRefusal } from "./refusals.ts";
import { goTo, isHtmx, pathAndQuery, respond, statusOf } from "./respond.ts";

const titles: Record<ProblemCode, string> = {
  invalid: "That cannot be saved like this",
  unauthenticated: "Sign in first",
  unproven: "Confirm that it is you",
  forbidden: "Not allowed",
  not_found: "Not found",
  gone: "No longer here",
  conflict: "This has changed meanwhile",
  too_large: "Too much at once",
  too_many: "Too many at once",
  unavailable: "Not available right now",
};

/** The one place where an error becomes an answer. */
export function answerProblem(error: Error, c: Context<Env>) {
  const problem = error instanceof HTTPException ? unreadable() : problemBehind(error);
  if (problem?.code === "unauthenticated") return askToSignIn(c, problem);
  if (problem?.code === "unproven") return askForProof(c, problem);
  return problem ? answer(c, problem) : answerBug(c, error);
}

/** What the framework throws of itself is about a body that is no form. */
const unreadable = () =>
  new Problem("invalid", "This form arrived damaged, so nothing was saved. Send it once more.");

/**
 * What nothing answers: an address that is none, or one of ours that takes another method. Where only some may go,
 * the others hear that first.
 */
export const answerUnknown = (app: Hono<Env>) => async (c: Context<Env>) => {
  const taken = methodsAt(app, c.req.path);
  if (taken.length === 0 || taken.includes(c.req.method)) return answer(c, notFound());
  await c.var.person;
  c.header("Allow", taken.join(", "));
  return say(c, 405, taken.includes("GET") ? readOnly : formsOnly);
};

const formsOnly = {
  title: "Nothing to see here",
  message: "This address only takes what a form sends. Open the page with that form again.",
};
const readOnly = {
  title: "Nothing can be sent here",
  message: "This address only shows a page, so nothing was saved.",
};

function answer(c: Context<Env>, problem: Problem) {
  const { code, message, retryAfter = 30 } = problem;
  const status = statusOf[code];
  if (status === 403 || status === 429) logRefusal(c, problem);
  if (status === 429 || status === 503) c.header("Retry-After", String(retryAfter));
  const calm = code === "not_found" || code === "gone";
  return say(c, status, { title: titles[code], message, calm });
}

/** To a machine as its kind of answer. */
function say(c: Context<Env>, status: ContentfulStatusCode, props: ProblemProps) {
  const { title, message } = props;
  const isMachine = c.req.header("Accept")?.includes("application/json");
  return isMachine ? problemJson(c, { status, title, message }) : show(c, status, props);
}

/** Bugs are logged by kind alone: a database error's message holds what people typed. */
function answerBug(c: Context<Env>, error: Error) {
  const { requestId } = c.var;
  const where = error.stack?.split("\n").filter((line) => line.trim().startsWith("at ")).slice(
    0,
    6,
  );
  const cause = error.cause === undefined ? undefined : nameOf(error.cause);
  log("error", "bug", { requestId, error: error.name, cause, where });
  const title = "That did not work";
  const message = "Something broke on our side and nothing was saved. Try again in a minute.";
  return show(c, 500, { title, message, requestId });
}

function show(c: Context<Env>, status: ContentfulStatusCode, props: ProblemProps) {
  const ways = props.calm ? {} : { way: wayOut(c, status), staff: c.req.path.startsWith("/admin") };
  const page = () => <ProblemPage site={c.var.site} {...ways} {...props} />;
  return respond(c, { page, part: () => <ProblemPanel {...props} /> }, status);
}

/** The same page once more where that may help, or back to the one whose form was sent. */
function wayOut(c: Context<Env>, status: number): ProblemProps["way"] {
  if (c.req.method === "GET") {
    return status >= 429 ? { label: "Try again", href: pathOf(c.req.url) } : undefined;
  }
  const from = c.req.header("Referer") ?? "";
  if (!URL.canParse(from) || new URL(from).origin !== new URL(c.var.site.url).origin) return;
  return { label: "Back to where you were", href: pathOf(from) };
}

/** Two slashes at the beginning would name another site. */
const pathOf = (address: string) => pathAndQuery(address).replace(/^\/+/, "/");

function problemJson(c: Context, body: { status: number; title: string; message: string }) {
  const { status, title, message: detail } = body;
  const type = { "Content-Type": "application/problem+json; charset=utf-8" };
  return c.body(JSON.stringify({ status, title, detail }), status as 422, type);
}

/** A page leads to the sign-in of its area and back; htmx is told to go there. */
function askToSignIn(c: Context<Env>, { field }: Problem) {
  const signIn = field === "admin" ? "/admin/sign-in" : "/sign-in";
  if (isHtmx(c)) return c.body(null, 401, { "HX-Redirect": signIn });
  if (c.req.method !== "GET") return goTo(c, signIn);
  return goTo(c, `${signIn}?next=${encodeURIComponent(pathAndQuery(c.req.url))}`);
}

/** Leads to the page that asks for what is missing, at `field`, and from there back to the page that was left. */
function askForProof(c: Context<Env>, { field = "/admin" }: Problem) {
  const address = `${field}?next=${encodeURIComponent(pageOf(c))}`;
  return isHtmx(c) ? c.body(null, 403, { "HX-Redirect": address }) : goTo(c, address);
}

/** The page somebody is on: what they asked for, or where the form they sent stands. */
function pageOf(c: Context<Env>): string {
  const shown = c.req.header("HX-Current-URL") ?? c.req.header("Referer");
  const asked = c.req.method === "GET" && !isHtmx(c) ? c.req.url : shown;
  if (!asked || !URL.canParse(asked)) return "/admin";
  return pathAndQuery(asked);
}
