CREATE TABLE `idempotency` (
	`principal` text NOT NULL,
	`procedure` text NOT NULL,
	`key` text NOT NULL,
	`hash` text NOT NULL,
	`status` text NOT NULL,
	`server_id` text NOT NULL,
	`effect` integer DEFAULT false NOT NULL,
	`message_id` text NOT NULL,
	`session_id` text,
	`answer` text,
	`withheld` text,
	`bytes` integer DEFAULT 0 NOT NULL,
	`created` integer NOT NULL,
	PRIMARY KEY(`principal`, `procedure`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_created` ON `idempotency` (`created`);--> statement-breakpoint
CREATE INDEX `idempotency_session` ON `idempotency` (`session_id`);