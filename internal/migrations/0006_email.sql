-- Mail (internal/channel/email).

-- Servers and secrets of an e-mail inbox. Passwords and keys are sealed (kit/secret).
CREATE TABLE email_account (
    inbox_id      BIGINT PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
    imap          TEXT NOT NULL DEFAULT '',
    imap_secret   TEXT NOT NULL DEFAULT '',
    smtp          TEXT NOT NULL DEFAULT '',
    smtp_secret   TEXT NOT NULL DEFAULT '',
    dkim          TEXT NOT NULL DEFAULT '',
    dkim_key      TEXT NOT NULL DEFAULT '',
    delete_after  BOOLEAN NOT NULL DEFAULT FALSE,
    in_trouble    TEXT NOT NULL DEFAULT '',
    in_at         BIGINT,
    out_trouble   TEXT NOT NULL DEFAULT '',
    out_at        BIGINT,
    changed_at    BIGINT NOT NULL
);

-- How far a mailbox has been read.
CREATE TABLE email_folder (
    inbox_id     BIGINT NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    validity     BIGINT NOT NULL,
    high         BIGINT NOT NULL,
    backlog_from BIGINT NOT NULL,
    backlog_to   BIGINT NOT NULL,
    history      BOOLEAN NOT NULL,
    PRIMARY KEY (inbox_id, name)
);

-- Every mail that came in, with where it ended.
CREATE TABLE email_item (
    id            KEY64,
    inbox_id      BIGINT NOT NULL,
    source        TEXT NOT NULL,
    digest        BYTEA NOT NULL,
    size          BIGINT NOT NULL,
    envelope_from TEXT NOT NULL DEFAULT '',
    received_at   BIGINT NOT NULL,
    history       BOOLEAN NOT NULL DEFAULT FALSE,
    seen          BOOLEAN NOT NULL DEFAULT FALSE,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL DEFAULT '',
    error         TEXT NOT NULL DEFAULT '',
    tries         INTEGER NOT NULL DEFAULT 0,
    message_id    BIGINT NOT NULL DEFAULT 0,
    rfc_id        TEXT NOT NULL DEFAULT '',
    created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX email_item_source ON email_item (inbox_id, source);
CREATE INDEX email_item_digest ON email_item (digest);
CREATE INDEX email_item_state ON email_item (state, id) WHERE state IN ('new', 'quarantine');
CREATE INDEX email_item_message ON email_item (message_id) WHERE message_id <> 0;

-- The bytes as they came: in the row when small, in the blob store otherwise.
CREATE TABLE email_raw (
    item_id KEY64,
    data    BYTEA,
    blob    TEXT NOT NULL DEFAULT ''
);

-- What is left of erased mail: keyed digests, so that it does not come back.
CREATE TABLE email_tombstone (
    mac TEXT PRIMARY KEY,
    at  BIGINT NOT NULL
);

-- The outbox.
CREATE TABLE email_out (
    id              KEY64,
    inbox_id        BIGINT NOT NULL,
    message_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    rfc_id          TEXT NOT NULL,
    auto            BOOLEAN NOT NULL DEFAULT FALSE,
    state           TEXT NOT NULL,
    phase           TEXT NOT NULL DEFAULT '',
    attempts        INTEGER NOT NULL DEFAULT 0,
    error           TEXT NOT NULL DEFAULT '',
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX email_out_message ON email_out (message_id);
CREATE INDEX email_out_open ON email_out (state, id) WHERE state IN ('queued', 'sending', 'unconfirmed');

CREATE TABLE email_out_recipient (
    out_id  BIGINT NOT NULL REFERENCES email_out (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    name    TEXT NOT NULL DEFAULT '',
    role    TEXT NOT NULL,
    state   TEXT NOT NULL,
    code    INTEGER NOT NULL DEFAULT 0,
    answer  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (out_id, address)
);

-- Automatic mail that left, for its ceilings.
CREATE TABLE email_auto_sent (
    address TEXT NOT NULL,
    domain  TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX email_auto_sent_address ON email_auto_sent (address, at);
CREATE INDEX email_auto_sent_domain ON email_auto_sent (domain, at);
