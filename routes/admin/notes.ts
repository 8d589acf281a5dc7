import { z } from "zod";
import { written } from "../forms.ts";

const kept = z.string().max(2000, "Write at most 2,000 characters.");

/** What an admin adds to a decision. */
export const noteField = z.string("Write one text.").transform(written).pipe(kept).optional();

/** Why an admin decided so, where others must be told. */
export const reasonField = z.string("Write the reason.").transform(written)
  .pipe(kept.min(1, "Write the reason."));

/** Where a payment is found on a statement. */
export const statementField = z.string("Write one reference.").transform(written)
  .pipe(z.string().max(140, "Write at most 140 characters.")).optional();
