CREATE TABLE `approval_waits` (
	`booking_id` integer NOT NULL,
	`at` integer NOT NULL,
	`wait` integer NOT NULL,
	FOREIGN KEY (`booking_id`) REFERENCES `service_bookings`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `waits_by_time` ON `approval_waits` (`at`,`wait`,`booking_id`);--> statement-breakpoint
CREATE TABLE `booking_counts` (
	`status` text NOT NULL,
	`assigned_to` integer NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`status`, `assigned_to`),
	CONSTRAINT "counted_status" CHECK("booking_counts"."status" in ('pending', 'approved', 'payment_pending', 'paid', 'in_progress', 'completed', 'rejected', 'cancelled', 'expired'))
);
--> statement-breakpoint
DROP INDEX `bookings_by_time`;--> statement-breakpoint
CREATE INDEX `bookings_unpaid` ON `service_bookings` (`currency`,`price_minor`,`assigned_to`) WHERE status in ('approved', 'payment_pending');--> statement-breakpoint
CREATE INDEX `bookings_by_time` ON `service_bookings` (`status`,`created_at`,`assigned_to`);--> statement-breakpoint
INSERT INTO `booking_counts` (`status`, `assigned_to`, `n`)
	SELECT `status`, coalesce(`assigned_to`, 0), count(*) FROM `service_bookings` GROUP BY 1, 2;
--> statement-breakpoint
CREATE TRIGGER `booking_counted` AFTER INSERT ON `service_bookings`
BEGIN
	INSERT INTO `booking_counts` (`status`, `assigned_to`, `n`)
		VALUES (NEW.`status`, coalesce(NEW.`assigned_to`, 0), 1)
		ON CONFLICT DO UPDATE SET `n` = `n` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `booking_counted_anew` AFTER UPDATE OF `status`, `assigned_to` ON `service_bookings`
WHEN NEW.`status` IS NOT OLD.`status` OR NEW.`assigned_to` IS NOT OLD.`assigned_to`
BEGIN
	UPDATE `booking_counts` SET `n` = `n` - 1
		WHERE `status` = OLD.`status` AND `assigned_to` = coalesce(OLD.`assigned_to`, 0);
	INSERT INTO `booking_counts` (`status`, `assigned_to`, `n`)
		VALUES (NEW.`status`, coalesce(NEW.`assigned_to`, 0), 1)
		ON CONFLICT DO UPDATE SET `n` = `n` + 1;
END;
--> statement-breakpoint
INSERT INTO `approval_waits` (`booking_id`, `at`, `wait`)
	SELECT `e`.`booking_id`, `e`.`at`, `e`.`at` - `b`.`created_at` FROM `booking_events` `e`
	JOIN `service_bookings` `b` ON `b`.`id` = `e`.`booking_id` WHERE `e`.`move` = 'approve';
--> statement-breakpoint
CREATE TRIGGER `approval_waited` AFTER INSERT ON `booking_events` WHEN NEW.`move` = 'approve'
BEGIN
	INSERT INTO `approval_waits` (`booking_id`, `at`, `wait`)
		SELECT `id`, NEW.`at`, NEW.`at` - `created_at` FROM `service_bookings` WHERE `id` = NEW.`booking_id`;
END;
--> statement-breakpoint
-- The index holds beginnings of more lengths: one that it does not hold is put together from all its words first.
DROP TABLE `booking_search`;
--> statement-breakpoint
CREATE VIRTUAL TABLE `booking_search` USING fts5(`reference`, `client_name`, `client_email`, `client_company`, `service_name`, tokenize = 'unicode61', prefix = '1 2 3 4 5 6 7 8 9 10');
--> statement-breakpoint
INSERT INTO `booking_search` (`rowid`, `reference`, `client_name`, `client_email`, `client_company`, `service_name`)
	SELECT `id`, `reference`, `client_name`, `client_email`, `client_company`, `service_name` FROM `service_bookings`;
--> statement-breakpoint
DROP TABLE `chat_search`;
--> statement-breakpoint
CREATE VIRTUAL TABLE `chat_search` USING fts5(`body`, `room_id`, content = 'chat_messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7 8');
--> statement-breakpoint
INSERT INTO `chat_search` (`chat_search`) VALUES ('rebuild');
