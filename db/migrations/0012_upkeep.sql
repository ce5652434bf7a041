CREATE TABLE `upkeep` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
