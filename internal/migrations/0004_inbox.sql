-- The doors through which customers come in (internal/inbox).

CREATE TABLE inbox (
    id         KEY64,
    name       TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    team_id    BIGINT NOT NULL DEFAULT 0,
    language   TEXT NOT NULL DEFAULT 'ko',
    enabled    BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_address ON inbox (channel, address);

-- Texts of an inbox, by language: signature, auto_reply, …
CREATE TABLE inbox_text (
    inbox_id BIGINT NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    language TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (inbox_id, kind, language)
);
