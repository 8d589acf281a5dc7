import { z } from "zod";
import { optionalText, requiredText, written } from "../forms.ts";

/** What an admin adds to a decision. */
export const noteField = optionalText("Write one text.");

/** Why an admin decided so, where others must be told. */
export const reasonField = requiredText("Write the reason.");

/** Where a payment is found on a statement. */
export const statementField = z.string("Write one reference.").transform(written)
  .pipe(z.string().max(140, "Write at most 140 characters.")).optional();
