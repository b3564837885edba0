-- How a message is meant, when that is more than its letters: a document as JSON, kept as it was written. Most have none.
ALTER TABLE messages ADD COLUMN rich text;
ALTER TABLE outbox ADD COLUMN rich text;
