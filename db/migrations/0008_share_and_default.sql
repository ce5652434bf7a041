CREATE TABLE `default_session` (
	`directory` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `default_session_session_id_unique` ON `default_session` (`session_id`);--> statement-breakpoint
CREATE TABLE `share` (
	`secret_hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `share_session_id_unique` ON `share` (`session_id`);