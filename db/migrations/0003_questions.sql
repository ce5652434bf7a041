CREATE TABLE `question` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`directory` text NOT NULL,
	`server_id` text NOT NULL,
	`asked` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `question_session` ON `question` (`session_id`);