import { GatewayError } from "./gateway.ts";
import { refusalOf } from "./refusals.ts";

/** Milliseconds for one request. */
const TIMEOUT = 8000;

/** Throws GatewayError `unreachable` where there is no answer in time. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw refusalOf(undefined);
  }
}

type Refused = { name?: string; details?: { issue?: string }[] } | null;

/** The JSON of an answer. Throws GatewayError where it is a refusal, or no JSON. */
export async function read<T>(answer: Response): Promise<T> {
  const said = jsonIn(await textOf(answer) || "{}");
  if (!answer.ok) {
    const refused = said as Refused;
    throw refusalOf(answer.status, refused?.details?.[0]?.issue ?? refused?.name);
  }
  if (said === null) throw new GatewayError("unreadable", false);
  return said as T;
}

/** The time limit holds for the body too. */
async function textOf(answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch {
    throw refusalOf(undefined);
  }
}

/** A proxy on the way may answer in words of its own: null. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
