-- Paths of buttons through the chat (internal/flow), and the buttons themselves.

-- What a customer may press below what the assistant said (JSON), and what he pressed to say what he said.
ALTER TABLE conversation_message ADD COLUMN buttons TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation_message ADD COLUMN pressed TEXT NOT NULL DEFAULT '';

-- The path of a widget.
CREATE TABLE flow (
    inbox_id   BIGINT NOT NULL PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
    running    BOOLEAN NOT NULL DEFAULT FALSE,
    version    INTEGER NOT NULL DEFAULT 0, -- that runs, or ran last; 0: none was published
    draft      TEXT NOT NULL,              -- flow.Path as JSON
    updated_at BIGINT NOT NULL
);

-- What was published. A talk goes on with the version that it began with.
CREATE TABLE flow_version (
    inbox_id   BIGINT NOT NULL REFERENCES flow (inbox_id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    path       TEXT NOT NULL,
    person_id  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, number)
);

-- That a visitor came to a step.
CREATE TABLE flow_visit (
    id              KEY64,
    inbox_id        BIGINT NOT NULL REFERENCES flow (inbox_id) ON DELETE CASCADE,
    step            TEXT NOT NULL,
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX flow_visit_at ON flow_visit (inbox_id, at);

-- He was met by a button: what the widget asks of a stranger is asked when he writes.
ALTER TABLE chat_visitor ADD COLUMN unasked BOOLEAN NOT NULL DEFAULT FALSE;
