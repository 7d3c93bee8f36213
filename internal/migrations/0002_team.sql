-- Who works here: people, roles, teams, how they come in, API tokens.

-- Set-up was done: one row, for good.
CREATE TABLE team_set_up (
    one INTEGER PRIMARY KEY,
    at  BIGINT NOT NULL
);

-- Changes with everything that decides who may come in and do what, to a value
-- that never was: what a process remembers is good as long as it is the same.
CREATE TABLE team_version (
    one INTEGER PRIMARY KEY,
    n   BIGINT NOT NULL
);
INSERT INTO team_version (one, n) VALUES (1, 1);

-- Roles. The rights of those that are built in stand in the program; their rows
-- hold only what a firm may choose.
CREATE TABLE team_role (
    name          TEXT PRIMARY KEY,
    built_in      BOOLEAN NOT NULL DEFAULT FALSE,
    title         TEXT NOT NULL DEFAULT '',
    about         TEXT NOT NULL DEFAULT '',
    rights        TEXT NOT NULL DEFAULT '',
    see           TEXT NOT NULL DEFAULT '',
    masked        BOOLEAN NOT NULL DEFAULT FALSE,
    second_factor BOOLEAN NOT NULL DEFAULT FALSE,
    created_at    BIGINT NOT NULL DEFAULT 0
);
INSERT INTO team_role (name, built_in) VALUES
    ('owner', TRUE), ('admin', TRUE), ('manager', TRUE), ('agent', TRUE), ('sales', TRUE), ('partner', TRUE), ('light', TRUE);

CREATE TABLE team_person (
    id           KEY64,
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    state        TEXT NOT NULL,
    role         TEXT NOT NULL REFERENCES team_role (name),
    see          TEXT NOT NULL DEFAULT '',
    language     TEXT NOT NULL DEFAULT '',
    zone         TEXT NOT NULL DEFAULT '',
    theme        TEXT NOT NULL DEFAULT '',
    density      TEXT NOT NULL DEFAULT '',
    shortcuts    BOOLEAN NOT NULL DEFAULT TRUE,
    enter_sends  BOOLEAN NOT NULL DEFAULT FALSE,
    signatures   TEXT NOT NULL DEFAULT '{}',
    password     TEXT NOT NULL DEFAULT '',
    factor       TEXT NOT NULL DEFAULT '',
    factor_new   TEXT NOT NULL DEFAULT '',
    factor_step  BIGINT NOT NULL DEFAULT 0,
    bounces      INTEGER NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    joined_at    BIGINT,
    signed_in_at BIGINT
);
CREATE UNIQUE INDEX team_person_email ON team_person (email);
CREATE INDEX team_person_role ON team_person (role);

-- Recovery codes, as keyed digests; a used one is gone.
CREATE TABLE team_recovery (
    person_id BIGINT NOT NULL REFERENCES team_person (id),
    digest    TEXT NOT NULL,
    PRIMARY KEY (person_id, digest)
);

CREATE TABLE team (
    id         KEY64,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_name ON team (name_key);

CREATE TABLE team_member (
    person_id BIGINT NOT NULL REFERENCES team_person (id),
    team_id   BIGINT NOT NULL REFERENCES team (id),
    PRIMARY KEY (person_id, team_id)
);
CREATE INDEX team_member_team ON team_member (team_id, person_id);

-- Browsers that are signed in, by the digest of what is in their cookie. "half"
-- is one that has given the password and not yet the second factor.
CREATE TABLE team_session (
    id         KEY64,
    digest     TEXT NOT NULL,
    person_id  BIGINT NOT NULL REFERENCES team_person (id),
    half       BOOLEAN NOT NULL DEFAULT FALSE,
    kept       BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address    TEXT NOT NULL DEFAULT '',
    agent      TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX team_session_digest ON team_session (digest);
CREATE INDEX team_session_person ON team_session (person_id);
CREATE INDEX team_session_expires ON team_session (expires_at);

-- Invitations and resets. The token in the mail is made from the row and the
-- installation's key, so that nothing here opens anything.
CREATE TABLE team_link (
    id         KEY64,
    person_id  BIGINT NOT NULL REFERENCES team_person (id),
    purpose    TEXT NOT NULL,
    email      TEXT NOT NULL,
    by_person  BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX team_link_person ON team_link (person_id, created_at);
CREATE INDEX team_link_expires ON team_link (expires_at);

-- How often something was tried, by a keyed digest of who or where.
CREATE TABLE team_try (
    name    TEXT PRIMARY KEY,
    fails   INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    free_at BIGINT NOT NULL
);
CREATE INDEX team_try_last ON team_try (last_at);

CREATE TABLE team_token (
    id         KEY64,
    digest     TEXT NOT NULL,
    prefix     TEXT NOT NULL,
    name       TEXT NOT NULL,
    person_id  BIGINT NOT NULL DEFAULT 0,
    role       TEXT NOT NULL REFERENCES team_role (name),
    rights     TEXT NOT NULL DEFAULT '',
    rate       INTEGER NOT NULL,
    made_by    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at    BIGINT,
    used_from  TEXT NOT NULL DEFAULT '',
    revoked_at BIGINT
);
CREATE UNIQUE INDEX team_token_digest ON team_token (digest);
CREATE INDEX team_token_person ON team_token (person_id);
