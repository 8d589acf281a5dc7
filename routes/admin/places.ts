import { z } from "zod";
import { notFound } from "../../db/problem.ts";
import { form } from "../forms.ts";

const place = z.object({ before: z.string("Load this page again.").max(100).optional() });

/** Where something is put: in front of what `before` names, or at the end. */
export const placeForm = form(place, () => {
  throw notFound();
});
