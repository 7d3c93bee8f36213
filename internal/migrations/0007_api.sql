-- Answers to POSTs with an Idempotency-Key (internal/api), kept for a day.

CREATE TABLE api_idempotency (
    token_id   BIGINT NOT NULL,
    route      TEXT NOT NULL,
    key        TEXT NOT NULL,
    hash       TEXT NOT NULL,
    status     INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, route, key)
);
CREATE INDEX api_idempotency_at ON api_idempotency (created_at);
