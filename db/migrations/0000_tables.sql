CREATE TABLE `admins` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`totp_seed` text,
	`totp_confirmed_at` integer,
	`totp_step` integer,
	`deactivated_at` integer,
	`created_at` integer NOT NULL,
	CONSTRAINT "admin_role" CHECK("admins"."role" in ('owner', 'manager', 'agent')),
	CONSTRAINT "admin_email" CHECK("admins"."email" = lower("admins"."email"))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `admins_email_unique` ON `admins` (`email`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` integer,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	`request_id` text,
	`address_hash` text,
	CONSTRAINT "audit_actor" CHECK("audit_log"."actor_kind" in ('client', 'admin', 'provider', 'clock'))
);
--> statement-breakpoint
CREATE INDEX `audit_by_action` ON `audit_log` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit_log` (`subject`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit_log` (`actor_kind`,`actor_id`,`id`);--> statement-breakpoint
CREATE TABLE `bank_lines` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`received_on` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`payer` text,
	`words` text NOT NULL,
	`booking_id` integer,
	`payment_id` text,
	`confirmed_at` integer,
	`dismissed_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bank_line_amount" CHECK("bank_lines"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bank_lines_key_unique` ON `bank_lines` (`key`);--> statement-breakpoint
CREATE INDEX `bank_lines_open` ON `bank_lines` (`confirmed_at`,`dismissed_at`,`id`);--> statement-breakpoint
CREATE TABLE `booking_events` (
	`booking_id` integer NOT NULL,
	`version` integer NOT NULL,
	`move` text NOT NULL,
	`from_status` text,
	`to_status` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` integer,
	`actor_name` text NOT NULL,
	`price_minor` integer,
	`note` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `version`),
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "event_from" CHECK("booking_events"."from_status" in ('pending', 'approved', 'payment_pending', 'paid', 'in_progress', 'completed', 'rejected', 'cancelled', 'expired')),
	CONSTRAINT "event_to" CHECK("booking_events"."to_status" in ('pending', 'approved', 'payment_pending', 'paid', 'in_progress', 'completed', 'rejected', 'cancelled', 'expired')),
	CONSTRAINT "event_actor" CHECK("booking_events"."actor_kind" in ('client', 'admin', 'provider', 'clock')),
	CONSTRAINT "event_price" CHECK("booking_events"."price_minor" between 1 and 99999999),
	CONSTRAINT "event_note" CHECK(length("booking_events"."note") <= 2000)
);
--> statement-breakpoint
CREATE INDEX `events_by_time` ON `booking_events` (`at`);--> statement-breakpoint
CREATE INDEX `events_by_move` ON `booking_events` (`move`,`at`,`booking_id`,`price_minor`);--> statement-breakpoint
CREATE TABLE `booking_notes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`booking_id` integer NOT NULL,
	`author_id` integer NOT NULL,
	`author_name` text NOT NULL,
	`body` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "note_body" CHECK(length("booking_notes"."body") between ("booking_notes"."deleted_at" is null) and 2000)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notes_once` ON `booking_notes` (`booking_id`,`idempotency_key`);--> statement-breakpoint
CREATE INDEX `notes_by_booking` ON `booking_notes` (`booking_id`,`id`);--> statement-breakpoint
CREATE TABLE `canned_replies` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "reply_slug" CHECK(length("canned_replies"."slug") between 1 and 40),
	CONSTRAINT "reply_body" CHECK(length("canned_replies"."body") between 1 and 2000)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `canned_replies_slug_unique` ON `canned_replies` (`slug`);--> statement-breakpoint
CREATE TABLE `chain_cursors` (
	`network` text PRIMARY KEY NOT NULL,
	`block` integer NOT NULL,
	`resume_at` integer NOT NULL,
	`read_at` integer NOT NULL,
	CONSTRAINT "cursor_network" CHECK("chain_cursors"."network" in ('evm', 'tron'))
);
--> statement-breakpoint
CREATE TABLE `chain_transfers` (
	`network` text NOT NULL,
	`tx` text NOT NULL,
	`log_index` integer NOT NULL,
	`block` integer NOT NULL,
	`from_address` text NOT NULL,
	`to_address` text NOT NULL,
	`micro` integer NOT NULL,
	`confirmations` integer NOT NULL,
	`payment_id` text,
	`confirmed_at` integer,
	`removed_at` integer,
	`settled_at` integer,
	`mined_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`network`, `tx`, `log_index`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "transfer_network" CHECK("chain_transfers"."network" in ('evm', 'tron')),
	CONSTRAINT "transfer_amount" CHECK("chain_transfers"."micro" > 0)
);
--> statement-breakpoint
CREATE INDEX `transfers_by_payment` ON `chain_transfers` (`payment_id`);--> statement-breakpoint
CREATE INDEX `transfers_unsettled` ON `chain_transfers` (`network`,`block`) WHERE "chain_transfers"."settled_at" is null;--> statement-breakpoint
CREATE TABLE `chat_attachments` (
	`file_id` text PRIMARY KEY NOT NULL,
	`room_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`file_id`) REFERENCES `stored_files`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`message_id`) REFERENCES `chat_messages`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "attachment_position" CHECK("chat_attachments"."position" between 0 and 4)
);
--> statement-breakpoint
CREATE INDEX `attachments_by_room` ON `chat_attachments` (`room_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `attachments_by_message` ON `chat_attachments` (`message_id`,`position`);--> statement-breakpoint
CREATE TABLE `chat_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`room_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `changes_once` ON `chat_changes` (`room_id`,`message_id`);--> statement-breakpoint
CREATE TABLE `chat_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`room_id` integer NOT NULL,
	`author_kind` text NOT NULL,
	`author_id` integer NOT NULL,
	`author_name` text NOT NULL,
	`body` text NOT NULL,
	`files` text DEFAULT '[]' NOT NULL,
	`client_id` text NOT NULL,
	`edited_at` integer,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "message_author" CHECK("chat_messages"."author_kind" in ('client', 'admin')),
	CONSTRAINT "message_body" CHECK(length("chat_messages"."body") between ("chat_messages"."deleted_at" is null and "chat_messages"."files" = '[]') and 4000)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_once` ON `chat_messages` (`room_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `messages_by_room` ON `chat_messages` (`room_id`,`id`);--> statement-breakpoint
CREATE INDEX `messages_by_time` ON `chat_messages` (`created_at`);--> statement-breakpoint
CREATE TABLE `chat_presence` (
	`room_id` integer NOT NULL,
	`member_kind` text NOT NULL,
	`member_id` integer NOT NULL,
	`name` text NOT NULL,
	`seen_at` integer NOT NULL,
	`typing_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`room_id`, `member_kind`, `member_id`),
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "presence_member" CHECK("chat_presence"."member_kind" in ('client', 'admin'))
);
--> statement-breakpoint
CREATE TABLE `chat_reads` (
	`room_id` integer NOT NULL,
	`member_kind` text NOT NULL,
	`member_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`room_id`, `member_kind`, `member_id`),
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "read_member" CHECK("chat_reads"."member_kind" in ('client', 'admin'))
);
--> statement-breakpoint
CREATE TABLE `chat_rooms` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`booking_id` integer NOT NULL,
	`last_client_message` integer DEFAULT 0 NOT NULL,
	`last_admin_message` integer DEFAULT 0 NOT NULL,
	`waiting_since` integer,
	`turn` integer GENERATED ALWAYS AS (coalesce(waiting_since, 9000000000000000 - max(last_client_message, last_admin_message))) VIRTUAL NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chat_rooms_bookingId_unique` ON `chat_rooms` (`booking_id`);--> statement-breakpoint
CREATE INDEX `rooms_by_client_message` ON `chat_rooms` (`last_client_message`);--> statement-breakpoint
CREATE INDEX `rooms_by_turn` ON `chat_rooms` (`turn`,`id`);--> statement-breakpoint
CREATE TABLE `chat_streams` (
	`id` text PRIMARY KEY NOT NULL,
	`room_id` integer NOT NULL,
	`member_kind` text NOT NULL,
	`member_id` integer NOT NULL,
	`lease_until` integer NOT NULL,
	FOREIGN KEY (`room_id`) REFERENCES `chat_rooms`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "stream_member" CHECK("chat_streams"."member_kind" in ('client', 'admin'))
);
--> statement-breakpoint
CREATE INDEX `streams_by_member` ON `chat_streams` (`member_kind`,`member_id`);--> statement-breakpoint
CREATE INDEX `streams_by_lease` ON `chat_streams` (`lease_until`);--> statement-breakpoint
CREATE TABLE `email_attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email_id` integer NOT NULL,
	`at` integer NOT NULL,
	`error` text,
	FOREIGN KEY (`email_id`) REFERENCES `email_notifications`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attempts_by_email` ON `email_attempts` (`email_id`,`id`);--> statement-breakpoint
CREATE TABLE `email_bodies` (
	`email_id` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`html` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`email_id`) REFERENCES `email_notifications`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `bodies_by_time` ON `email_bodies` (`at`);--> statement-breakpoint
CREATE TABLE `email_notifications` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`booking_id` integer,
	`template` text NOT NULL,
	`recipient_name` text NOT NULL,
	`recipient_email` text NOT NULL,
	`params` text NOT NULL,
	`subject` text,
	`status` text DEFAULT 'queued' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer NOT NULL,
	`lease_until` integer,
	`lease_token` text,
	`last_error` text,
	`dismissed_at` integer,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "email_template" CHECK("email_notifications"."template" in ('booking_received', 'booking_approved', 'booking_rejected', 'booking_cancelled', 'payment_instructions', 'payment_received', 'payment_refused', 'chat_invitation', 'booking_completed', 'account_claim', 'email_verification', 'password_reset', 'admin_invitation', 'new_booking', 'urgent_booking', 'payment_reminder', 'booking_expired', 'booking_assigned', 'approval_reminder', 'approval_delayed', 'approval_revoked', 'staff_digest', 'payment_review', 'refund_sent', 'refund_failed', 'chat_unread')),
	CONSTRAINT "email_status" CHECK("email_notifications"."status" in ('queued', 'sending', 'sent', 'failed', 'dead'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `email_notifications_key_unique` ON `email_notifications` (`key`);--> statement-breakpoint
CREATE INDEX `emails_by_status` ON `email_notifications` (`status`,`next_try_at`);--> statement-breakpoint
CREATE INDEX `emails_by_booking` ON `email_notifications` (`booking_id`,`id`);--> statement-breakpoint
CREATE INDEX `emails_by_template` ON `email_notifications` (`template`,`id`);--> statement-breakpoint
CREATE TABLE `file_chunks` (
	`file_id` text NOT NULL,
	`seq` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`file_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `job_heartbeats` (
	`job` text PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`handled` integer DEFAULT 0 NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE TABLE `job_leases` (
	`job` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer NOT NULL,
	`handled` integer NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE INDEX `runs_by_job` ON `job_runs` (`job`,`id`);--> statement-breakpoint
CREATE TABLE `loose_files` (
	`id` text PRIMARY KEY NOT NULL,
	`place` text NOT NULL,
	`since` integer NOT NULL,
	CONSTRAINT "loose_place" CHECK("loose_files"."place" in ('database', 'bucket'))
);
--> statement-breakpoint
CREATE INDEX `loose_files_by_age` ON `loose_files` (`since`);--> statement-breakpoint
CREATE TABLE `mailbox_messages` (
	`message_id` text PRIMARY KEY NOT NULL,
	`from_name` text NOT NULL,
	`to_name` text NOT NULL,
	`to_email` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`html` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mailbox_by_time` ON `mailbox_messages` (`at`);--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`user_id` integer,
	`email` text,
	`role` text,
	`expires_at` integer NOT NULL,
	`used_by` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "token_purpose" CHECK("one_time_tokens"."purpose" in ('setup', 'claim', 'verify', 'reset', 'invitation', 'email_old', 'email_new')),
	CONSTRAINT "token_role" CHECK("one_time_tokens"."role" in ('owner', 'manager', 'agent'))
);
--> statement-breakpoint
CREATE INDEX `tokens_by_user` ON `one_time_tokens` (`user_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `tokens_by_expiry` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `payment_notices` (
	`provider` text NOT NULL,
	`event_id` text NOT NULL,
	`payment_id` text NOT NULL,
	`kind` text NOT NULL,
	`body_hash` text,
	`outcome` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`provider_payment` text,
	`effect` text NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`provider`, `event_id`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notice_outcome" CHECK("payment_notices"."outcome" in ('processing', 'succeeded', 'failed', 'expired', 'refunded', 'refund_failed', 'disputed')),
	CONSTRAINT "notice_amount" CHECK("payment_notices"."amount" >= 0)
);
--> statement-breakpoint
CREATE INDEX `notices_by_payment` ON `payment_notices` (`payment_id`,`received_at`);--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`booking_id` integer NOT NULL,
	`method` text NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`received_minor` integer,
	`refunded_minor` integer DEFAULT 0 NOT NULL,
	`settled_minor` integer,
	`part` integer DEFAULT false NOT NULL,
	`received_on` text,
	`reference` text,
	`reason` text,
	`proof_note` text,
	`proof_file_id` text,
	`provider_ref` text,
	`provider_payment` text,
	`expires_at` integer,
	`asked_at` integer,
	`closed_at` integer,
	`disputed_at` integer,
	`network` text,
	`usdt_micro` integer,
	`usdt_address` text,
	`usdt_rate` text,
	`usdt_tx` text,
	`idempotency_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`proof_file_id`) REFERENCES `stored_files`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payment_method" CHECK("payments"."method" in ('stripe', 'paypal', 'usdt', 'bank', 'test', 'manual')),
	CONSTRAINT "payment_status" CHECK("payments"."status" in ('created', 'open', 'processing', 'under_review', 'succeeded', 'failed', 'expired', 'voided', 'needs_review', 'refunded')),
	CONSTRAINT "payment_network" CHECK("payments"."network" in ('evm', 'tron')),
	CONSTRAINT "payment_amount" CHECK("payments"."amount_minor" between 1 and 99999999),
	CONSTRAINT "payment_received" CHECK("payments"."received_minor" between 1 and 99999999),
	CONSTRAINT "payment_settled" CHECK("payments"."settled_minor" between 1 and 99999999),
	CONSTRAINT "payment_quote" CHECK("payments"."usdt_micro" > 0),
	CONSTRAINT "payment_refunded" CHECK("payments"."refunded_minor" between 0 and coalesce("payments"."received_minor", 0))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_idempotencyKey_unique` ON `payments` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `payments_by_booking` ON `payments` (`booking_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `payments_by_status` ON `payments` (`status`,`updated_at`);--> statement-breakpoint
CREATE INDEX `payments_by_time` ON `payments` (`updated_at`);--> statement-breakpoint
CREATE INDEX `payments_by_provider` ON `payments` (`method`,`provider_ref`);--> statement-breakpoint
CREATE INDEX `payments_by_quote` ON `payments` (`usdt_address`,`usdt_micro`) WHERE "payments"."usdt_micro" is not null;--> statement-breakpoint
CREATE INDEX `payments_by_usdt_tx` ON `payments` (`usdt_tx`) WHERE "payments"."usdt_tx" is not null;--> statement-breakpoint
CREATE INDEX `payments_sums` ON `payments` (`status`,`currency`,`method`,`updated_at`,`booking_id`,`amount_minor`,`received_minor`,`refunded_minor`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_succeeded` ON `payments` (`booking_id`) WHERE "payments"."status" = 'succeeded' and not "payments"."part";--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_running` ON `payments` (`booking_id`) WHERE "payments"."status" in ('created', 'open', 'processing', 'under_review');--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_quote` ON `payments` (`usdt_address`,`usdt_micro`) WHERE "payments"."status" in ('created', 'open', 'processing');--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`resets_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `limits_by_reset` ON `rate_limits` (`resets_at`);--> statement-breakpoint
CREATE TABLE `receipts` (
	`kind` text NOT NULL,
	`number` integer NOT NULL,
	`payment_id` text NOT NULL,
	`refund_id` text,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`seller` text NOT NULL,
	`buyer` text NOT NULL,
	`service_name` text NOT NULL,
	`issued_at` integer NOT NULL,
	PRIMARY KEY(`kind`, `number`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`refund_id`) REFERENCES `refunds`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "receipt_kind" CHECK("receipts"."kind" in ('receipt', 'credit_note')),
	CONSTRAINT "receipt_amount" CHECK("receipts"."amount_minor" between 1 and 99999999)
);
--> statement-breakpoint
CREATE INDEX `receipts_by_payment` ON `receipts` (`payment_id`);--> statement-breakpoint
CREATE INDEX `receipts_by_time` ON `receipts` (`kind`,`issued_at`,`payment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `receipts_one_per_refund` ON `receipts` (`refund_id`,`kind`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`admin_id` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_by_admin` ON `recovery_codes` (`admin_id`);--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`requested_by` integer,
	`provider_ref` text,
	`last_error` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer,
	`lease_until` integer,
	`idempotency_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`requested_by`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refund_status" CHECK("refunds"."status" in ('requested', 'processing', 'succeeded', 'failed')),
	CONSTRAINT "refund_amount" CHECK("refunds"."amount_minor" between 1 and 99999999)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_idempotencyKey_unique` ON `refunds` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `refunds_by_payment` ON `refunds` (`payment_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `refunds_by_status` ON `refunds` (`status`,`next_try_at`);--> statement-breakpoint
CREATE TABLE `saved_filters` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`admin_id` integer NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "filter_name" CHECK(length("saved_filters"."name") between 1 and 40),
	CONSTRAINT "filter_query" CHECK(length("saved_filters"."query") <= 500)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `filters_once` ON `saved_filters` (`admin_id`,`name`);--> statement-breakpoint
CREATE TABLE `service_bookings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reference` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`access_token` text NOT NULL,
	`user_id` integer NOT NULL,
	`service_id` integer NOT NULL,
	`service_name` text NOT NULL,
	`catalogue_price_minor` integer,
	`delivery_days` integer NOT NULL,
	`price_minor` integer,
	`currency` text NOT NULL,
	`urgency` text NOT NULL,
	`details` text NOT NULL,
	`client_name` text NOT NULL,
	`client_email` text NOT NULL,
	`client_phone` text,
	`client_company` text,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`approval_note` text,
	`held_at` integer,
	`auto_approve_at` integer,
	`attention` text,
	`pay_by` integer,
	`completed_at` integer,
	`assigned_to` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assigned_to`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "booking_status" CHECK("service_bookings"."status" in ('pending', 'approved', 'payment_pending', 'paid', 'in_progress', 'completed', 'rejected', 'cancelled', 'expired')),
	CONSTRAINT "booking_urgency" CHECK("service_bookings"."urgency" in ('low', 'medium', 'high', 'urgent')),
	CONSTRAINT "booking_price" CHECK("service_bookings"."price_minor" between 1 and 99999999),
	CONSTRAINT "booking_catalogue_price" CHECK("service_bookings"."catalogue_price_minor" between 1 and 99999999),
	CONSTRAINT "booking_version" CHECK("service_bookings"."version" >= 1),
	CONSTRAINT "booking_currency" CHECK(length("service_bookings"."currency") = 3),
	CONSTRAINT "booking_priced" CHECK("service_bookings"."price_minor" is not null or "service_bookings"."status" in ('pending', 'rejected', 'cancelled')),
	CONSTRAINT "booking_details" CHECK(length("service_bookings"."details") <= 5000),
	CONSTRAINT "booking_client_name" CHECK(length("service_bookings"."client_name") <= 100)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `service_bookings_reference_unique` ON `service_bookings` (`reference`);--> statement-breakpoint
CREATE UNIQUE INDEX `service_bookings_idempotencyKey_unique` ON `service_bookings` (`idempotency_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `service_bookings_accessToken_unique` ON `service_bookings` (`access_token`);--> statement-breakpoint
CREATE INDEX `bookings_by_assignee` ON `service_bookings` (`assigned_to`,`id`);--> statement-breakpoint
CREATE INDEX `bookings_by_user` ON `service_bookings` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `bookings_by_status` ON `service_bookings` (`status`,`id`,`assigned_to`);--> statement-breakpoint
CREATE INDEX `bookings_by_urgency` ON `service_bookings` (`urgency`,`id`);--> statement-breakpoint
CREATE INDEX `bookings_to_review` ON `service_bookings` (`status`,case urgency when 'urgent' then 0 when 'high' then 1 when 'medium' then 2 else 3 end,`id`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `bookings_by_time` ON `service_bookings` (`created_at`,`status`,`assigned_to`);--> statement-breakpoint
CREATE INDEX `bookings_by_service` ON `service_bookings` (`service_id`,`id`);--> statement-breakpoint
CREATE INDEX `bookings_by_approval` ON `service_bookings` (`status`,`auto_approve_at`);--> statement-breakpoint
CREATE INDEX `bookings_by_pay_by` ON `service_bookings` (`status`,`pay_by`);--> statement-breakpoint
CREATE TABLE `service_categories` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`position` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `service_categories_slug_unique` ON `service_categories` (`slug`);--> statement-breakpoint
CREATE TABLE `services` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`category_id` integer NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`summary` text NOT NULL,
	`description` text NOT NULL,
	`needs` text NOT NULL,
	`price_minor` integer,
	`delivery_days` integer NOT NULL,
	`approves_itself` integer DEFAULT true NOT NULL,
	`approve_after_hours` integer,
	`state` text DEFAULT 'active' NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`category_id`) REFERENCES `service_categories`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "service_state" CHECK("services"."state" in ('active', 'hidden', 'archived')),
	CONSTRAINT "service_price" CHECK("services"."price_minor" between 1 and 99999999),
	CONSTRAINT "service_days" CHECK("services"."delivery_days" between 1 and 365),
	CONSTRAINT "service_hours" CHECK("services"."approve_after_hours" between 24 and 240)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `services_slug_unique` ON `services` (`slug`);--> statement-breakpoint
CREATE INDEX `services_by_category` ON `services` (`category_id`,`position`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer,
	`admin_id` integer,
	`user_agent` text,
	`proven_at` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "session_owner" CHECK(("sessions"."user_id" is null) <> ("sessions"."admin_id" is null))
);
--> statement-breakpoint
CREATE INDEX `sessions_by_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_by_admin` ON `sessions` (`admin_id`);--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stored_files` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`place` text DEFAULT 'database' NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "file_size" CHECK("stored_files"."size" between 1 and 10485760),
	CONSTRAINT "file_place" CHECK("stored_files"."place" in ('database', 'bucket'))
);
--> statement-breakpoint
CREATE TABLE `suppressed_addresses` (
	`email` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`phone` text,
	`company` text,
	`password_hash` text,
	`email_verified_at` integer,
	`blocked_at` integer,
	`deactivated_at` integer,
	`created_at` integer NOT NULL,
	CONSTRAINT "user_email" CHECK("users"."email" = lower("users"."email"))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);