-- Segments: named groups of customers (internal/segment).

CREATE TABLE segment (
    id         KEY64,
    name       TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    body       TEXT NOT NULL,              -- JSON: the conditions
    person_id  BIGINT NOT NULL DEFAULT 0,  -- who made it
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX segment_name ON segment (name);
