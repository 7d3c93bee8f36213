-- What the kit needs: numbers that count up, the log, the queue, settings.

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);

-- The log of what happened (kit/event). A row is written once; afterwards only
-- seq and hash are filled in, when the sealer gives it its place in the chain.
CREATE TABLE event (
    id      KEY64,
    seq     BIGINT,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      BIGINT NOT NULL,
    cause   BIGINT NOT NULL DEFAULT 0,
    depth   INTEGER NOT NULL DEFAULT 0,
    body    TEXT NOT NULL,
    hash    BYTEA
);
CREATE INDEX event_subject ON event (subject, id);
CREATE UNIQUE INDEX event_seq ON event (seq);
CREATE INDEX event_unsealed ON event (id) WHERE seq IS NULL;

-- The end of the chain: one row.
CREATE TABLE event_head (
    one  INTEGER PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- The queue (kit/job). A lane is work that runs in order; it is leased as a whole.
CREATE TABLE job_lane (
    name        TEXT PRIMARY KEY,
    pool        TEXT NOT NULL,
    run_at      BIGINT NOT NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    fence       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX job_lane_due ON job_lane (pool, run_at);

CREATE TABLE job (
    id         KEY64,
    lane       TEXT NOT NULL,
    pool       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    args       TEXT NOT NULL,
    run_at     BIGINT NOT NULL,
    state      TEXT NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    error      TEXT NOT NULL DEFAULT '',
    unique_key TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX job_next ON job (lane, run_at, id) WHERE state = 'waiting';
CREATE INDEX job_failed ON job (id) WHERE state = 'failed';
CREATE UNIQUE INDEX job_unique ON job (unique_key);

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
