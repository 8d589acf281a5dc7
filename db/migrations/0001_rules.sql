-- History is append-only.
CREATE TRIGGER `booking_events_no_update` BEFORE UPDATE ON `booking_events`
BEGIN SELECT RAISE(ABORT, 'booking_events is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `booking_events_no_delete` BEFORE DELETE ON `booking_events`
BEGIN SELECT RAISE(ABORT, 'booking_events is append-only'); END;
--> statement-breakpoint
-- A status and its version change only together with the event that explains them.
CREATE TRIGGER `booking_moves_with_event` BEFORE UPDATE OF `status`, `version` ON `service_bookings`
WHEN (NEW.`status` IS NOT OLD.`status` OR NEW.`version` IS NOT OLD.`version`) AND NOT (
	NEW.`version` = OLD.`version` + 1 AND EXISTS (
		SELECT 1 FROM `booking_events` WHERE `booking_id` = NEW.`id` AND `version` = NEW.`version`
			AND `from_status` = OLD.`status` AND `to_status` = NEW.`status`
	)
)
BEGIN SELECT RAISE(ABORT, 'a booking moves only with its event'); END;
--> statement-breakpoint
CREATE TRIGGER `booking_starts_pending` BEFORE INSERT ON `service_bookings`
WHEN NEW.`status` <> 'pending' OR NEW.`version` <> 1
BEGIN SELECT RAISE(ABORT, 'a booking starts pending at version 1'); END;
--> statement-breakpoint
CREATE TRIGGER `service_bookings_no_delete` BEFORE DELETE ON `service_bookings`
BEGIN SELECT RAISE(ABORT, 'a booking is never deleted'); END;
--> statement-breakpoint
-- What was bought stays what it was when it was booked.
CREATE TRIGGER `booking_snapshot_stays` BEFORE UPDATE OF `service_id`, `service_name`, `catalogue_price_minor`, `currency`, `reference` ON `service_bookings`
BEGIN SELECT RAISE(ABORT, 'the snapshot of a booking never changes'); END;
--> statement-breakpoint
CREATE TRIGGER `payment_notices_no_update` BEFORE UPDATE ON `payment_notices`
BEGIN SELECT RAISE(ABORT, 'payment_notices is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `payment_notices_no_delete` BEFORE DELETE ON `payment_notices`
BEGIN SELECT RAISE(ABORT, 'payment_notices is append-only'); END;
--> statement-breakpoint
-- Every process keeps the catalogue in memory and asks only for this number.
INSERT INTO `settings` (`key`, `value`) VALUES ('catalogue_version', '1');
--> statement-breakpoint
CREATE TRIGGER `services_inserted` AFTER INSERT ON `services`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
CREATE TRIGGER `services_updated` AFTER UPDATE ON `services`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
CREATE TRIGGER `services_deleted` AFTER DELETE ON `services`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
CREATE TRIGGER `categories_inserted` AFTER INSERT ON `service_categories`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
CREATE TRIGGER `categories_updated` AFTER UPDATE ON `service_categories`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
CREATE TRIGGER `categories_deleted` AFTER DELETE ON `service_categories`
BEGIN UPDATE `settings` SET `value` = `value` + 1 WHERE `key` = 'catalogue_version'; END;
--> statement-breakpoint
-- Search by the beginning of any word; the client's words on a booking never change.
CREATE VIRTUAL TABLE `booking_search` USING fts5(`reference`, `client_name`, `client_email`, `client_company`, `service_name`, tokenize = 'unicode61', prefix = '2 3');
--> statement-breakpoint
CREATE TRIGGER `booking_searchable` AFTER INSERT ON `service_bookings`
BEGIN
	INSERT INTO `booking_search` (`rowid`, `reference`, `client_name`, `client_email`, `client_company`, `service_name`)
	VALUES (NEW.`id`, NEW.`reference`, NEW.`client_name`, NEW.`client_email`, NEW.`client_company`, NEW.`service_name`);
END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_no_update` BEFORE UPDATE ON `audit_log`
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_no_delete` BEFORE DELETE ON `audit_log`
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `receipts_no_update` BEFORE UPDATE ON `receipts`
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `receipts_no_delete` BEFORE DELETE ON `receipts`
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
--> statement-breakpoint
-- Money that went back never exceeds what came; the last refund in a race is refused.
CREATE TRIGGER `refunds_within_payment` BEFORE INSERT ON `refunds`
WHEN NEW.`amount_minor` + coalesce((
	SELECT sum(`amount_minor`) FROM `refunds` WHERE `payment_id` = NEW.`payment_id` AND `status` <> 'failed'
), 0) > coalesce((SELECT `received_minor` FROM `payments` WHERE `id` = NEW.`payment_id`), 0)
BEGIN SELECT RAISE(ABORT, 'refunds exceed the payment'); END;
--> statement-breakpoint
-- Who is the seller on a receipt; every start writes what the environment says.
INSERT INTO `settings` (`key`, `value`) VALUES ('seller', '{"name":"ConnectPro","email":"hello@connectpro.example"}');
--> statement-breakpoint
-- What is on a receipt came.
CREATE TRIGGER `payment_has_receipts` BEFORE UPDATE OF `received_minor` ON `payments`
WHEN coalesce(NEW.`received_minor`, 0) < coalesce((
	SELECT sum(`amount_minor`) FROM `receipts`
	WHERE `payment_id` = NEW.`id` AND `kind` = 'receipt' AND `refund_id` IS NULL
), 0)
BEGIN SELECT RAISE(ABORT, 'receipts exceed the payment'); END;
--> statement-breakpoint
-- What succeeded holds money: what went back or is on its way settles nothing.
CREATE TRIGGER `payment_settles_with_money` BEFORE UPDATE OF `status` ON `payments`
WHEN NEW.`status` = 'succeeded' AND OLD.`status` <> 'succeeded'
	AND NEW.`refunded_minor` > 0 AND NEW.`refunded_minor` >= coalesce(NEW.`received_minor`, 0)
BEGIN SELECT RAISE(ABORT, 'the money of this payment went back'); END;
--> statement-breakpoint
CREATE TRIGGER `message_is_newest` AFTER INSERT ON `chat_messages`
BEGIN
	UPDATE `chat_rooms` SET
		`last_client_message` = iif(NEW.`author_kind` = 'client', NEW.`id`, `last_client_message`),
		`last_admin_message` = iif(NEW.`author_kind` = 'admin', NEW.`id`, `last_admin_message`),
		`waiting_since` = iif(NEW.`author_kind` = 'client', coalesce(`waiting_since`, NEW.`created_at`), NULL)
	WHERE `id` = NEW.`room_id`;
END;
--> statement-breakpoint
-- Whatever changes in a room tells its readers: the change moves to the end of all changes.
CREATE TRIGGER `message_changed` AFTER UPDATE OF `body`, `edited_at`, `deleted_at` ON `chat_messages`
BEGIN
	DELETE FROM `chat_changes` WHERE `room_id` = NEW.`room_id` AND `message_id` = NEW.`id`;
	INSERT INTO `chat_changes` (`room_id`, `message_id`) VALUES (NEW.`room_id`, NEW.`id`);
END;
--> statement-breakpoint
CREATE TRIGGER `read_begun` AFTER INSERT ON `chat_reads`
BEGIN
	DELETE FROM `chat_changes` WHERE `room_id` = NEW.`room_id` AND `message_id` = 0;
	INSERT INTO `chat_changes` (`room_id`, `message_id`) VALUES (NEW.`room_id`, 0);
END;
--> statement-breakpoint
CREATE TRIGGER `read_on` AFTER UPDATE OF `message_id` ON `chat_reads`
BEGIN
	DELETE FROM `chat_changes` WHERE `room_id` = NEW.`room_id` AND `message_id` = 0;
	INSERT INTO `chat_changes` (`room_id`, `message_id`) VALUES (NEW.`room_id`, 0);
END;
--> statement-breakpoint
CREATE TRIGGER `member_came` AFTER INSERT ON `chat_presence`
BEGIN
	DELETE FROM `chat_changes` WHERE `room_id` = NEW.`room_id` AND `message_id` = 0;
	INSERT INTO `chat_changes` (`room_id`, `message_id`) VALUES (NEW.`room_id`, 0);
END;
--> statement-breakpoint
-- Who is seen again and again is simply here: only coming back after the 45 seconds of grace is a change.
CREATE TRIGGER `member_stirred` AFTER UPDATE OF `seen_at`, `typing_at` ON `chat_presence`
WHEN NEW.`typing_at` <> OLD.`typing_at` OR NEW.`seen_at` - OLD.`seen_at` >= 45000
BEGIN
	DELETE FROM `chat_changes` WHERE `room_id` = NEW.`room_id` AND `message_id` = 0;
	INSERT INTO `chat_changes` (`room_id`, `message_id`) VALUES (NEW.`room_id`, 0);
END;
--> statement-breakpoint
-- The files of one room stay below 200 MB, however many are sent at once.
CREATE TRIGGER `room_has_space` BEFORE INSERT ON `chat_attachments`
WHEN (SELECT coalesce(sum(`size`), 0) FROM `stored_files` WHERE `id` = NEW.`file_id` OR `id` IN
	(SELECT `file_id` FROM `chat_attachments` WHERE `room_id` = NEW.`room_id`)) > 209715200
BEGIN
	SELECT RAISE(ABORT, 'the files of this room reach 200 MB');
END;
--> statement-breakpoint
-- A deleted message takes its files along.
CREATE TRIGGER `message_files_go` AFTER UPDATE OF `deleted_at` ON `chat_messages`
WHEN NEW.`deleted_at` IS NOT NULL
BEGIN
	DELETE FROM `chat_attachments` WHERE `message_id` = NEW.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `file_goes` AFTER DELETE ON `chat_attachments`
BEGIN
	DELETE FROM `file_chunks` WHERE `file_id` = OLD.`file_id`;
	DELETE FROM `stored_files` WHERE `id` = OLD.`file_id`;
END;
--> statement-breakpoint
-- What is not in the database cannot go with the row: it is noted for the sweep.
CREATE TRIGGER `object_stays` AFTER DELETE ON `stored_files`
WHEN OLD.`place` = 'bucket'
BEGIN
	INSERT INTO `loose_files` (`id`, `place`, `since`) VALUES (OLD.`id`, 'bucket', 0);
END;
--> statement-breakpoint
-- Nobody waits for an answer to what they took back, but from the next thing on that they said.
CREATE TRIGGER `question_gone` AFTER UPDATE OF `deleted_at` ON `chat_messages`
WHEN NEW.`deleted_at` IS NOT NULL AND NEW.`author_kind` = 'client'
BEGIN
	UPDATE `chat_rooms` SET `waiting_since` = (
		SELECT min(`created_at`) FROM `chat_messages` WHERE `room_id` = NEW.`room_id`
			AND `id` > `last_admin_message` AND `created_at` >= `waiting_since`
			AND `author_kind` = 'client' AND `deleted_at` IS NULL
	)
	WHERE `id` = NEW.`room_id` AND `waiting_since` IS NOT NULL;
END;
--> statement-breakpoint
-- Search in messages by the beginning of a word, in all rooms or in some: the number of its room is a word too.
CREATE VIRTUAL TABLE `chat_search` USING fts5(`body`, `room_id`, content = 'chat_messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
--> statement-breakpoint
CREATE TRIGGER `message_searchable` AFTER INSERT ON `chat_messages`
BEGIN
	INSERT INTO `chat_search` (`rowid`, `body`, `room_id`) VALUES (NEW.`id`, NEW.`body`, NEW.`room_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `message_searchable_anew` AFTER UPDATE OF `body` ON `chat_messages`
BEGIN
	INSERT INTO `chat_search` (`chat_search`, `rowid`, `body`, `room_id`) VALUES ('delete', OLD.`id`, OLD.`body`, OLD.`room_id`);
	INSERT INTO `chat_search` (`rowid`, `body`, `room_id`) VALUES (NEW.`id`, NEW.`body`, NEW.`room_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `message_unsearchable` AFTER DELETE ON `chat_messages`
BEGIN
	INSERT INTO `chat_search` (`chat_search`, `rowid`, `body`, `room_id`) VALUES ('delete', OLD.`id`, OLD.`body`, OLD.`room_id`);
END;
--> statement-breakpoint
-- Staff who have the room open hear of a note; to everybody else the change says nothing.
CREATE TRIGGER `note_written` AFTER INSERT ON `booking_notes`
BEGIN
	DELETE FROM `chat_changes` WHERE `message_id` = -1 AND `room_id` IN
		(SELECT `id` FROM `chat_rooms` WHERE `booking_id` = NEW.`booking_id`);
	INSERT INTO `chat_changes` (`room_id`, `message_id`)
		SELECT `id`, -1 FROM `chat_rooms` WHERE `booking_id` = NEW.`booking_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `note_deleted` AFTER UPDATE OF `deleted_at` ON `booking_notes`
BEGIN
	DELETE FROM `chat_changes` WHERE `message_id` = -1 AND `room_id` IN
		(SELECT `id` FROM `chat_rooms` WHERE `booking_id` = NEW.`booking_id`);
	INSERT INTO `chat_changes` (`room_id`, `message_id`)
		SELECT `id`, -1 FROM `chat_rooms` WHERE `booking_id` = NEW.`booking_id`;
END;
