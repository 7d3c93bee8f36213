-- The customers' own door (internal/portal).

-- Mails that were asked for. The address is sealed, and gone when the mail is. tag and network are keyed digests.
CREATE TABLE portal_letter (
    id       KEY64,
    address  TEXT NOT NULL,
    tag      TEXT NOT NULL,
    network  TEXT NOT NULL,
    language TEXT NOT NULL,
    invited  BOOLEAN NOT NULL DEFAULT FALSE,
    at       BIGINT NOT NULL
);
CREATE INDEX portal_letter_network ON portal_letter (network, at);
CREATE INDEX portal_letter_tag ON portal_letter (tag, at);

CREATE TABLE portal_link (
    id         KEY64,
    token_hash TEXT NOT NULL UNIQUE,
    address    TEXT NOT NULL,
    invited    BOOLEAN NOT NULL DEFAULT FALSE,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX portal_link_address ON portal_link (address, created_at);

CREATE TABLE portal_session (
    id         KEY64,
    token_hash TEXT NOT NULL UNIQUE,
    address    TEXT NOT NULL,
    language   TEXT NOT NULL DEFAULT '',
    browser    TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    last_at    BIGINT NOT NULL
);
CREATE INDEX portal_session_address ON portal_session (address, last_at);

-- What a page has sent, so that what comes twice is there once.
CREATE TABLE portal_sent (
    session_id BIGINT NOT NULL,
    key        TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (session_id, key)
);

-- Companies whose people see each other's conversations.
CREATE TABLE portal_company (
    company_id BIGINT NOT NULL PRIMARY KEY
);
