-- The chat widget (internal/channel/chat).

CREATE TABLE chat_widget (
    inbox_id BIGINT NOT NULL PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
    settings TEXT NOT NULL,
    secret   TEXT NOT NULL -- sealed: with it the firm's server proves who a visitor is
);

-- A browser that has written, or a customer whom the firm has proven (external_id).
CREATE TABLE chat_visitor (
    id              KEY64,
    inbox_id        BIGINT NOT NULL,
    contact_id      BIGINT NOT NULL,
    token_hash      TEXT NOT NULL,
    external_id     TEXT NOT NULL DEFAULT '',
    name            TEXT NOT NULL DEFAULT '',
    email           TEXT NOT NULL DEFAULT '',
    language        TEXT NOT NULL DEFAULT '',
    page            TEXT NOT NULL DEFAULT '',
    conversation_id BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX chat_visitor_token ON chat_visitor (token_hash) WHERE token_hash <> '';
CREATE UNIQUE INDEX chat_visitor_external ON chat_visitor (inbox_id, external_id) WHERE external_id <> '';
CREATE INDEX chat_visitor_conversation ON chat_visitor (conversation_id);
CREATE INDEX chat_visitor_contact ON chat_visitor (contact_id);
CREATE INDEX chat_visitor_begun ON chat_visitor (inbox_id, created_at);

-- What a visitor may see: his own messages, with his browser's ids, and the answers given to him.
CREATE TABLE chat_line (
    message_id BIGINT NOT NULL PRIMARY KEY,
    visitor_id BIGINT NOT NULL,
    client_id  TEXT NOT NULL,
    got        BOOLEAN NOT NULL DEFAULT FALSE,
    at         BIGINT NOT NULL
);
CREATE INDEX chat_line_visitor ON chat_line (visitor_id, message_id);
CREATE UNIQUE INDEX chat_line_client ON chat_line (visitor_id, client_id) WHERE client_id <> '';
