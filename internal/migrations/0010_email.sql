-- Mail (internal/channel/email): what the first weeks taught.

-- A folder that is being read anew after its UIDs changed stays so over a restart.
ALTER TABLE email_folder ADD COLUMN moved BOOLEAN NOT NULL DEFAULT FALSE;

-- From when on a mail has been tried: how long it is tried counts from here.
ALTER TABLE email_out ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- The mail that another mail answers: only a hint.
CREATE INDEX email_item_rfc ON email_item (rfc_id) WHERE rfc_id <> '';

-- Ceilings that closed, so that it is told once and not for every mail.
CREATE TABLE email_auto_stopped (
    what TEXT PRIMARY KEY,
    at   BIGINT NOT NULL
);
