type Facts = Record<string, string | number | string[] | undefined>;

/** One JSON line on standard error: when (UTC), how bad, what. No fact may hold what a person typed. */
export function log(level: "warn" | "error", event: string, facts: Facts = {}) {
  console.error(JSON.stringify({ at: new Date().toISOString(), level, event, ...facts }));
}

/** What kind of error it was. Never its message: a database error's message holds what people typed. */
export const nameOf = (error: unknown) => error instanceof Error ? error.name : "unknown";
