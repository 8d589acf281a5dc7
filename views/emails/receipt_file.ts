import type { ReceiptFile } from "../../db/receipt_finders.ts";
import { receiptPdf } from "../receipt_pdf.ts";
import { receiptName } from "../receipt_words.ts";

/** A receipt as a mail brings it along; `zone` is the agency's. */
export async function receiptAttachment(file: ReceiptFile, zone: string) {
  const number = receiptName(file.receipt);
  return {
    number,
    file: { name: `${number}.pdf`, type: "application/pdf", bytes: await receiptPdf(file, zone) },
  };
}
