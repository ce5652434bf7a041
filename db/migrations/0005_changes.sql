CREATE TABLE `change` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`message_id` text NOT NULL,
	`call_id` text NOT NULL,
	`file` text NOT NULL,
	`before` text,
	`after` text,
	`inferred` integer NOT NULL,
	`created` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `change_session` ON `change` (`session_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `change_file` ON `change` (`file`,`sequence`);--> statement-breakpoint
CREATE TABLE `undone` (
	`session_id` text NOT NULL,
	`file` text NOT NULL,
	`state` text,
	PRIMARY KEY(`session_id`, `file`)
);
