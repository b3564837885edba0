DROP TABLE outbox, reads, messages, conversations, conversation_numbers, channels;
