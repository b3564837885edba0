DROP INDEX events_by_cause;
DROP TABLE dead_letters;
DROP TABLE followers;
