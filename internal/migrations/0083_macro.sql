-- What people at the desk write and do again and again (internal/macro).
CREATE TABLE macro (
    id         KEY64,
    name       TEXT NOT NULL,
    shortcut   TEXT NOT NULL DEFAULT '',
    scope      TEXT NOT NULL,              -- everyone, team, me
    team_id    BIGINT NOT NULL DEFAULT 0,
    person_id  BIGINT NOT NULL DEFAULT 0,  -- who made it, and whose it is
    body       TEXT NOT NULL,              -- JSON: the texts, what is done
    version    INTEGER NOT NULL,
    used       INTEGER NOT NULL DEFAULT 0,
    used_at    BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE TABLE macro_file (
    id       KEY64,
    macro_id BIGINT NOT NULL REFERENCES macro (id) ON DELETE CASCADE,
    place    INTEGER NOT NULL,
    name     TEXT NOT NULL,
    type     TEXT NOT NULL,
    size     BIGINT NOT NULL,
    blob     TEXT NOT NULL
);
CREATE INDEX macro_file_macro ON macro_file (macro_id, place);
CREATE INDEX macro_file_blob ON macro_file (blob);
