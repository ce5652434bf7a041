CREATE TABLE `session_rule` (
	`session_id` text NOT NULL,
	`permission` text NOT NULL,
	`pattern` text NOT NULL,
	`created` integer NOT NULL,
	PRIMARY KEY(`session_id`, `permission`, `pattern`)
);
