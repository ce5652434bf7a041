CREATE TABLE `permission_feedback` (
	`request_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`feedback` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `permission_feedback_session` ON `permission_feedback` (`session_id`);