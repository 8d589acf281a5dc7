import { type SQL, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
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
] as const;
export const roles = ["owner", "manager", "agent"] as const;
export const authorKinds = ["client", "admin"] as const;
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
export type PaymentMethod = typeof paymentMethods[number];
export type PaymentStatus = typeof paymentStatuses[number];
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
  state: text({ enum: serviceStates }).notNull().default("active"),
  position: integer().notNull(),
}, (t) => [
  index("services_by_category").on(t.categoryId, t.position),
  oneOf("service_state", t.state, serviceStates),
  amount("service_price", t.priceMinor),
  check("service_days", sql`${t.deliveryDays} between 1 and 365`),
]);

export const users = sqliteTable("users", {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  phone: text(),
  company: text(),
  passwordHash: text(),
  emailVerifiedAt: integer(),
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
  index("bookings_by_service").on(t.serviceId, t.id),
  index("bookings_by_approval").on(t.status, t.autoApproveAt),
  index("bookings_by_pay_by").on(t.status, t.payBy),
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
  oneOf("event_from", t.fromStatus, statuses),
  oneOf("event_to", t.toStatus, statuses),
  oneOf("event_actor", t.actorKind, actorKinds),
  atMost("event_note", t.note, 2000),
]);

export const payments = sqliteTable("payments", {
  id: text().primaryKey(),
  bookingId: integer().notNull().references(() => serviceBookings.id),
  method: text({ enum: paymentMethods }).notNull(),
  status: text({ enum: paymentStatuses }).notNull(),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  receivedMinor: integer(),
  /** YYYY-MM-DD, the value date the admin read on the statement. */
  receivedOn: text(),
  reference: text(),
  reason: text(),
  proofNote: text(),
  idempotencyKey: text().notNull().unique(),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
}, (t) => [
  index("payments_by_booking").on(t.bookingId, t.createdAt),
  index("payments_by_status").on(t.status, t.updatedAt),
  index("payments_by_time").on(t.updatedAt),
  uniqueIndex("payments_one_succeeded").on(t.bookingId).where(
    where(sql`${t.status} = 'succeeded'`),
  ),
  uniqueIndex("payments_one_running").on(t.bookingId).where(
    where(sql`${t.status} in ('created', 'open', 'processing', 'under_review')`),
  ),
  oneOf("payment_method", t.method, paymentMethods),
  oneOf("payment_status", t.status, paymentStatuses),
  amount("payment_amount", t.amountMinor),
  amount("payment_received", t.receivedMinor),
]);

export const paymentNotices = sqliteTable("payment_notices", {
  provider: text().notNull(),
  eventId: text().notNull(),
  paymentId: text().notNull().references(() => payments.id),
  outcome: text().notNull(),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  at: integer().notNull(),
}, (t) => [
  primaryKey({ columns: [t.provider, t.eventId] }),
  index("notices_by_payment").on(t.paymentId),
]);

export const chatRooms = sqliteTable("chat_rooms", {
  id: id(),
  bookingId: integer().notNull().unique().references(() => serviceBookings.id),
  createdAt: integer().notNull(),
});

export const chatMessages = sqliteTable("chat_messages", {
  id: id(),
  roomId: integer().notNull().references(() => chatRooms.id),
  authorKind: text({ enum: authorKinds }).notNull(),
  authorId: integer().notNull(),
  authorName: text().notNull(),
  body: text().notNull(),
  clientId: text().notNull(),
  createdAt: integer().notNull(),
}, (t) => [
  uniqueIndex("messages_once").on(t.roomId, t.clientId),
  index("messages_by_room").on(t.roomId, t.id),
  oneOf("message_author", t.authorKind, authorKinds),
  check("message_body", sql`length(${t.body}) between 1 and 4000`),
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
  lastError: text(),
  createdAt: integer().notNull(),
  sentAt: integer(),
}, (t) => [
  index("emails_by_status").on(t.status, t.nextTryAt),
  index("emails_by_booking").on(t.bookingId, t.id),
  oneOf("email_template", t.template, templates),
  oneOf("email_status", t.status, emailStatuses),
]);

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

export const jobRuns = sqliteTable("job_runs", {
  id: id(),
  job: text().notNull(),
  startedAt: integer().notNull(),
  finishedAt: integer().notNull(),
  handled: integer().notNull(),
  error: text(),
}, (t) => [index("runs_by_job").on(t.job, t.id)]);

export const settings = sqliteTable("settings", {
  key: text().primaryKey(),
  value: text().notNull(),
});
