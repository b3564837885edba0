DROP INDEX events_of_a_customer;
ALTER TABLE events DROP COLUMN contact_id;
