/** Stripe writes what belongs to something as its name alone, or whole where that was asked for. */
export const idOf = (thing?: string | { id: string } | null): string | undefined =>
  (typeof thing === "string" ? thing : thing?.id) ?? undefined;
