-- Promised times, and the clocks that run against them (internal/sla).

-- Working hours as they were when a clock began, by what is in them.
CREATE TABLE sla_hours (
    hash TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL -- JSON
);

-- What happened to a conversation, as far as clocks care.
CREATE TABLE sla_step (
    id              KEY64,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    message_id      BIGINT NOT NULL DEFAULT 0, -- goes where its message goes
    at              BIGINT NOT NULL,
    what            TEXT NOT NULL,
    status          TEXT NOT NULL DEFAULT '',
    promise         TEXT NOT NULL DEFAULT ''  -- JSON
);
CREATE INDEX sla_step_conversation ON sla_step (conversation_id);
CREATE INDEX sla_step_message ON sla_step (message_id);

-- What the clocks say: worked out of the steps, kept for lists.
CREATE TABLE sla_clock (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    clock           TEXT NOT NULL,
    started_at      BIGINT NOT NULL,
    target          BIGINT NOT NULL, -- milliseconds
    counts          TEXT NOT NULL,
    warn_at         BIGINT,
    due_at          BIGINT,
    met_at          BIGINT,
    held            TEXT NOT NULL DEFAULT '',
    told            INTEGER NOT NULL DEFAULT 0, -- 1: that it is warned, 2: that it is broken
    PRIMARY KEY (conversation_id, clock)
);
