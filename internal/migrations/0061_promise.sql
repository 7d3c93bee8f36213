-- What was promised to whom, by whom, until when (internal/promise).
CREATE TABLE promise (
    id              KEY64,
    words           TEXT NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    owner_id        BIGINT NOT NULL DEFAULT 0,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    company_id      BIGINT NOT NULL DEFAULT 0,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    message_id      BIGINT NOT NULL DEFAULT 0,
    sentence        TEXT NOT NULL DEFAULT '', -- of the message
    due_at          BIGINT NOT NULL,
    all_day         BOOLEAN NOT NULL,
    warn_at         BIGINT,
    told            INTEGER NOT NULL DEFAULT 0, -- 1: that it is due soon, 2: that it slipped
    moved           INTEGER NOT NULL DEFAULT 0, -- how often another day was agreed on
    closed_at       BIGINT,
    created_by      BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX promise_contact ON promise (contact_id);
CREATE INDEX promise_company ON promise (company_id);
CREATE INDEX promise_conversation ON promise (conversation_id);
CREATE INDEX promise_owner ON promise (owner_id, state);
CREATE INDEX promise_state ON promise (state, due_at);

-- The days that were agreed on before.
CREATE TABLE promise_day (
    id         KEY64,
    promise_id BIGINT NOT NULL REFERENCES promise (id) ON DELETE CASCADE,
    due_at     BIGINT NOT NULL,
    why        TEXT NOT NULL,
    person_id  BIGINT NOT NULL DEFAULT 0,
    at         BIGINT NOT NULL
);
CREATE INDEX promise_day_promise ON promise_day (promise_id);

-- How many working days before somebody wants to be warned.
CREATE TABLE promise_lead (
    person_id BIGINT NOT NULL PRIMARY KEY,
    days      INTEGER NOT NULL
);
