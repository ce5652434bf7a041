CREATE TABLE `pause` (
	`session_id` text PRIMARY KEY NOT NULL,
	`root_id` text NOT NULL,
	`tokens` integer NOT NULL,
	`cost` integer NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `pause_root` ON `pause` (`root_id`);--> statement-breakpoint
CREATE TABLE `session_cap` (
	`session_id` text PRIMARY KEY NOT NULL,
	`tokens` integer,
	`cost` integer
);
--> statement-breakpoint
CREATE TABLE `usage` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`root_id` text NOT NULL,
	`project_id` text NOT NULL,
	`day` text NOT NULL,
	`server_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`model_id` text NOT NULL,
	`status` text NOT NULL,
	`tokens` integer NOT NULL,
	`cost` integer NOT NULL,
	`reserved_tokens` integer NOT NULL,
	`reserved_cost` integer NOT NULL,
	`excess_tokens` integer DEFAULT 0 NOT NULL,
	`excess_cost` integer DEFAULT 0 NOT NULL,
	`bytes` integer NOT NULL,
	`input` integer,
	`created` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `usage_root` ON `usage` (`root_id`,`status`,`tokens`,`cost`);--> statement-breakpoint
CREATE INDEX `usage_project` ON `usage` (`project_id`,`status`,`tokens`,`cost`);--> statement-breakpoint
CREATE INDEX `usage_day` ON `usage` (`day`,`status`,`tokens`,`cost`);--> statement-breakpoint
CREATE INDEX `usage_open` ON `usage` (`server_id`) WHERE "usage"."status" = 'reserved';--> statement-breakpoint
CREATE INDEX `usage_session` ON `usage` (`session_id`,`created`);