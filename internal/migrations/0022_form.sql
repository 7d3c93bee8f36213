-- Forms (internal/form).

CREATE TABLE form (
    id         KEY64,
    name       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    inbox_id   BIGINT NOT NULL,
    state      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    helped     INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_slug ON form (slug);

-- What a form asked and said at one time. What was sent points to it.
CREATE TABLE form_version (
    form_id    BIGINT NOT NULL REFERENCES form (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (form_id, version)
);

-- What was sent: once for each page that was shown. network is a keyed digest.
CREATE TABLE form_submission (
    id              KEY64,
    form_id         BIGINT NOT NULL,
    version         INTEGER NOT NULL,
    nonce           TEXT NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL DEFAULT '',
    language        TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    email           TEXT NOT NULL DEFAULT '',
    phone           TEXT NOT NULL DEFAULT '',
    answers         TEXT NOT NULL,
    network         TEXT NOT NULL,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_submission_nonce ON form_submission (nonce);
CREATE INDEX form_submission_of ON form_submission (form_id, state, id);
CREATE INDEX form_submission_email ON form_submission (email, at) WHERE email <> '';
CREATE INDEX form_submission_network ON form_submission (network, at);
CREATE INDEX form_submission_contact ON form_submission (contact_id) WHERE contact_id <> 0;

-- The files of what is held. Those of a conversation are its own.
CREATE TABLE form_file (
    id            KEY64,
    submission_id BIGINT NOT NULL REFERENCES form_submission (id) ON DELETE CASCADE,
    field         TEXT NOT NULL,
    name          TEXT NOT NULL,
    type          TEXT NOT NULL,
    size          BIGINT NOT NULL,
    blob          TEXT NOT NULL
);
CREATE INDEX form_file_of ON form_file (submission_id, id);
CREATE INDEX form_file_blob ON form_file (blob);

-- What a customer agreed to, in the words that he read.
CREATE TABLE form_consent (
    id            KEY64,
    contact_id    BIGINT NOT NULL,
    submission_id BIGINT NOT NULL,
    form_id       BIGINT NOT NULL,
    version       INTEGER NOT NULL,
    field         TEXT NOT NULL,
    language      TEXT NOT NULL,
    wording       TEXT NOT NULL,
    at            BIGINT NOT NULL
);
CREATE INDEX form_consent_of ON form_consent (contact_id, at);

-- Which addresses (keyed digests) were sent a confirmation, and when: a form is no way to send mail to others.
CREATE TABLE form_confirmed (
    address TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX form_confirmed_of ON form_confirmed (address, at);
