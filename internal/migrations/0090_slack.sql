-- The firm's workspace in Slack (internal/slack).
CREATE TABLE slack (
    id           KEY64,
    place        INTEGER NOT NULL,            -- always 1: a firm has one
    workspace    TEXT NOT NULL,               -- Slack's id of it
    name         TEXT NOT NULL,
    url          TEXT NOT NULL DEFAULT '',
    bot          TEXT NOT NULL,               -- Slack's id of who we are there
    bot_name     TEXT NOT NULL DEFAULT '',
    scopes       TEXT NOT NULL DEFAULT '',    -- that Slack gave the token, with commas
    token        TEXT NOT NULL,               -- sealed
    signing      TEXT NOT NULL,               -- sealed
    options      TEXT NOT NULL,               -- JSON
    trouble      TEXT NOT NULL DEFAULT '',    -- why nothing goes out; '' is nothing
    said         TEXT NOT NULL DEFAULT '',    -- how Slack calls it
    trouble_at   BIGINT,
    held_until   BIGINT,                      -- Slack asked to be left alone until then
    heard_at     BIGINT,                      -- when Slack last told something
    refused      BIGINT NOT NULL DEFAULT 0,   -- how many requests proved nothing
    refused_at   BIGINT,
    listed_at    BIGINT,                      -- when the channels were last read
    connected_by BIGINT NOT NULL DEFAULT 0,
    connected_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX slack_place ON slack (place);

-- The channels that there are, as they were last read.
CREATE TABLE slack_channel (
    id        KEY64,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,                  -- Slack's id
    name      TEXT NOT NULL,
    closed    BOOLEAN NOT NULL,               -- private
    member    BOOLEAN NOT NULL                -- we are in it
);
CREATE UNIQUE INDEX slack_channel_once ON slack_channel (workspace, channel);

-- Who is who.
CREATE TABLE slack_person (
    id         KEY64,
    workspace  TEXT NOT NULL,
    slack_user TEXT NOT NULL,                 -- Slack's id
    person_id  BIGINT NOT NULL,
    email      TEXT NOT NULL,                 -- by which they were found
    name       TEXT NOT NULL DEFAULT '',      -- in Slack
    room       TEXT NOT NULL DEFAULT '',      -- where they are written to directly
    off        BOOLEAN NOT NULL DEFAULT FALSE,-- somebody parted them
    at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX slack_person_user ON slack_person (workspace, slack_user);
CREATE UNIQUE INDEX slack_person_person ON slack_person (workspace, person_id);

-- What we say there.
CREATE TABLE slack_post (
    id              KEY64,
    workspace       TEXT NOT NULL,
    target          TEXT NOT NULL,            -- Slack's id of a channel, or ours of a person
    kind            TEXT NOT NULL,            -- card, line, note, page, notice
    person_id       BIGINT NOT NULL DEFAULT 0,-- whom it is for, where it is one
    conversation_id BIGINT NOT NULL DEFAULT 0,
    page_id         BIGINT NOT NULL DEFAULT 0,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    message_id      BIGINT NOT NULL DEFAULT 0,-- the note that it repeats
    delivery_id     BIGINT NOT NULL DEFAULT 0,-- the notice's way that it is
    parent_id       BIGINT NOT NULL DEFAULT 0,-- the card whose thread it is in
    owner_id        BIGINT NOT NULL DEFAULT 0,-- who is told when it is given up
    actor           TEXT NOT NULL,
    text            TEXT NOT NULL DEFAULT '',
    acts            TEXT NOT NULL DEFAULT '', -- JSON: what was last done with its buttons
    state           TEXT NOT NULL,
    tries           INTEGER NOT NULL DEFAULT 0,
    first_at        BIGINT,                   -- when it was first tried
    next_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL,          -- when something last became of it
    made_at         BIGINT NOT NULL,
    why             TEXT NOT NULL DEFAULT '',
    said            TEXT NOT NULL DEFAULT '',
    room            TEXT NOT NULL DEFAULT '', -- where Slack put it
    ts              TEXT NOT NULL DEFAULT '', -- how Slack calls it
    shown           TEXT NOT NULL DEFAULT '', -- a sum of what it shows
    wanted          BIGINT NOT NULL DEFAULT 0,-- how often it was to be shown anew
    done            BIGINT NOT NULL DEFAULT 0 -- and up to which of them it was
);
CREATE UNIQUE INDEX slack_post_card ON slack_post (workspace, target, conversation_id) WHERE kind = 'card';
CREATE UNIQUE INDEX slack_post_delivery ON slack_post (delivery_id) WHERE delivery_id <> 0;
CREATE INDEX slack_post_due ON slack_post (target, next_at) WHERE state IN ('waiting', 'sending', 'withdrawn') OR wanted <> done;
CREATE INDEX slack_post_ts ON slack_post (room, ts) WHERE ts <> '';
CREATE INDEX slack_post_conversation ON slack_post (conversation_id) WHERE conversation_id <> 0;
CREATE INDEX slack_post_contact ON slack_post (contact_id) WHERE contact_id <> 0;
CREATE INDEX slack_post_page ON slack_post (page_id) WHERE page_id <> 0;
CREATE INDEX slack_post_parent ON slack_post (parent_id) WHERE parent_id <> 0;
CREATE INDEX slack_post_at ON slack_post (at);

-- What Slack tells: a press of a button, words in a thread.
CREATE TABLE slack_in (
    id         KEY64,
    once       TEXT NOT NULL,                 -- what comes twice is taken once
    kind       TEXT NOT NULL,                 -- press, words
    body       TEXT NOT NULL,                 -- JSON, until it is done
    state      TEXT NOT NULL,
    answer     TEXT NOT NULL DEFAULT '',      -- what is still to be answered
    message_id BIGINT NOT NULL DEFAULT 0,     -- the note that it became
    at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX slack_in_once ON slack_in (once);
CREATE INDEX slack_in_message ON slack_in (message_id) WHERE message_id <> 0;
CREATE INDEX slack_in_at ON slack_in (at);
