-- What the assistant answers and learns (internal/assistant).

-- A saved answer: one question that is asked often, and what we say to it.
CREATE TABLE assistant_answer (
    id          KEY64,
    locale      TEXT NOT NULL,
    title       TEXT NOT NULL,
    body        TEXT NOT NULL, -- Markdown
    article_id  BIGINT NOT NULL DEFAULT 0, -- what it cites
    audience    TEXT NOT NULL, -- as of an article: public, signed-in, segment, internal
    segment     TEXT NOT NULL DEFAULT '',
    archived_at BIGINT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

-- A way to ask for it, as somebody of the team wrote it. What customers wrote are lessons.
CREATE TABLE assistant_phrasing (
    id         KEY64,
    answer_id  BIGINT NOT NULL REFERENCES assistant_answer (id) ON DELETE CASCADE,
    text       TEXT NOT NULL
);
CREATE INDEX assistant_phrasing_answer ON assistant_phrasing (answer_id, id);

-- Something to learn: a text wants an answer, an article, or (none) nothing that we have.
CREATE TABLE assistant_lesson (
    id              KEY64,
    state           TEXT NOT NULL, -- proposed, accepted, rejected, undone
    text            TEXT NOT NULL,
    locale          TEXT NOT NULL,
    answer_id       BIGINT NOT NULL DEFAULT 0,
    article_id      BIGINT NOT NULL DEFAULT 0,
    none            BOOLEAN NOT NULL DEFAULT FALSE,
    title           TEXT NOT NULL DEFAULT '', -- of the answer that is proposed with it, when none fits
    body            TEXT NOT NULL DEFAULT '',
    likely          DOUBLE PRECISION NOT NULL DEFAULT 0, -- how sure the assistant was of the target, 0 to 1; 1: an agent inserted it
    conversation_id BIGINT NOT NULL DEFAULT 0,
    message_id      BIGINT NOT NULL DEFAULT 0,
    contact_id      BIGINT NOT NULL DEFAULT 0, -- who wrote it
    decided_by      BIGINT NOT NULL DEFAULT 0,
    decided_at      BIGINT,
    created_at      BIGINT NOT NULL
);
CREATE INDEX assistant_lesson_state ON assistant_lesson (state, id);
CREATE INDEX assistant_lesson_answer ON assistant_lesson (answer_id);
CREATE INDEX assistant_lesson_conversation ON assistant_lesson (conversation_id);
CREATE INDEX assistant_lesson_contact ON assistant_lesson (contact_id);

CREATE TABLE assistant_model (
    id         KEY64,
    number     INTEGER NOT NULL UNIQUE,
    blob       TEXT NOT NULL,   -- the file; '' of old ones whose figures are kept
    digest     TEXT NOT NULL,   -- of everything that it was trained on
    figures    TEXT NOT NULL,   -- bot.Figures as JSON
    took       BIGINT NOT NULL, -- milliseconds
    created_at BIGINT NOT NULL
);
CREATE INDEX assistant_model_blob ON assistant_model (blob);

-- One visit of somebody who asks.
CREATE TABLE assistant_session (
    id              KEY64,
    place           TEXT NOT NULL, -- widget, help, portal, api
    key             TEXT NOT NULL, -- what makes two questions one visit
    locale          TEXT NOT NULL,
    contact_id      BIGINT NOT NULL DEFAULT 0,
    conversation_id BIGINT NOT NULL DEFAULT 0, -- where the question went when a person took over
    after_hours     BOOLEAN NOT NULL,
    solved          BOOLEAN NOT NULL DEFAULT FALSE, -- the visitor said that it helped
    handed_at       BIGINT,
    began_at        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX assistant_session_key ON assistant_session (place, key);
CREATE INDEX assistant_session_began ON assistant_session (began_at);
CREATE INDEX assistant_session_contact ON assistant_session (contact_id);
CREATE INDEX assistant_session_conversation ON assistant_session (conversation_id);

CREATE TABLE assistant_turn (
    id         KEY64,
    ref        TEXT NOT NULL UNIQUE, -- nobody guesses it: who has it may say whether the answer helped
    session_id BIGINT NOT NULL REFERENCES assistant_session (id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    outcome    TEXT NOT NULL, -- answer, choices, handover
    confidence DOUBLE PRECISION NOT NULL,
    answer_id  BIGINT NOT NULL DEFAULT 0,
    article_id BIGINT NOT NULL DEFAULT 0,
    useful     TEXT NOT NULL DEFAULT '', -- yes, no
    at         BIGINT NOT NULL
);
CREATE INDEX assistant_turn_session ON assistant_turn (session_id, id);
CREATE INDEX assistant_turn_at ON assistant_turn (at);

-- What an agent put into an answer of his from the suggestions beside it.
CREATE TABLE assistant_use (
    id              KEY64,
    conversation_id BIGINT NOT NULL,
    answer_id       BIGINT NOT NULL DEFAULT 0,
    article_id      BIGINT NOT NULL DEFAULT 0,
    person_id       BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX assistant_use_conversation ON assistant_use (conversation_id, id);
