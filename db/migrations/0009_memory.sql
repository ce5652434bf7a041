CREATE TABLE `memory` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`project_id` text NOT NULL,
	`directory` text NOT NULL,
	`type` text NOT NULL,
	`text` text NOT NULL,
	`created` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `memory_id_unique` ON `memory` (`id`);--> statement-breakpoint
CREATE INDEX `memory_project` ON `memory` (`project_id`,`type`,`sequence`);