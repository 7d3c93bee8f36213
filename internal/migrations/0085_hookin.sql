-- Webhooks that come in (internal/hookin).
CREATE TABLE hookin (
    id         KEY64,
    name       TEXT NOT NULL,
    address    TEXT NOT NULL,                 -- the last part of the address
    scheme     TEXT NOT NULL,                 -- how its sender proves who he is
    header     TEXT NOT NULL DEFAULT '',
    encoding   TEXT NOT NULL DEFAULT '',
    id_header  TEXT NOT NULL DEFAULT '',
    sealed     TEXT NOT NULL,
    old_sealed TEXT NOT NULL DEFAULT '',
    old_until  BIGINT,
    enabled    BOOLEAN NOT NULL,
    mapping    TEXT NOT NULL,                 -- JSON
    refused    BIGINT NOT NULL DEFAULT 0,     -- how many requests proved nothing
    refused_at BIGINT,
    taken_at   BIGINT,                        -- when something last came
    created_by BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hookin_address ON hookin (address);

-- What came, as it came.
CREATE TABLE hookin_item (
    id              KEY64,
    hookin_id       BIGINT NOT NULL REFERENCES hookin (id) ON DELETE CASCADE,
    message         TEXT NOT NULL,            -- its sender's id of it: what comes twice is taken once
    raw             TEXT NOT NULL,
    form            BOOLEAN NOT NULL DEFAULT FALSE, -- form-encoded, not JSON
    trial           BOOLEAN NOT NULL DEFAULT FALSE,
    state           TEXT NOT NULL,
    why             TEXT NOT NULL DEFAULT '', -- JSON: what went wrong, in each language
    found           TEXT NOT NULL DEFAULT '', -- JSON: the values that rules can look at
    contact_id      BIGINT NOT NULL DEFAULT 0,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    at              BIGINT NOT NULL
);
CREATE UNIQUE INDEX hookin_item_once ON hookin_item (hookin_id, message);
CREATE INDEX hookin_item_of ON hookin_item (hookin_id, id);
CREATE INDEX hookin_item_contact ON hookin_item (contact_id) WHERE contact_id <> 0;
CREATE INDEX hookin_item_conversation ON hookin_item (conversation_id) WHERE conversation_id <> 0;
CREATE INDEX hookin_item_at ON hookin_item (at);
