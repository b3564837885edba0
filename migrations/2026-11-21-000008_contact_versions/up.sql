-- Which of two views of a contact is the newer one: conversations carry their contact, and may be told in another order.
ALTER TABLE contacts ADD COLUMN version bigint NOT NULL DEFAULT 1;
