-- Mail (internal/channel/email): what comes back to mails that went to many.

-- The first message that answered one of them: what its writer says to it next goes into the same conversation.
CREATE TABLE email_bulk_answer (
    ref        TEXT PRIMARY KEY,
    message_id BIGINT NOT NULL,
    at         BIGINT NOT NULL
);
