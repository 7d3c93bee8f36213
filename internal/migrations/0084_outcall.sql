-- What rules ask of other systems (internal/outcall).
CREATE TABLE outcall (
    id              KEY64,
    actor           TEXT NOT NULL,              -- who asked: a rule, a person
    owner_id        BIGINT NOT NULL DEFAULT 0,  -- who is told when it is given up
    subject         TEXT NOT NULL,              -- what it is about
    contact_id      BIGINT NOT NULL DEFAULT 0,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    host            TEXT NOT NULL,
    body            TEXT NOT NULL,              -- JSON: what is sent, filled in, with the names of secrets
    state           TEXT NOT NULL,
    tries           INTEGER NOT NULL DEFAULT 0,
    first_at        BIGINT,                     -- when it was first tried
    next_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL,            -- when something last became of it
    status          INTEGER NOT NULL DEFAULT 0,
    why             TEXT NOT NULL DEFAULT '',
    took            BIGINT NOT NULL DEFAULT 0   -- milliseconds
);
CREATE INDEX outcall_due ON outcall (host, next_at) WHERE state = 'waiting';
CREATE INDEX outcall_actor ON outcall (actor, id);
CREATE INDEX outcall_state ON outcall (state, id);
CREATE INDEX outcall_contact ON outcall (contact_id) WHERE contact_id <> 0;
CREATE INDEX outcall_conversation ON outcall (conversation_id) WHERE conversation_id <> 0;
CREATE INDEX outcall_old ON outcall (at) WHERE state <> 'waiting';

-- What receivers know us by. Each goes to one host only.
CREATE TABLE outcall_secret (
    id         KEY64,
    name       TEXT NOT NULL,
    host       TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    created_by BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outcall_secret_name ON outcall_secret (name);
