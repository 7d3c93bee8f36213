-- Events that go out to other systems (internal/webhook).
CREATE TABLE webhook (
    id            KEY64,
    address       TEXT NOT NULL,
    about         TEXT NOT NULL DEFAULT '',
    kinds         TEXT NOT NULL DEFAULT '',          -- areas and kinds of facts, with spaces; '' is all
    state         TEXT NOT NULL,
    cursor_seq    BIGINT NOT NULL,                   -- the log is taken up to here
    failures      INTEGER NOT NULL DEFAULT 0,        -- in a row, of all subjects
    failing_since BIGINT,
    pause_until   BIGINT,
    sent_at       BIGINT,                            -- when it last took something; exact to the minute
    off_at        BIGINT,
    created_by    BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

-- What it is signed with. The newest has no end.
CREATE TABLE webhook_secret (
    id         KEY64,
    webhook_id BIGINT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    sealed     TEXT NOT NULL,
    until_at   BIGINT
);
CREATE INDEX webhook_secret_webhook ON webhook_secret (webhook_id);

-- One event for one receiver. What was sent is not kept: it is made anew from the event.
CREATE TABLE webhook_delivery (
    id         KEY64,
    webhook_id BIGINT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event_id   BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    subject    TEXT NOT NULL,
    trial      BOOLEAN NOT NULL DEFAULT FALSE,
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    first_at   BIGINT,           -- when it was first tried
    next_at    BIGINT NOT NULL,
    at         BIGINT NOT NULL,  -- when something last became of it
    status     INTEGER NOT NULL DEFAULT 0,
    why        TEXT NOT NULL DEFAULT '',
    took       BIGINT NOT NULL DEFAULT 0, -- milliseconds
    answer     TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook_id, event_id);
CREATE INDEX webhook_delivery_subject ON webhook_delivery (webhook_id, subject, seq) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_state ON webhook_delivery (webhook_id, state, id);
CREATE INDEX webhook_delivery_old ON webhook_delivery (at) WHERE state <> 'waiting';
