-- Flows: what happens to a customer step by step (internal/sequence).

CREATE TABLE sequence (
    id         KEY64,
    name       TEXT NOT NULL,
    enabled    BOOLEAN NOT NULL,
    version    INTEGER NOT NULL,
    body       TEXT NOT NULL,          -- JSON: how it begins, what ends it early, its steps
    draft      TEXT NOT NULL DEFAULT '', -- JSON: what it is to become
    owner_id   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- How a flow was: whoever is in it goes on as it was when he came in.
CREATE TABLE sequence_version (
    sequence_id BIGINT NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    body        TEXT NOT NULL,
    person_id   BIGINT NOT NULL DEFAULT 0,
    at          BIGINT NOT NULL,
    PRIMARY KEY (sequence_id, version)
);

-- The kinds of facts that a version listens to.
CREATE TABLE sequence_hears (
    sequence_id BIGINT NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    fact        TEXT NOT NULL,
    PRIMARY KEY (sequence_id, version, fact)
);

-- A customer's way through a flow.
CREATE TABLE sequence_path (
    id              KEY64,
    sequence_id     BIGINT NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
    version         INTEGER NOT NULL,
    contact_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    event_id        BIGINT NOT NULL DEFAULT 0, -- the fact that began it; 0: somebody did
    root_id         BIGINT NOT NULL DEFAULT 0, -- the fact with which that chain began
    state           TEXT NOT NULL,
    was             TEXT NOT NULL DEFAULT '',  -- the state before it was paused
    step            INTEGER NOT NULL,          -- at which it stands
    turn            INTEGER NOT NULL,          -- so many changes so far: work that was meant for another turn does nothing
    due_at          BIGINT,                    -- when waiting is over
    awaits          TEXT NOT NULL DEFAULT '',  -- the kind of fact that it waits for
    why             TEXT NOT NULL DEFAULT '',  -- JSON: what went wrong, in each language
    started_at      BIGINT NOT NULL,
    ended_at        BIGINT
);
CREATE UNIQUE INDEX sequence_path_one ON sequence_path (contact_id, sequence_id) WHERE ended_at IS NULL;
CREATE INDEX sequence_path_contact ON sequence_path (contact_id, id);
CREATE INDEX sequence_path_of ON sequence_path (sequence_id, state, id);
CREATE INDEX sequence_path_living ON sequence_path (sequence_id, version) WHERE ended_at IS NULL;
CREATE INDEX sequence_path_talk ON sequence_path (conversation_id) WHERE conversation_id <> 0;
CREATE INDEX sequence_path_root ON sequence_path (root_id) WHERE root_id <> 0;

-- What happened on the way.
CREATE TABLE sequence_trace (
    path_id   BIGINT NOT NULL REFERENCES sequence_path (id) ON DELETE CASCADE,
    turn      INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    what      TEXT NOT NULL,
    person_id BIGINT NOT NULL DEFAULT 0,
    body      TEXT NOT NULL DEFAULT '{}',
    at        BIGINT NOT NULL,
    PRIMARY KEY (path_id, turn)
);
