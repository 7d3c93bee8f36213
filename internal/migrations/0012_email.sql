-- Mail (internal/channel/email): machines that answer machines, and what the mail server says of a sender.

-- Which mail an automatic answer was for: what looks like it comes from the same machine.
ALTER TABLE email_auto_sent ADD COLUMN message_id BIGINT NOT NULL DEFAULT 0;

-- The name under which the mail server of an inbox writes Authentication-Results (RFC 8601); '': none is believed.
ALTER TABLE email_account ADD COLUMN auth_server TEXT NOT NULL DEFAULT '';
