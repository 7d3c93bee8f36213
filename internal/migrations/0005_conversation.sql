-- The talks (internal/conversation).

CREATE TABLE conversation (
    id             KEY64,
    number         BIGINT NOT NULL UNIQUE,
    inbox_id       BIGINT NOT NULL,
    channel        TEXT NOT NULL,
    contact_id     BIGINT NOT NULL,
    company_id     BIGINT NOT NULL DEFAULT 0,
    subject        TEXT NOT NULL,
    snippet        TEXT NOT NULL DEFAULT '',
    language       TEXT NOT NULL DEFAULT '',
    status         TEXT NOT NULL,
    stage          TEXT NOT NULL,
    type           TEXT NOT NULL DEFAULT '',
    priority       TEXT NOT NULL DEFAULT 'normal',
    severity       TEXT NOT NULL DEFAULT '',
    assignee_id    BIGINT NOT NULL DEFAULT 0,
    team_id        BIGINT NOT NULL DEFAULT 0,
    tags           TEXT NOT NULL DEFAULT '',
    messages       INTEGER NOT NULL DEFAULT 0,
    last_at        BIGINT NOT NULL,
    last_kind      TEXT NOT NULL DEFAULT '',
    waiting_since  BIGINT,
    first_reply_at BIGINT,
    snoozed_until  BIGINT,
    solved_at      BIGINT,
    merged_into    BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE INDEX conversation_status ON conversation (status, last_at, id);
CREATE INDEX conversation_assignee ON conversation (assignee_id, status, last_at, id);
CREATE INDEX conversation_team ON conversation (team_id, status, last_at, id);
CREATE INDEX conversation_contact ON conversation (contact_id, last_at, id);
CREATE INDEX conversation_company ON conversation (company_id, last_at, id) WHERE company_id <> 0;
CREATE INDEX conversation_last ON conversation (last_at, id);

CREATE TABLE conversation_message (
    id              KEY64,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    person_id       BIGINT NOT NULL DEFAULT 0,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    from_name       TEXT NOT NULL DEFAULT '',
    from_address    TEXT NOT NULL DEFAULT '',
    recipients      TEXT NOT NULL DEFAULT '',
    subject         TEXT NOT NULL DEFAULT '',
    text            TEXT NOT NULL,
    reply_text      TEXT NOT NULL DEFAULT '',
    html            TEXT NOT NULL DEFAULT '',
    auto            BOOLEAN NOT NULL DEFAULT FALSE,
    bounce          TEXT NOT NULL DEFAULT '',
    flags           TEXT NOT NULL DEFAULT '',
    delivery        TEXT NOT NULL DEFAULT '',
    attempts        INTEGER NOT NULL DEFAULT 0,
    trouble         TEXT NOT NULL DEFAULT '',
    send_at         BIGINT,
    source_id       BIGINT NOT NULL DEFAULT 0,
    files           INTEGER NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL
);
CREATE INDEX conversation_message_of ON conversation_message (conversation_id, id);

CREATE TABLE conversation_attachment (
    id              KEY64,
    message_id      BIGINT NOT NULL REFERENCES conversation_message (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size            BIGINT NOT NULL,
    blob            TEXT NOT NULL,
    inline          BOOLEAN NOT NULL DEFAULT FALSE,
    content_id      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX conversation_attachment_of ON conversation_attachment (message_id, id);
CREATE INDEX conversation_attachment_blob ON conversation_attachment (blob);

-- Files that were uploaded but are not part of a message yet.
CREATE TABLE conversation_upload (
    id         KEY64,
    actor      TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    blob       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who takes part by mail: an answer belongs here only if its sender does.
CREATE TABLE conversation_participant (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    address         TEXT NOT NULL,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    cc              BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (conversation_id, address)
);

CREATE TABLE conversation_follower (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    person_id       BIGINT NOT NULL,
    PRIMARY KEY (person_id, conversation_id)
);
CREATE INDEX conversation_follower_of ON conversation_follower (conversation_id);

CREATE TABLE conversation_tag (
    id         KEY64,
    name       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE TABLE conversation_tagging (
    tag_id          BIGINT NOT NULL REFERENCES conversation_tag (id) ON DELETE CASCADE,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, conversation_id)
);
CREATE INDEX conversation_tagging_of ON conversation_tagging (conversation_id);

CREATE TABLE conversation_draft (
    conversation_id BIGINT NOT NULL,
    person_id       BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    body            TEXT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, person_id, kind)
);

-- How far a person has read.
CREATE TABLE conversation_seen (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    person_id       BIGINT NOT NULL,
    message_id      BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, person_id)
);

-- Mentions of a person in notes, for "notes that name me".
CREATE TABLE conversation_mention (
    person_id       BIGINT NOT NULL,
    message_id      BIGINT NOT NULL REFERENCES conversation_message (id) ON DELETE CASCADE,
    conversation_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, message_id)
);
CREATE INDEX conversation_mention_of ON conversation_mention (conversation_id);

-- Talks that may have to do with each other: "related", "split", "follow_up".
CREATE TABLE conversation_relation (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    other_id        BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    PRIMARY KEY (conversation_id, other_id)
);
CREATE INDEX conversation_relation_other ON conversation_relation (other_id);

-- Merges and splits, with all that is needed to undo them.
CREATE TABLE conversation_move (
    id         KEY64,
    kind       TEXT NOT NULL,
    from_id    BIGINT NOT NULL,
    to_id      BIGINT NOT NULL,
    messages   TEXT NOT NULL,
    before     TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    undone_at  BIGINT
);
CREATE INDEX conversation_move_to ON conversation_move (to_id, id);
CREATE INDEX conversation_move_from ON conversation_move (from_id, id);

-- Own fields.
CREATE TABLE conversation_field (
    id       KEY64,
    name     TEXT NOT NULL UNIQUE,
    label_en TEXT NOT NULL,
    label_ko TEXT NOT NULL,
    type     TEXT NOT NULL,
    choices  TEXT NOT NULL DEFAULT '',
    rank     INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE conversation_value (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    field_id        BIGINT NOT NULL REFERENCES conversation_field (id) ON DELETE CASCADE,
    value           TEXT NOT NULL,
    PRIMARY KEY (conversation_id, field_id)
);
CREATE INDEX conversation_value_of ON conversation_value (field_id, value);
CREATE INDEX conversation_count ON conversation (status, assignee_id, team_id);
CREATE INDEX conversation_waiting ON conversation (status, waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_inbox ON conversation (inbox_id, status, last_at, id);

-- The words of every message, with its subject and its sender (kit/fulltext).
-- only: sqlite
CREATE VIRTUAL TABLE conversation_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- only: postgres
CREATE TABLE conversation_search (id KEY64, words TSVECTOR NOT NULL);
-- only: postgres
CREATE INDEX conversation_search_words ON conversation_search USING GIN (words) WITH (fastupdate = off);
