-- What somebody who works here is told of (internal/notice).

CREATE TABLE notice (
    id        KEY64,
    person_id BIGINT NOT NULL REFERENCES team_person (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL DEFAULT '',    -- the id of what it is about: several about one stand in one line
    by_id     BIGINT NOT NULL DEFAULT 0,   -- who caused it; 0: nobody, or the program
    words     TEXT NOT NULL,               -- key in the catalogue
    args      TEXT NOT NULL DEFAULT '{}',  -- JSON: what stands in the words
    link      TEXT NOT NULL,
    act       TEXT NOT NULL DEFAULT '',    -- path at which a POST answers it
    urgent    BOOLEAN NOT NULL DEFAULT FALSE,
    bell      BOOLEAN NOT NULL DEFAULT TRUE, -- stands in the list
    count     INTEGER NOT NULL DEFAULT 1,  -- how often it happened since it was read
    at        BIGINT NOT NULL,             -- the last time
    sent_at   BIGINT,                      -- when it last went out by another way than the bell
    read_at   BIGINT
);
CREATE INDEX notice_unread ON notice (person_id, subject) WHERE read_at IS NULL;
CREATE INDEX notice_person ON notice (person_id, at);
CREATE INDEX notice_subject ON notice (subject);
CREATE INDEX notice_read ON notice (read_at) WHERE read_at IS NOT NULL;

-- A browser that takes pushes (RFC 8030).
CREATE TABLE notice_browser (
    id         KEY64,
    person_id  BIGINT NOT NULL REFERENCES team_person (id) ON DELETE CASCADE,
    hash       TEXT NOT NULL UNIQUE, -- of its address
    name       TEXT NOT NULL,        -- what people call it
    sealed     TEXT NOT NULL,        -- its address and keys
    created_at BIGINT NOT NULL,
    told_at    BIGINT
);
CREATE INDEX notice_browser_person ON notice_browser (person_id);

-- One way by which a notice goes.
CREATE TABLE notice_delivery (
    id         KEY64,
    notice_id  BIGINT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    way        TEXT NOT NULL,
    browser_id BIGINT NOT NULL DEFAULT 0,
    state      TEXT NOT NULL,
    error      TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL
);
CREATE INDEX notice_delivery_notice ON notice_delivery (notice_id);

-- How somebody wants to be told.
CREATE TABLE notice_choice (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES team_person (id) ON DELETE CASCADE,
    body      TEXT NOT NULL,            -- JSON
    slack     TEXT NOT NULL DEFAULT ''  -- sealed address of an incoming webhook
);
