import type { Hono } from "hono";
import type { Env } from "./context.ts";

const answers: Record<string, string[]> = { GET: ["GET", "HEAD"], POST: ["POST"] };

/** The methods that a route takes at `path`; what stands there for every method is no route but a gate. */
export const methodsAt = ({ router }: Hono<Env>, path: string): string[] =>
  Object.keys(answers).flatMap((method) => {
    const found = router.match(method, path)[0];
    return found.some(([[, route]]) => route.method === method) ? answers[method] ?? [] : [];
  });
