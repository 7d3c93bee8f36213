-- Customers and their companies (internal/contact).

CREATE TABLE contact_company (
    id         KEY64,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    guessed    BOOLEAN NOT NULL DEFAULT FALSE, -- made from a mail domain and not touched since
    industry   TEXT NOT NULL DEFAULT '',
    size       TEXT NOT NULL DEFAULT '',
    tier       TEXT NOT NULL DEFAULT '',
    value      BIGINT NOT NULL DEFAULT 0,
    currency   TEXT NOT NULL DEFAULT '',
    notes      TEXT NOT NULL DEFAULT '',
    owner_id   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- only: postgres
ALTER TABLE contact_company ALTER COLUMN name_key TYPE TEXT COLLATE "C";
CREATE INDEX contact_company_name ON contact_company (name_key, id);

CREATE TABLE contact_company_domain (
    domain     TEXT PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES contact_company (id) ON DELETE CASCADE
);
CREATE INDEX contact_company_domain_of ON contact_company_domain (company_id);

-- A person who was merged into another keeps the row as it was, so that the old
-- id still leads to the one who lives on and the merge can be undone exactly.
CREATE TABLE contact (
    id           KEY64,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    email        TEXT NOT NULL DEFAULT '', -- the first addresses, for lists
    phone        TEXT NOT NULL DEFAULT '',
    company_id   BIGINT NOT NULL DEFAULT 0,
    title        TEXT NOT NULL DEFAULT '',
    language     TEXT NOT NULL DEFAULT '',
    time_zone    TEXT NOT NULL DEFAULT '',
    stage        TEXT NOT NULL DEFAULT '',
    industry     TEXT NOT NULL DEFAULT '',
    persona      TEXT NOT NULL DEFAULT '',
    gender       TEXT NOT NULL DEFAULT '',
    birth_year   INTEGER NOT NULL DEFAULT 0,
    region       TEXT NOT NULL DEFAULT '',
    remember     TEXT NOT NULL DEFAULT '',
    owner_id     BIGINT NOT NULL DEFAULT 0,
    blocked      TEXT NOT NULL DEFAULT '', -- why no mail goes out; '' is not blocked
    blocked_at   BIGINT,
    merged_into  BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL DEFAULT 0
);
-- only: postgres
ALTER TABLE contact ALTER COLUMN name_key TYPE TEXT COLLATE "C";
CREATE INDEX contact_seen ON contact (last_seen_at, id) WHERE merged_into = 0;
CREATE INDEX contact_name ON contact (name_key, id) WHERE merged_into = 0;
CREATE INDEX contact_company_people ON contact (company_id, last_seen_at, id) WHERE company_id <> 0;
CREATE INDEX contact_owner ON contact (owner_id, last_seen_at, id) WHERE owner_id <> 0;
CREATE INDEX contact_stage ON contact (stage, last_seen_at, id);
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into <> 0;

-- What proves who somebody is: one address belongs to one person.
CREATE TABLE contact_address (
    id         KEY64,
    contact_id BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    shown      TEXT NOT NULL,
    is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    verified   BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contact_address_value ON contact_address (kind, value);
CREATE INDEX contact_address_of ON contact_address (contact_id, id);

-- What a visitor said of himself without proof. It never leads to anybody.
CREATE TABLE contact_claim (
    contact_id BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    shown      TEXT NOT NULL,
    PRIMARY KEY (contact_id, kind, value)
);

CREATE TABLE contact_tag (
    contact_id BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    tag        TEXT NOT NULL,
    PRIMARY KEY (contact_id, tag)
);
CREATE INDEX contact_tag_people ON contact_tag (tag, contact_id);

CREATE TABLE contact_note (
    id         KEY64,
    contact_id BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    author_id  BIGINT NOT NULL,
    text       TEXT NOT NULL,
    pinned     BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX contact_note_of ON contact_note (contact_id, id);

-- Own fields of people and companies, and their values: as text, and as a
-- number where they are one. holder_id is a contact's or a company's.
CREATE TABLE contact_field (
    id         KEY64,
    holder     TEXT NOT NULL,
    key        TEXT NOT NULL,
    label_en   TEXT NOT NULL,
    label_ko   TEXT NOT NULL,
    type       TEXT NOT NULL,
    choices    TEXT NOT NULL DEFAULT '',
    rank       INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contact_field_key ON contact_field (holder, key);

CREATE TABLE contact_value (
    holder_id BIGINT NOT NULL,
    field_id  BIGINT NOT NULL REFERENCES contact_field (id) ON DELETE CASCADE,
    text      TEXT NOT NULL,
    number    DOUBLE PRECISION,
    PRIMARY KEY (holder_id, field_id)
);
CREATE INDEX contact_value_text ON contact_value (field_id, text);
CREATE INDEX contact_value_number ON contact_value (field_id, number);

-- Merges, with what is needed to undo them.
CREATE TABLE contact_merge (
    id        KEY64,
    keep_id   BIGINT NOT NULL,
    lose_id   BIGINT NOT NULL,
    moved     TEXT NOT NULL,
    at        BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX contact_merge_keep ON contact_merge (keep_id, id);
CREATE INDEX contact_merge_lose ON contact_merge (lose_id, id);

-- Who looked at whom last, so that the log has one entry an hour, not one a click.
CREATE TABLE contact_view (
    viewer     TEXT NOT NULL,
    contact_id BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (viewer, contact_id)
);
CREATE INDEX contact_view_of ON contact_view (contact_id);

-- Keyed digests of the addresses of erased people, so that their old mail does
-- not come back when a mailbox is read again.
CREATE TABLE contact_tombstone (
    digest    TEXT PRIMARY KEY,
    erased_at BIGINT NOT NULL
);

-- People and companies by the words of their names and addresses (kit/fulltext).
-- only: sqlite
CREATE VIRTUAL TABLE contact_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- only: postgres
CREATE TABLE contact_search (id KEY64, words TSVECTOR NOT NULL);

-- only: postgres
CREATE INDEX contact_search_words ON contact_search USING GIN (words) WITH (fastupdate = off);
