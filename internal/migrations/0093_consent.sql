-- What customers agreed to, and addresses to which nothing goes (internal/consent).

-- One thing that was said; never changed.
CREATE TABLE consent (
    id         KEY64,
    contact_id BIGINT NOT NULL,
    address    TEXT NOT NULL DEFAULT '', -- as it is compared; '': all of theirs
    purpose    TEXT NOT NULL,
    what       TEXT NOT NULL,            -- given, confirmed, withdrawn
    how        TEXT NOT NULL,
    wording    TEXT NOT NULL DEFAULT '',
    proof      TEXT NOT NULL DEFAULT '',
    network    TEXT NOT NULL DEFAULT '',
    actor      TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL,          -- when it was said
    noted_at   BIGINT NOT NULL
);
CREATE INDEX consent_of ON consent (contact_id, purpose, at, id);
CREATE INDEX consent_withdrawn ON consent (contact_id, at) WHERE what = 'withdrawn';
CREATE INDEX consent_at ON consent (purpose, at, id);

-- Mails about it: receipts, and the question whether it still counts.
CREATE TABLE consent_letter (
    id         KEY64,
    consent_id BIGINT NOT NULL REFERENCES consent (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX consent_letter_of ON consent_letter (consent_id, kind);
CREATE INDEX consent_letter_waiting ON consent_letter (id) WHERE state = 'waiting';

-- Addresses to which nothing goes. Of erased people only the keyed digest is left.
CREATE TABLE consent_suppressed (
    id      KEY64,
    digest  TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL DEFAULT '',
    reason  TEXT NOT NULL,
    proof   TEXT NOT NULL DEFAULT '',
    actor   TEXT NOT NULL DEFAULT '',
    at      BIGINT NOT NULL
);
