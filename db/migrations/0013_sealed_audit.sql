-- How far the entries of the audit trail have their hashes, in stores that have some.
INSERT INTO `upkeep` (`name`, `value`)
SELECT 'sealed', max(`sequence`) FROM `audit`
WHERE `hash` IS NOT NULL AND `sequence` < coalesce((SELECT min(`sequence`) FROM `audit` WHERE `hash` IS NULL), 9223372036854775807)
HAVING max(`sequence`) IS NOT NULL;
