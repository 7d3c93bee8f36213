-- What one does step by step, and errors that are known (internal/runbook).
CREATE TABLE runbook (
    id          KEY64,
    kind        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    body        TEXT NOT NULL, -- of the version that lives
    archived_at BIGINT,
    created_by  BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    updated_by  BIGINT NOT NULL DEFAULT 0,
    updated_at  BIGINT NOT NULL
);

-- What it said before, and says now.
CREATE TABLE runbook_version (
    id         KEY64,
    runbook_id BIGINT NOT NULL REFERENCES runbook (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    person_id  BIGINT NOT NULL DEFAULT 0,
    at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX runbook_version_number ON runbook_version (runbook_id, number);

-- Somebody follows one in a conversation. What it said at that moment stays with it.
CREATE TABLE runbook_run (
    id              KEY64,
    runbook_id      BIGINT NOT NULL REFERENCES runbook (id) ON DELETE CASCADE,
    version         INTEGER NOT NULL,
    conversation_id BIGINT NOT NULL, -- 0: it was deleted
    state           TEXT NOT NULL,
    body            TEXT NOT NULL,
    ticks           TEXT NOT NULL,
    stuck           INTEGER NOT NULL DEFAULT 0, -- the key of a step, of what ended without help
    why             TEXT NOT NULL DEFAULT '',
    edition         INTEGER NOT NULL DEFAULT 1,
    started_by      BIGINT NOT NULL DEFAULT 0,
    started_at      BIGINT NOT NULL,
    ended_by        BIGINT NOT NULL DEFAULT 0,
    ended_at        BIGINT
);
CREATE INDEX runbook_run_conversation ON runbook_run (conversation_id);
CREATE INDEX runbook_run_runbook ON runbook_run (runbook_id, state, stuck);
