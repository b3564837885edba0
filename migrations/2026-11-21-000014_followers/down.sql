DROP INDEX events_by_cause;
DROP TABLE dead_letters;
DROP TABLE follower_births;
DROP TABLE followers;
