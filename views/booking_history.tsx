import type { BookingFile } from "../db/booking_finders.ts";
import type { BookingEvent } from "../db/booking_moves.ts";
import type { SharedFile } from "../db/booking_sides.ts";
import { Ahead } from "./ahead.tsx";
import { fileSize, Instant } from "./format.tsx";
import { PaymentList } from "./payments.tsx";
import { ReceiptList } from "./receipts.tsx";
import { Timeline } from "./timelines.tsx";

type HistoryProps = {
  file: BookingFile;
  /** What stands above it already, and needs no second telling. */
  told: BookingEvent | undefined;
  base: string;
  deliverBy?: number | null;
  guest?: object;
  now: number;
  zone: string;
};

/** What happened to a booking and what came of it: its money, its papers and its files. */
export function History({ file, told, base, deliverBy, guest, now, zone }: HistoryProps) {
  const { payments, receipts, refunds, files, booking } = file;
  // What was mailed tells of the address: whoever holds the link alone may only have typed it.
  const mails = guest ? [] : file.mails;
  const events = file.events.map((event) => event === told ? { ...event, note: null } : event);
  const { currency } = booking;
  return (
    <div class="stack">
      <h2>What happened</h2>
      <div>
        <Timeline {...{ events, refunds, mails, currency, now, zone, audience: "client" }} />
        <Ahead {...{ booking, deliverBy, zone }} />
      </div>
      <PaymentList {...{ payments, base, now, zone }} />
      <ReceiptList {...{ receipts, base, now, zone }} />
      {!guest && <FileList {...{ files, base, now, zone }} />}
    </div>
  );
}

type FilesProps = { files: SharedFile[]; base: string; now: number; zone: string };

/** What both sides sent each other in the chat. */
export function FileList({ files, ...props }: FilesProps) {
  if (files.length === 0) return null;
  return (
    <section class="stack" id="files">
      <h2>Files</h2>
      <ul class="list">{files.map((file) => FileRow({ file, ...props }))}</ul>
    </section>
  );
}

const FileRow = ({ file, base, now, zone }: Omit<FilesProps, "files"> & { file: SharedFile }) => (
  <li class="list-row">
    <a href={`${base}/chat/files/${file.id}`} download={file.name}>
      <bdi>{file.name}</bdi>
    </a>
    <span>{fileSize(file.size)}</span>
    <span>
      from <bdi>{file.author}</bdi>, <Instant {...{ at: file.at, now, zone }} />
    </span>
  </li>
);
