-- Help articles (internal/knowledge).

CREATE TABLE knowledge_category (
    id         KEY64,
    parent_id  BIGINT NOT NULL DEFAULT 0, -- 0 stands at the top; there are two levels
    slug       TEXT NOT NULL UNIQUE,
    icon       TEXT NOT NULL DEFAULT '',
    rank       INTEGER NOT NULL DEFAULT 0,
    name_en    TEXT NOT NULL DEFAULT '',
    name_ko    TEXT NOT NULL DEFAULT '',
    about_en   TEXT NOT NULL DEFAULT '',
    about_ko   TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);

CREATE TABLE knowledge_article (
    id              KEY64,
    category_id     BIGINT NOT NULL DEFAULT 0,
    owner_id        BIGINT NOT NULL DEFAULT 0,
    audience        TEXT NOT NULL, -- public, signed-in, segment, internal
    segment         TEXT NOT NULL DEFAULT '', -- the tag of the customers who may read it
    issue           TEXT NOT NULL DEFAULT '', -- a known problem: open, fixed
    conversation_id BIGINT NOT NULL DEFAULT 0, -- what it was drafted from
    review_at       BIGINT,
    archived_at     BIGINT,
    edition         BIGINT NOT NULL DEFAULT 1, -- goes up with each change, so that nobody writes over another
    reads           BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX knowledge_article_category ON knowledge_article (category_id, id);
CREATE INDEX knowledge_article_reads ON knowledge_article (reads, id);

-- The draft in each language, and which version of it is published.
CREATE TABLE knowledge_text (
    article_id   BIGINT NOT NULL REFERENCES knowledge_article (id) ON DELETE CASCADE,
    locale       TEXT NOT NULL,
    title        TEXT NOT NULL,
    summary      TEXT NOT NULL DEFAULT '',
    body         TEXT NOT NULL DEFAULT '',
    slug         TEXT NOT NULL DEFAULT '',
    dirty        BOOLEAN NOT NULL DEFAULT TRUE, -- the draft is not what is published
    live_id      BIGINT NOT NULL DEFAULT 0,     -- the published version's id; 0 is none
    version      INTEGER NOT NULL DEFAULT 0,    -- the last number that was given
    follows      INTEGER NOT NULL DEFAULT 0,    -- the other language's version that this one says the same as
    published_at BIGINT,
    edited_at    BIGINT NOT NULL,
    PRIMARY KEY (article_id, locale)
);
CREATE INDEX knowledge_text_live ON knowledge_text (live_id, locale, article_id);

CREATE TABLE knowledge_version (
    id         KEY64,
    article_id BIGINT NOT NULL REFERENCES knowledge_article (id) ON DELETE CASCADE,
    locale     TEXT NOT NULL,
    number     INTEGER NOT NULL,
    title      TEXT NOT NULL,
    summary    TEXT NOT NULL,
    body       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    html       TEXT NOT NULL, -- made by kit/html
    plain      TEXT NOT NULL, -- for the search
    author_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX knowledge_version_number ON knowledge_version (article_id, locale, number);

-- Every address that an article ever had. It never becomes another's.
CREATE TABLE knowledge_slug (
    locale     TEXT NOT NULL,
    slug       TEXT NOT NULL,
    article_id BIGINT NOT NULL REFERENCES knowledge_article (id) ON DELETE CASCADE,
    PRIMARY KEY (locale, slug)
);
CREATE INDEX knowledge_slug_of ON knowledge_slug (article_id);

CREATE TABLE knowledge_picture (
    id         KEY64,
    blob       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX knowledge_picture_blob ON knowledge_picture (blob);

CREATE TABLE knowledge_picture_use (
    version_id BIGINT NOT NULL REFERENCES knowledge_version (id) ON DELETE CASCADE,
    picture_id BIGINT NOT NULL,
    PRIMARY KEY (version_id, picture_id)
);
CREATE INDEX knowledge_picture_use_of ON knowledge_picture_use (picture_id);

-- One vote of a visitor a day; the visitor is a keyed digest, not an address.
CREATE TABLE knowledge_vote (
    article_id BIGINT NOT NULL REFERENCES knowledge_article (id) ON DELETE CASCADE,
    locale     TEXT NOT NULL,
    visitor    TEXT NOT NULL,
    helpful    BOOLEAN NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (article_id, locale, visitor)
);

CREATE TABLE knowledge_synonym (
    id    KEY64,
    words TEXT NOT NULL -- one a line
);

CREATE TABLE knowledge_miss (
    locale  TEXT NOT NULL,
    wanted  TEXT NOT NULL,
    n       INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (locale, wanted)
);

-- Published versions by their words (kit/fulltext): all of them, and those of the title and summary.
-- only: sqlite
CREATE VIRTUAL TABLE knowledge_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- only: postgres
CREATE TABLE knowledge_search (id KEY64, words TSVECTOR NOT NULL);

-- only: postgres
CREATE INDEX knowledge_search_words ON knowledge_search USING GIN (words) WITH (fastupdate = off);

-- only: sqlite
CREATE VIRTUAL TABLE knowledge_title USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- only: postgres
CREATE TABLE knowledge_title (id KEY64, words TSVECTOR NOT NULL);

-- only: postgres
CREATE INDEX knowledge_title_words ON knowledge_title USING GIN (words) WITH (fastupdate = off);

-- Everybody of the team reads articles; roles of the firm's own were put together before that right was.
UPDATE team_role SET rights = rights || ' article.read' WHERE built_in = FALSE;
