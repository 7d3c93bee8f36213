-- Who gets a conversation (internal/routing).

-- How much somebody takes, and what he can. Who is not here takes as much as is usual.
CREATE TABLE routing_desk (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES team_person (id) ON DELETE CASCADE,
    room      INTEGER NOT NULL,          -- open conversations at once
    chats     INTEGER NOT NULL,          -- of them chats
    languages TEXT NOT NULL DEFAULT '',  -- by line; '' is all
    skills    TEXT NOT NULL DEFAULT '',  -- by line
    away      BOOLEAN NOT NULL DEFAULT FALSE
);

-- When somebody was given something.
CREATE TABLE routing_last (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES team_person (id) ON DELETE CASCADE,
    at        BIGINT NOT NULL
);

-- What was decided, and why.
CREATE TABLE routing_decision (
    id              KEY64,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    at              BIGINT NOT NULL,
    body            TEXT NOT NULL -- JSON
);
CREATE INDEX routing_decision_conversation ON routing_decision (conversation_id, at);

-- What waits until somebody is free, or for the morning.
CREATE TABLE routing_queue (
    conversation_id BIGINT NOT NULL PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    team_id         BIGINT NOT NULL DEFAULT 0,
    outcome         TEXT NOT NULL,
    rank            INTEGER NOT NULL,
    since           BIGINT NOT NULL
);
CREATE INDEX routing_queue_order ON routing_queue (rank, since);
