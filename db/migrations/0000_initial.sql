CREATE TABLE `event` (
	`position` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`session_id` text,
	`project_id` text NOT NULL,
	`directory` text NOT NULL,
	`reference` text,
	`created` integer NOT NULL,
	`data` text
);
--> statement-breakpoint
CREATE INDEX `event_session` ON `event` (`session_id`,`position`);--> statement-breakpoint
CREATE TABLE `guard` (
	`ok` integer NOT NULL,
	CONSTRAINT "guard_ok" CHECK("guard"."ok" = 1)
);
--> statement-breakpoint
CREATE TABLE `lease` (
	`session_id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`abort` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE `message` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`role` text NOT NULL,
	`parent_id` text,
	`created` integer NOT NULL,
	`completed` integer,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `message_session` ON `message` (`session_id`,`created`,`id`);--> statement-breakpoint
CREATE INDEX `message_parent` ON `message` (`parent_id`);--> statement-breakpoint
CREATE TABLE `part` (
	`id` text PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	`session_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `part_message` ON `part` (`message_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `part_session` ON `part` (`session_id`);--> statement-breakpoint
CREATE TABLE `permission` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`directory` text NOT NULL,
	`server_id` text NOT NULL,
	`asked` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `permission_session` ON `permission` (`session_id`);--> statement-breakpoint
CREATE TABLE `permission_rule` (
	`project_id` text NOT NULL,
	`permission` text NOT NULL,
	`pattern` text NOT NULL,
	`created` integer NOT NULL,
	PRIMARY KEY(`project_id`, `permission`, `pattern`)
);
--> statement-breakpoint
CREATE TABLE `project` (
	`id` text PRIMARY KEY NOT NULL,
	`updated` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `prompt` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` text NOT NULL,
	`session_id` text NOT NULL,
	`status` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `prompt_message_id_unique` ON `prompt` (`message_id`);--> statement-breakpoint
CREATE INDEX `prompt_session` ON `prompt` (`session_id`,`status`,`sequence`);--> statement-breakpoint
CREATE TABLE `server` (
	`id` text PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`started` text NOT NULL,
	`seen` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`parent_id` text,
	`directory` text NOT NULL,
	`path` text NOT NULL,
	`title` text NOT NULL,
	`created` integer NOT NULL,
	`updated` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_directory` ON `session` (`directory`,`updated`);--> statement-breakpoint
CREATE INDEX `session_project` ON `session` (`project_id`,`updated`);--> statement-breakpoint
CREATE INDEX `session_parent` ON `session` (`parent_id`);--> statement-breakpoint
CREATE TABLE `todo` (
	`session_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`content` text NOT NULL,
	`status` text NOT NULL,
	`priority` text NOT NULL,
	PRIMARY KEY(`session_id`, `sequence`)
);
