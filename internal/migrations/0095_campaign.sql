-- Campaigns: a mail to many customers (internal/campaign).

CREATE TABLE campaign (
    id         KEY64,
    name       TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    segment_id BIGINT NOT NULL DEFAULT 0,
    inbox_id   BIGINT NOT NULL DEFAULT 0,
    body       TEXT NOT NULL,                  -- JSON: what it says in each language, how it goes out, how it was framed
    state      TEXT NOT NULL,
    why        TEXT NOT NULL DEFAULT '',       -- why it paused itself
    trouble    TEXT NOT NULL DEFAULT '',       -- what the server said
    person_id  BIGINT NOT NULL DEFAULT 0,
    planned_at BIGINT,
    started_at BIGINT,
    ended_at   BIGINT,
    turn       INTEGER NOT NULL DEFAULT 0,     -- so many changes of state: work that was meant for another turn does nothing
    gathered   BIGINT NOT NULL DEFAULT 0,      -- the last customer of the segment who was written down
    complete   BOOLEAN NOT NULL DEFAULT FALSE, -- all of them were
    next_at    BIGINT,                         -- when the next handful may go
    asked_at   BIGINT,                         -- when it was last counted who would get it
    counting   BOOLEAN NOT NULL DEFAULT FALSE,
    fearless   BOOLEAN NOT NULL DEFAULT FALSE, -- goes on although much came back
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- A customer who gets it, or does not.
CREATE TABLE campaign_recipient (
    id              KEY64,
    campaign_id     BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    contact_id      BIGINT NOT NULL,
    address         TEXT NOT NULL DEFAULT '',
    language        TEXT NOT NULL DEFAULT '',
    variant         TEXT NOT NULL,
    state           TEXT NOT NULL,
    phase           TEXT NOT NULL DEFAULT '',
    why             TEXT NOT NULL DEFAULT '',
    answer          TEXT NOT NULL DEFAULT '',
    filled          TEXT NOT NULL DEFAULT '', -- JSON: what was put into the text
    attempts        INTEGER NOT NULL DEFAULT 0,
    since           BIGINT,
    due_at          BIGINT,
    at              BIGINT NOT NULL,
    sent_at         BIGINT,
    replied_at      BIGINT,
    left_at         BIGINT,
    conversation_id BIGINT NOT NULL DEFAULT 0 -- their answer
);
CREATE INDEX campaign_recipient_of ON campaign_recipient (campaign_id, state, id);
CREATE INDEX campaign_recipient_address ON campaign_recipient (campaign_id, address) WHERE address <> '';
CREATE INDEX campaign_recipient_contact ON campaign_recipient (contact_id, sent_at);
CREATE INDEX campaign_recipient_talk ON campaign_recipient (conversation_id) WHERE conversation_id <> 0;

-- Who wants no notices that go to many.
CREATE TABLE campaign_left (
    contact_id   BIGINT PRIMARY KEY,
    recipient_id BIGINT NOT NULL,
    at           BIGINT NOT NULL
);

-- Who would get a campaign that has not begun, when it was counted.
CREATE TABLE campaign_forecast (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    contact_id  BIGINT NOT NULL,
    why         TEXT NOT NULL, -- '': gets it
    later       BOOLEAN NOT NULL,
    PRIMARY KEY (campaign_id, contact_id)
);
CREATE INDEX campaign_forecast_why ON campaign_forecast (campaign_id, why, contact_id);
