import { type SQL, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  blob,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { actorKinds, statuses } from "./booking_status.ts";
import { MAX_MINOR } from "./money.ts";

export const urgencies = ["low", "medium", "high", "urgent"] as const;
export const serviceStates = ["active", "hidden", "archived"] as const;
export const paymentMethods = ["stripe", "paypal", "usdt", "bank", "test", "manual"] as const;
export const paymentStatuses = [
  "created",
  "open",
  "processing",
  "under_review",
  "succeeded",
  "failed",
  "expired",
  "voided",
  "needs_review",
  "refunded",
] as const;
export const emailStatuses = ["queued", "sending", "sent", "failed", "dead"] as const;
export const templates = [
  "booking_received",
  "booking_approved",
  "booking_rejected",
  "booking_cancelled",
  "payment_instructions",
  "payment_received",
  "payment_refused",
  "chat_invitation",
  "booking_completed",
  "account_claim",
  "email_verification",
  "password_reset",
  "admin_invitation",
  "new_booking",
  "urgent_booking",
  "payment_reminder",
  "booking_expired",
  "booking_assigned",
  "approval_reminder",
  "approval_delayed",
  "approval_revoked",
  "staff_digest",
  "payment_review",
  "refund_sent",
  "refund_failed",
  "chat_unread",
] as const;
export const networks = ["evm", "tron"] as const;
/** What a provider may say of an attempt. */
export const outcomes = [
  "processing",
  "succeeded",
  "failed",
  "expired",
  "refunded",
  "refund_failed",
  "disputed",
] as const;
export const refundStatuses = ["requested", "processing", "succeeded", "failed"] as const;
export const receiptKinds = ["receipt", "credit_note"] as const;
export const roles = ["owner", "manager", "agent"] as const;
export const authorKinds = ["client", "admin"] as const;
export const filePlaces = ["database", "bucket"] as const;
export const tokenPurposes = [
  "setup",
  "claim",
  "verify",
  "reset",
  "invitation",
  "email_old",
  "email_new",
] as const;

export type Urgency = typeof urgencies[number];
/** 0 for what is most urgent, as an index keeps it. */
export const urgencyRank =
  sql`case urgency when 'urgent' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`;
export type PaymentMethod = typeof paymentMethods[number];
export type PaymentStatus = typeof paymentStatuses[number];
export type Network = typeof networks[number];
export type RefundStatus = typeof refundStatuses[number];
export type ServiceState = typeof serviceStates[number];
export type EmailStatus = typeof emailStatuses[number];
export type Template = typeof templates[number];
export type Role = typeof roles[number];
export type AuditFacts = Record<string, string | number | boolean | null>;

const id = () => integer().primaryKey({ autoIncrement: true });
const oneOf = (name: string, column: AnySQLiteColumn, values: readonly string[]) =>
  check(name, sql`${column} in ${values}`.inlineParams());
const amount = (name: string, column: AnySQLiteColumn) =>
  check(name, sql`${column} between 1 and ${MAX_MINOR}`.inlineParams());
const atMost = (name: string, column: AnySQLiteColumn, characters: number) =>
  check(name, sql`length(${column}) <= ${characters}`.inlineParams());
const where = (condition: SQL) => condition.inlineParams();

export const serviceCategories = sqliteTable("service_categories", {
  id: id(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull(),
  position: integer().notNull(),
});

export const services = sqliteTable("services", {
  id: id(),
  categoryId: integer().notNull().references(() => serviceCategories.id),
  slug: text().notNull().unique(),
  name: text().notNull(),
  summary: text().notNull(),
  description: text().notNull(),
  needs: text().notNull(),
  priceMinor: integer(),
  deliveryDays: integer().notNull(),
  /** Whether the clock may approve it, and after how many hours where not after the usual. */
  approvesItself: integer({ mode: "boolean" }).notNull().default(true),
  approveAfterHours: integer(),
  state: text({ enum: serviceStates }).notNull().default("active"),
  position: integer().notNull(),
}, (t) => [
  index("services_by_category").on(t.categoryId, t.position),
  oneOf("service_state", t.state, serviceStates),
  amount("service_price", t.priceMinor),
  check("service_days", sql`${t.deliveryDays} between 1 and 365`),
  check("service_hours", sql`${t.approveAfterHours} between 24 and 240`),
]);

export const users = sqliteTable("users", {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  phone: text(),
  company: text(),
  passwordHash: text(),
  emailVerifiedAt: integer(),
  /** Nothing is approved by itself for a blocked client. */
  blockedAt: integer(),
  deactivatedAt: integer(),
  createdAt: integer().notNull(),
}, (t) => [check("user_email", sql`${t.email} = lower(${t.email})`)]);

export const admins = sqliteTable("admins", {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  passwordHash: text().notNull(),
  role: text({ enum: roles }).notNull(),
  /** The seed of the second factor, AES-GCM; in force once it is confirmed. */
  totpSeed: text(),
  totpConfirmedAt: integer(),
  /** The last 30-second step whose code was taken: a code works once. */
  totpStep: integer(),
  deactivatedAt: integer(),
  createdAt: integer().notNull(),
}, (t) => [
  oneOf("admin_role", t.role, roles),
  check("admin_email", sql`${t.email} = lower(${t.email})`),
]);

export const serviceBookings = sqliteTable("service_bookings", {
  id: id(),
  reference: text().notNull().unique(),
  idempotencyKey: text().notNull().unique(),
  /** Opens the guest's status page; in every e-mail of the booking. */
  accessToken: text().notNull().unique(),
  userId: integer().notNull().references(() => users.id),
  serviceId: integer().notNull().references(() => services.id),
  serviceName: text().notNull(),
  cataloguePriceMinor: integer(),
  deliveryDays: integer().notNull(),
  priceMinor: integer(),
  currency: text().notNull(),
  urgency: text({ enum: urgencies }).notNull(),
  details: text().notNull(),
  clientName: text().notNull(),
  clientEmail: text().notNull(),
  clientPhone: text(),
  clientCompany: text(),
  status: text({ enum: statuses }).notNull(),
  version: integer().notNull(),
  approvalNote: text(),
  heldAt: integer(),
  autoApproveAt: integer(),
  /** Why the clock could not approve it when its time came; a person must. */
  attention: text(),
  payBy: integer(),
  completedAt: integer(),
  assignedTo: integer().references(() => admins.id),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
}, (t) => [
  index("bookings_by_assignee").on(t.assignedTo, t.id),
  index("bookings_by_user").on(t.userId, t.id),
  index("bookings_by_status").on(t.status, t.id, t.assignedTo),
  index("bookings_by_urgency").on(t.urgency, t.id),
  index("bookings_to_review").on(t.status, urgencyRank, t.id).where(sql`status = 'pending'`),
  index("bookings_by_time").on(t.status, t.createdAt, t.assignedTo),
  index("bookings_by_service").on(t.serviceId, t.id),
  index("bookings_by_approval").on(t.status, t.autoApproveAt),
  index("bookings_by_pay_by").on(t.status, t.payBy),
  index("bookings_unpaid").on(t.currency, t.priceMinor, t.assignedTo)
    .where(sql`status in ('approved', 'payment_pending')`),
  oneOf("booking_status", t.status, statuses),
  oneOf("booking_urgency", t.urgency, urgencies),
  amount("booking_price", t.priceMinor),
  amount("booking_catalogue_price", t.cataloguePriceMinor),
  check("booking_version", sql`${t.version} >= 1`),
  check("booking_currency", sql`length(${t.currency}) = 3`),
  check(
    "booking_priced",
    sql`${t.priceMinor} is not null or ${t.status} in ('pending', 'rejected', 'cancelled')`,
  ),
  atMost("booking_details", t.details, 5000),
  atMost("booking_client_name", t.clientName, 100),
]);

/** How many bookings are in a status and with whom, 0 for nobody: kept by the rules, for all are too many to count. */
export const bookingCounts = sqliteTable("booking_counts", {
  status: text({ enum: statuses }).notNull(),
  assignedTo: integer().notNull(),
  n: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.status, t.assignedTo] }),
  oneOf("counted_status", t.status, statuses),
]);

/** How long each approved booking had waited for it, in milliseconds: kept by the rules beside its event. */
export const approvalWaits = sqliteTable("approval_waits", {
  bookingId: integer().notNull().references(() => serviceBookings.id),
  at: integer().notNull(),
  wait: integer().notNull(),
}, (t) => [index("waits_by_time").on(t.at, t.wait, t.bookingId)]);

export const bookingEvents = sqliteTable("booking_events", {
  bookingId: integer().notNull().references(() => serviceBookings.id),
  version: integer().notNull(),
  move: text().notNull(),
  fromStatus: text({ enum: statuses }),
  toStatus: text({ enum: statuses }).notNull(),
  actorKind: text({ enum: actorKinds }).notNull(),
  actorId: integer(),
  actorName: text().notNull(),
  priceMinor: integer(),
  note: text(),
  at: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.bookingId, t.version] }),
  index("events_by_time").on(t.at),
  index("events_by_move").on(t.move, t.at, t.bookingId, t.priceMinor),
  oneOf("event_from", t.fromStatus, statuses),
  oneOf("event_to", t.toStatus, statuses),
  oneOf("event_actor", t.actorKind, actorKinds),
  amount("event_price", t.priceMinor),
  atMost("event_note", t.note, 2000),
]);

export const payments = sqliteTable("payments", {
  id: text().primaryKey(),
  bookingId: integer().notNull().references(() => serviceBookings.id),
  method: text({ enum: paymentMethods }).notNull(),
  status: text({ enum: paymentStatuses }).notNull(),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  /** What is here, in the minor units of `currency`; of USDT what the quote makes of it. */
  receivedMinor: integer(),
  refundedMinor: integer().notNull().default(0),
  /** What of it settled its booking, alone or as a part: what came later was on top. Null while nothing did. */
  settledMinor: integer(),
  /** It pays a part of the price: what came was counted, and another attempt is for the rest. */
  part: integer({ mode: "boolean" }).notNull().default(false),
  /** YYYY-MM-DD, the value date the admin read on the statement. */
  receivedOn: text(),
  reference: text(),
  /** Why it failed, or what a person must look at. */
  reason: text(),
  proofNote: text(),
  proofFileId: text().references(() => storedFiles.id),
  /** What the provider calls the attempt: a Checkout Session, an order. */
  providerRef: text(),
  /** What the provider calls the money that came of it: an intent, a capture. Refunds name it. */
  providerPayment: text(),
  /** When the provider's page or the quote ends. */
  expiresAt: integer(),
  /** When the provider was last asked how it stands. */
  askedAt: integer(),
  /** When the provider was told that an ended attempt takes no money any more. */
  closedAt: integer(),
  disputedAt: integer(),
  network: text({ enum: networks }),
  /** The quote in 10^-6 USDT, unique among the open ones of its address. */
  usdtMicro: integer(),
  usdtAddress: text(),
  /** USDT for one unit of `currency`, as the quote had it. */
  usdtRate: text(),
  /** The transaction that the client named: a hint, the chain decides. */
  usdtTx: text(),
  idempotencyKey: text().notNull().unique(),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
}, (t) => [
  index("payments_by_booking").on(t.bookingId, t.createdAt),
  index("payments_by_status").on(t.status, t.updatedAt),
  index("payments_by_time").on(t.updatedAt),
  index("payments_by_provider").on(t.method, t.providerRef),
  index("payments_by_quote").on(t.usdtAddress, t.usdtMicro).where(
    where(sql`${t.usdtMicro} is not null`),
  ),
  index("payments_by_usdt_tx").on(t.usdtTx).where(where(sql`${t.usdtTx} is not null`)),
  index("payments_sums").on(
    ...[t.status, t.currency, t.method, t.updatedAt] as const,
    ...[t.bookingId, t.amountMinor, t.receivedMinor, t.refundedMinor] as const,
  ),
  uniqueIndex("payments_one_succeeded").on(t.bookingId).where(
    where(sql`${t.status} = 'succeeded' and not ${t.part}`),
  ),
  uniqueIndex("payments_one_running").on(t.bookingId).where(
    where(sql`${t.status} in ('created', 'open', 'processing', 'under_review')`),
  ),
  uniqueIndex("payments_one_quote").on(t.usdtAddress, t.usdtMicro).where(
    where(sql`${t.status} in ('created', 'open', 'processing')`),
  ),
  oneOf("payment_method", t.method, paymentMethods),
  oneOf("payment_status", t.status, paymentStatuses),
  oneOf("payment_network", t.network, networks),
  amount("payment_amount", t.amountMinor),
  amount("payment_received", t.receivedMinor),
  amount("payment_settled", t.settledMinor),
  check("payment_quote", sql`${t.usdtMicro} > 0`),
  check(
    "payment_refunded",
    sql`${t.refundedMinor} between 0 and coalesce(${t.receivedMinor}, 0)`,
  ),
]);

/** Everything a provider has said about an attempt, once: append-only. */
export const paymentNotices = sqliteTable("payment_notices", {
  provider: text().notNull(),
  eventId: text().notNull(),
  paymentId: text().notNull().references(() => payments.id),
  /** What the provider calls the event. */
  kind: text().notNull(),
  /** SHA-256 of the body as it came, where there was one. */
  bodyHash: text(),
  outcome: text({ enum: outcomes }).notNull(),
  /** Minor units of `currency`; 10^-6 for USDT. */
  amount: integer().notNull(),
  currency: text().notNull(),
  /** What the provider calls the money that came: told twice, in whatever words, it counts once. */
  providerPayment: text(),
  /** What it brought about: the attempt's new state, or why nothing changed. */
  effect: text().notNull(),
  at: integer().notNull(),
  receivedAt: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.provider, t.eventId] }),
  index("notices_by_payment").on(t.paymentId, t.receivedAt),
  oneOf("notice_outcome", t.outcome, outcomes),
  check("notice_amount", sql`${t.amount} >= 0`),
]);

export const refunds = sqliteTable("refunds", {
  id: text().primaryKey(),
  paymentId: text().notNull().references(() => payments.id),
  status: text({ enum: refundStatuses }).notNull(),
  amountMinor: integer().notNull(),
  reason: text().notNull(),
  /** Null where it was made at the provider, outside of the product. */
  requestedBy: integer().references(() => admins.id),
  /** What the provider calls it, or the proof of a refund made by hand: a bank reference, a transaction. */
  providerRef: text(),
  lastError: text(),
  attempts: integer().notNull().default(0),
  nextTryAt: integer(),
  leaseUntil: integer(),
  idempotencyKey: text().notNull().unique(),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
}, (t) => [
  index("refunds_by_payment").on(t.paymentId, t.createdAt),
  index("refunds_by_status").on(t.status, t.nextTryAt),
  oneOf("refund_status", t.status, refundStatuses),
  amount("refund_amount", t.amountMinor),
]);

/** Receipts and credit notes, numbered without a gap per kind; append-only. */
export const receipts = sqliteTable("receipts", {
  kind: text({ enum: receiptKinds }).notNull(),
  number: integer().notNull(),
  paymentId: text().notNull().references(() => payments.id),
  /** The refund of a credit note; of a receipt the refund that came back, whose credit note it voids. */
  refundId: text().references(() => refunds.id),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  /** What stood on it when it was issued, as JSON. */
  seller: text({ mode: "json" }).$type<ReceiptParty>().notNull(),
  buyer: text({ mode: "json" }).$type<ReceiptParty>().notNull(),
  serviceName: text().notNull(),
  issuedAt: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.kind, t.number] }),
  index("receipts_by_payment").on(t.paymentId),
  index("receipts_by_time").on(t.kind, t.issuedAt, t.paymentId),
  uniqueIndex("receipts_one_per_refund").on(t.refundId, t.kind),
  oneOf("receipt_kind", t.kind, receiptKinds),
  amount("receipt_amount", t.amountMinor),
]);
export type ReceiptParty = {
  name: string;
  email: string;
  company?: string | null;
  address?: string | null;
};

/** Files that people sent, checked by content; their bytes are in `file_chunks` or in a bucket, under their id. */
export const storedFiles = sqliteTable("stored_files", {
  id: text().primaryKey(),
  name: text().notNull(),
  type: text().notNull(),
  size: integer().notNull(),
  sha256: text().notNull(),
  place: text({ enum: filePlaces }).notNull().default("database"),
  createdAt: integer().notNull(),
}, (t) => [
  check("file_size", sql`${t.size} between 1 and 10485760`),
  oneOf("file_place", t.place, filePlaces),
]);

/** Bytes that belong to no file: not yet, while they arrive, or no more. What stays here is swept. */
export const looseFiles = sqliteTable("loose_files", {
  id: text().primaryKey(),
  place: text({ enum: filePlaces }).notNull(),
  /** When they began to arrive; 0 for what is no file any more. */
  since: integer().notNull(),
}, (t) => [index("loose_files_by_age").on(t.since), oneOf("loose_place", t.place, filePlaces)]);

/** They are there before the file they belong to is, so nothing of it is named here. */
export const fileChunks = sqliteTable("file_chunks", {
  fileId: text().notNull(),
  seq: integer().notNull(),
  bytes: blob({ mode: "buffer" }).notNull(),
}, (t) => [primaryKey({ columns: [t.fileId, t.seq] })]);

/** Credits read off uploaded bank statements: the same line of the same statement is here once. */
export const bankLines = sqliteTable("bank_lines", {
  id: id(),
  /** Account, bank reference, date and amount as one hash: a statement uploaded twice adds nothing. */
  key: text().notNull().unique(),
  /** YYYY-MM-DD, the value date; where the statement has none, the day it was booked. */
  receivedOn: text().notNull(),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  payer: text(),
  words: text().notNull(),
  /** The booking whose reference is among the words. */
  bookingId: integer().references(() => serviceBookings.id),
  /** The attempt that it was confirmed for. */
  paymentId: text().references(() => payments.id),
  confirmedAt: integer(),
  dismissedAt: integer(),
  createdAt: integer().notNull(),
}, (t) => [
  index("bank_lines_open").on(t.confirmedAt, t.dismissedAt, t.id),
  check("bank_line_amount", sql`${t.amountMinor} > 0`),
]);

/** USDT that came to one of our addresses, one row per log of a transaction. */
export const chainTransfers = sqliteTable("chain_transfers", {
  network: text({ enum: networks }).notNull(),
  tx: text().notNull(),
  logIndex: integer().notNull(),
  block: integer().notNull(),
  fromAddress: text().notNull(),
  toAddress: text().notNull(),
  micro: integer().notNull(),
  confirmations: integer().notNull(),
  /** The attempt it pays; null while nobody knows. */
  paymentId: text().references(() => payments.id),
  /** When it lay as deep as its network needs: from then on it counts. */
  confirmedAt: integer(),
  /** A reorganisation took it away. */
  removedAt: integer(),
  /** When the ledger had taken it, or a person set it aside: nothing is left to do. */
  settledAt: integer(),
  /** When its block was made, by the chain's clock. */
  minedAt: integer().notNull(),
  seenAt: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.network, t.tx, t.logIndex] }),
  index("transfers_by_payment").on(t.paymentId),
  index("transfers_unsettled").on(t.network, t.block).where(where(sql`${t.settledAt} is null`)),
  oneOf("transfer_network", t.network, networks),
  check("transfer_amount", sql`${t.micro} > 0`),
]);

/** Up to which block each network was read. */
export const chainCursors = sqliteTable("chain_cursors", {
  network: text({ enum: networks }).primaryKey(),
  block: integer().notNull(),
  /** From when on it is read next, by its own clock: some chains are read by time. */
  resumeAt: integer().notNull(),
  readAt: integer().notNull(),
}, (t) => [oneOf("cursor_network", t.network, networks)]);

export const chatRooms = sqliteTable("chat_rooms", {
  id: id(),
  bookingId: integer().notNull().unique().references(() => serviceBookings.id),
  /** The newest message of each side, kept by the database: what is unread is found without reading messages. */
  lastClientMessage: integer().notNull().default(0),
  lastAdminMessage: integer().notNull().default(0),
  /** Since when the client waits for an answer, kept by the database; null while they do not. */
  waitingSince: integer(),
  /** The order of the list of rooms: who waits longest comes first, then what was last spoken in. */
  turn: integer().notNull().generatedAlwaysAs(
    sql`coalesce(waiting_since, 9000000000000000 - max(last_client_message, last_admin_message))`,
  ),
  createdAt: integer().notNull(),
}, (t) => [
  index("rooms_by_client_message").on(t.lastClientMessage),
  index("rooms_by_turn").on(t.turn, t.id),
]);

export const chatMessages = sqliteTable("chat_messages", {
  id: id(),
  roomId: integer().notNull().references(() => chatRooms.id),
  authorKind: text({ enum: authorKinds }).notNull(),
  authorId: integer().notNull(),
  authorName: text().notNull(),
  /** Empty once its author has deleted it. */
  body: text().notNull(),
  /** What was sent with it, as its pages show it; which of them may still be read `chat_attachments` says. */
  files: text({ mode: "json" }).$type<Attachment[]>().notNull().default([]),
  clientId: text().notNull(),
  editedAt: integer(),
  deletedAt: integer(),
  createdAt: integer().notNull(),
}, (t) => [
  uniqueIndex("messages_once").on(t.roomId, t.clientId),
  index("messages_by_room").on(t.roomId, t.id),
  index("messages_by_time").on(t.createdAt),
  oneOf("message_author", t.authorKind, authorKinds),
  check(
    "message_body",
    sql`length(${t.body}) between (${t.deletedAt} is null and ${t.files} = '[]') and 4000`,
  ),
]);

/** A file of a message; a picture has a size in pixels where its head tells one. */
export type Attachment = {
  id: string;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
};

/** The files of messages. The database keeps a room's below 200 MB, and takes the bytes away with the message. */
export const chatAttachments = sqliteTable("chat_attachments", {
  fileId: text().primaryKey().references(() => storedFiles.id),
  roomId: integer().notNull().references(() => chatRooms.id),
  messageId: integer().notNull().references(() => chatMessages.id),
  position: integer().notNull(),
}, (t) => [
  index("attachments_by_room").on(t.roomId),
  uniqueIndex("attachments_by_message").on(t.messageId, t.position),
  check("attachment_position", sql`${t.position} between 0 and 4`),
]);

/**
 * What changed in rooms beside new messages, at its last place alone: whatever changes again moves to the end, so
 * a reader who knows the last id they saw finds all the rest. Written by the database itself.
 */
export const chatChanges = sqliteTable("chat_changes", {
  id: id(),
  roomId: integer().notNull().references(() => chatRooms.id),
  /** The message that was edited or deleted; 0 for who is in the room and what they read, -1 for staff's notes. */
  messageId: integer().notNull(),
}, (t) => [uniqueIndex("changes_once").on(t.roomId, t.messageId)]);

/** Up to which message somebody has read a room. */
export const chatReads = sqliteTable("chat_reads", {
  roomId: integer().notNull().references(() => chatRooms.id),
  memberKind: text({ enum: authorKinds }).notNull(),
  memberId: integer().notNull(),
  messageId: integer().notNull(),
  at: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.roomId, t.memberKind, t.memberId] }),
  oneOf("read_member", t.memberKind, authorKinds),
]);

/** When somebody was last seen in a room with an open stream, and last typed there. */
export const chatPresence = sqliteTable("chat_presence", {
  roomId: integer().notNull().references(() => chatRooms.id),
  memberKind: text({ enum: authorKinds }).notNull(),
  memberId: integer().notNull(),
  name: text().notNull(),
  seenAt: integer().notNull(),
  typingAt: integer().notNull().default(0),
}, (t) => [
  primaryKey({ columns: [t.roomId, t.memberKind, t.memberId] }),
  oneOf("presence_member", t.memberKind, authorKinds),
]);

/** Open streams of all processes; one whose process died ends by itself. */
export const chatStreams = sqliteTable("chat_streams", {
  id: text().primaryKey(),
  roomId: integer().notNull().references(() => chatRooms.id),
  memberKind: text({ enum: authorKinds }).notNull(),
  memberId: integer().notNull(),
  leaseUntil: integer().notNull(),
}, (t) => [
  index("streams_by_member").on(t.memberKind, t.memberId),
  index("streams_by_lease").on(t.leaseUntil),
  oneOf("stream_member", t.memberKind, authorKinds),
]);

/** What staff write about a booking for each other. No page, stream or mail of a client's reads this table. */
export const bookingNotes = sqliteTable("booking_notes", {
  id: id(),
  bookingId: integer().notNull().references(() => serviceBookings.id),
  authorId: integer().notNull().references(() => admins.id),
  authorName: text().notNull(),
  /** Empty once its author has deleted it. */
  body: text().notNull(),
  idempotencyKey: text().notNull(),
  deletedAt: integer(),
  createdAt: integer().notNull(),
}, (t) => [
  uniqueIndex("notes_once").on(t.bookingId, t.idempotencyKey),
  index("notes_by_booking").on(t.bookingId, t.id),
  check("note_body", sql`length(${t.body}) between (${t.deletedAt} is null) and 2000`),
]);

/** Answers that staff give again and again; `{{client}}` and the like are filled in where one is used. */
export const cannedReplies = sqliteTable("canned_replies", {
  id: id(),
  /** What is typed for it: "thanks" for /thanks. */
  slug: text().notNull().unique(),
  body: text().notNull(),
  updatedAt: integer().notNull(),
}, (t) => [
  check("reply_slug", sql`length(${t.slug}) between 1 and 40`),
  check("reply_body", sql`length(${t.body}) between 1 and 2000`),
]);

export const emailNotifications = sqliteTable("email_notifications", {
  id: id(),
  /** Unique for what the mail says to whom: a repeat of the cause queues nothing. */
  key: text().notNull().unique(),
  bookingId: integer().references(() => serviceBookings.id),
  template: text({ enum: templates }).notNull(),
  recipientName: text().notNull(),
  recipientEmail: text().notNull(),
  params: text({ mode: "json" }).$type<Record<string, string | number | null>>().notNull(),
  subject: text(),
  status: text({ enum: emailStatuses }).notNull().default("queued"),
  attempts: integer().notNull().default(0),
  nextTryAt: integer().notNull(),
  leaseUntil: integer(),
  /** Random per claim: only who holds the mail now records what came of it. */
  leaseToken: text(),
  lastError: text(),
  /** When an admin said that a dead mail needs nothing more. */
  dismissedAt: integer(),
  createdAt: integer().notNull(),
  sentAt: integer(),
}, (t) => [
  index("emails_by_status").on(t.status, t.nextTryAt),
  index("emails_by_booking").on(t.bookingId, t.id),
  index("emails_by_template").on(t.template, t.id),
  oneOf("email_template", t.template, templates),
  oneOf("email_status", t.status, emailStatuses),
]);

/** Every try to send a mail. */
export const emailAttempts = sqliteTable("email_attempts", {
  id: id(),
  emailId: integer().notNull().references(() => emailNotifications.id, { onDelete: "cascade" }),
  at: integer().notNull(),
  /** Null when it left, else why not, in one word. */
  error: text(),
}, (t) => [index("attempts_by_email").on(t.emailId, t.id)]);

/** A mail as it was sent, with its one-time links taken out; kept for a while. */
export const emailBodies = sqliteTable("email_bodies", {
  emailId: integer().primaryKey()
    .references(() => emailNotifications.id, { onDelete: "cascade" }),
  text: text().notNull(),
  html: text().notNull(),
  at: integer().notNull(),
}, (t) => [index("bodies_by_time").on(t.at)]);

/** Addresses that refused our mail or complained of it: nothing is sent there. */
export const suppressedAddresses = sqliteTable("suppressed_addresses", {
  email: text().primaryKey(),
  reason: text().notNull(),
  at: integer().notNull(),
});

/** Mails of a development machine without SMTP, read at /dev/mail. */
export const mailboxMessages = sqliteTable("mailbox_messages", {
  messageId: text().primaryKey(),
  fromName: text().notNull(),
  toName: text().notNull(),
  toEmail: text().notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  html: text().notNull(),
  at: integer().notNull(),
}, (t) => [index("mailbox_by_time").on(t.at)]);

export const sessions = sqliteTable("sessions", {
  id: text().primaryKey(),
  userId: integer().references(() => users.id),
  adminId: integer().references(() => admins.id),
  /** What the browser calls itself. */
  userAgent: text(),
  /** When a password or code was last proven in it: what is dangerous asks again after a while. */
  provenAt: integer(),
  createdAt: integer().notNull(),
  expiresAt: integer().notNull(),
}, (t) => [
  index("sessions_by_user").on(t.userId),
  index("sessions_by_admin").on(t.adminId),
  index("sessions_by_expiry").on(t.expiresAt),
  check("session_owner", sql`(${t.userId} is null) <> (${t.adminId} is null)`),
]);

export const oneTimeTokens = sqliteTable("one_time_tokens", {
  /** SHA-256 of the token; the token itself is only in the link. */
  hash: text().primaryKey(),
  purpose: text({ enum: tokenPurposes }).notNull(),
  userId: integer().references(() => users.id),
  email: text(),
  role: text({ enum: roles }),
  expiresAt: integer().notNull(),
  /** Random per use: the rest of the batch acts only where it finds its own. */
  usedBy: text(),
  createdAt: integer().notNull(),
}, (t) => [
  index("tokens_by_user").on(t.userId, t.purpose),
  index("tokens_by_expiry").on(t.expiresAt),
  oneOf("token_purpose", t.purpose, tokenPurposes),
  oneOf("token_role", t.role, roles),
]);

export const recoveryCodes = sqliteTable("recovery_codes", {
  /** SHA-256 of the code: it has enough entropy of its own. */
  hash: text().primaryKey(),
  adminId: integer().notNull().references(() => admins.id),
  usedAt: integer(),
}, (t) => [index("recovery_codes_by_admin").on(t.adminId)]);

/** Counters that all processes share. */
export const rateLimits = sqliteTable("rate_limits", {
  key: text().primaryKey(),
  count: integer().notNull(),
  resetsAt: integer().notNull(),
}, (t) => [index("limits_by_reset").on(t.resetsAt)]);

/** Who did what to what, append-only. */
export const auditLog = sqliteTable("audit_log", {
  id: id(),
  at: integer().notNull(),
  actorKind: text({ enum: actorKinds }).notNull(),
  actorId: integer(),
  actorName: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  before: text({ mode: "json" }).$type<AuditFacts>(),
  after: text({ mode: "json" }).$type<AuditFacts>(),
  requestId: text(),
  addressHash: text(),
}, (t) => [
  index("audit_by_action").on(t.action, t.id),
  index("audit_by_subject").on(t.subject, t.id),
  index("audit_by_actor").on(t.actorKind, t.actorId, t.id),
  oneOf("audit_actor", t.actorKind, actorKinds),
]);

/** Who runs a job now: a lease that ends by itself when its holder dies. */
export const jobLeases = sqliteTable("job_leases", {
  job: text().primaryKey(),
  holder: text().notNull(),
  until: integer().notNull(),
});

/** The last run of each job, whether or not it had anything to do. */
export const jobHeartbeats = sqliteTable("job_heartbeats", {
  job: text().primaryKey(),
  /** Since when the job is on the clock: one that never ran is late from then on. */
  since: integer().notNull(),
  startedAt: integer(),
  finishedAt: integer(),
  handled: integer().notNull().default(0),
  error: text(),
});

export const jobRuns = sqliteTable("job_runs", {
  id: id(),
  job: text().notNull(),
  startedAt: integer().notNull(),
  finishedAt: integer().notNull(),
  handled: integer().notNull(),
  error: text(),
}, (t) => [index("runs_by_job").on(t.job, t.id)]);

/** Lists that an admin comes back to: what a list of bookings is narrowed to, under a name of theirs. */
export const savedFilters = sqliteTable("saved_filters", {
  id: id(),
  adminId: integer().notNull().references(() => admins.id),
  name: text().notNull(),
  /** What stands behind the question mark of the list's address. */
  query: text().notNull(),
}, (t) => [
  uniqueIndex("filters_once").on(t.adminId, t.name),
  check("filter_name", sql`length(${t.name}) between 1 and 40`),
  check("filter_query", sql`length(${t.query}) <= 500`),
]);

export const settings = sqliteTable("settings", {
  key: text().primaryKey(),
  value: text().notNull(),
});
