import type { Payment } from "../db/payments.ts";
import { Problem } from "../db/problem.ts";
import { type NewFile, proofKinds } from "../db/stored_files.ts";
import type { Door } from "./doors.ts";
import { filesOf, hasFile } from "./files.ts";
import { paymentOf } from "./payment_pages.tsx";
import type { Upload } from "./upload_forms.ts";
import { takeFiles } from "./uploads.ts";

/** A transfer's proofs: whoever begins again and again may not fill our store. */
const MAX_PROOFS = 20;

const refused = (message: string) => new Problem("invalid", message, "file");

/** The proof of a transfer that one is waited for, from those alone who come through `door`. */
export const proofFileAt = (door: Door) =>
  takeFiles({
    ...{ kinds: proofKinds, most: 1, tooMany: () => refused("Send one file.") },
    named: (_, problem) => problem,
    async admit(c) {
      const visit = await door(c);
      const may = paymentOf(c, visit).status === "open" && !isFull(visit.file.payments);
      return { sender: visit.viewer, may };
    },
  });

/**
 * The proof that came with a form, if there is one. Throws `invalid` on `file` for one that was not taken, or is one
 * too many for its booking.
 */
export function proofOf(
  field: unknown,
  payments: Payment[],
  upload?: Upload,
): NewFile | undefined {
  if (hasFile(field) && isFull(payments)) {
    throw refused("This booking has 20 proofs already. Write to us instead.");
  }
  return filesOf(field, upload)[0];
}

const isFull = (payments: Payment[]) =>
  payments.filter(({ proofFileId }) => proofFileId !== null).length >= MAX_PROOFS;
