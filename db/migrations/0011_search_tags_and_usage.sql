CREATE TABLE `searchable` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`message_id` text,
	`part_id` text NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `searchable_part_id_unique` ON `searchable` (`part_id`);--> statement-breakpoint
CREATE INDEX `searchable_session` ON `searchable` (`session_id`);--> statement-breakpoint
CREATE INDEX `searchable_message` ON `searchable` (`message_id`);--> statement-breakpoint
CREATE TABLE `session_tag` (
	`session_id` text NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`session_id`, `tag`)
);
--> statement-breakpoint
CREATE INDEX `session_tag_tag` ON `session_tag` (`tag`);--> statement-breakpoint
ALTER TABLE `session` ADD `archived` integer;--> statement-breakpoint
CREATE INDEX `session_updated` ON `session` (`updated`);--> statement-breakpoint
ALTER TABLE `usage` ADD `output` integer;--> statement-breakpoint
ALTER TABLE `usage` ADD `reasoning` integer;--> statement-breakpoint
ALTER TABLE `usage` ADD `cache_read` integer;--> statement-breakpoint
ALTER TABLE `usage` ADD `cache_write` integer;--> statement-breakpoint
CREATE INDEX `usage_created` ON `usage` (`created`);--> statement-breakpoint
UPDATE `session` SET `archived` = json_extract(`data`, '$.time.archived');--> statement-breakpoint
INSERT INTO `searchable` (`session_id`, `message_id`, `part_id`, `text`)
SELECT `session_id`, `message_id`, `part_id`, substr(`text`, 1, 32768) FROM (
	SELECT `id` AS `session_id`, NULL AS `message_id`, `id` AS `part_id`, `title` AS `text`, `created` AS `time` FROM `session`
	UNION ALL
	SELECT `part`.`session_id`, `part`.`message_id`, `part`.`id`, json_extract(`part`.`data`, '$.text'), `message`.`created`
	FROM `part` INNER JOIN `message` ON `message`.`id` = `part`.`message_id`
	WHERE json_extract(`part`.`data`, '$.type') = 'text'
		AND coalesce(json_extract(`part`.`data`, '$.synthetic'), 0) = 0
		AND coalesce(json_extract(`part`.`data`, '$.ignored'), 0) = 0
		AND (json_extract(`part`.`data`, '$.time') IS NULL OR json_extract(`part`.`data`, '$.time.end') IS NOT NULL)
) WHERE `text` <> '' ORDER BY `time`;--> statement-breakpoint
CREATE VIRTUAL TABLE `search` USING fts5(`text`, content='searchable', content_rowid='id', tokenize='unicode61 remove_diacritics 2');--> statement-breakpoint
INSERT INTO `search` (`search`) VALUES ('rebuild');--> statement-breakpoint
CREATE TRIGGER `searchable_inserted` AFTER INSERT ON `searchable` BEGIN
	INSERT INTO `search` (`rowid`, `text`) VALUES (new.`id`, new.`text`);
END;--> statement-breakpoint
CREATE TRIGGER `searchable_deleted` AFTER DELETE ON `searchable` BEGIN
	INSERT INTO `search` (`search`, `rowid`, `text`) VALUES ('delete', old.`id`, old.`text`);
END;--> statement-breakpoint
CREATE TRIGGER `searchable_updated` AFTER UPDATE OF `text` ON `searchable` BEGIN
	INSERT INTO `search` (`search`, `rowid`, `text`) VALUES ('delete', old.`id`, old.`text`);
	INSERT INTO `search` (`rowid`, `text`) VALUES (new.`id`, new.`text`);
END;
