-- Who is woken until somebody answers (internal/oncall).

CREATE TABLE oncall_service (
    id         KEY64,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    about      TEXT NOT NULL DEFAULT '',
    team_id    BIGINT NOT NULL DEFAULT 0,  -- only its people are paged; 0: everybody
    body       TEXT NOT NULL,              -- JSON: steps, rules, and how it goes on
    watches    BOOLEAN NOT NULL,           -- has rules
    updated_at BIGINT NOT NULL
);

CREATE TABLE oncall_page (
    id              KEY64,
    service_id      BIGINT NOT NULL,
    service         TEXT NOT NULL,             -- its name then
    subject         TEXT NOT NULL,             -- one page at a time for each subject of a service
    conversation_id BIGINT NOT NULL DEFAULT 0,
    title           TEXT NOT NULL DEFAULT '',  -- where no conversation says what it is
    reason          TEXT NOT NULL,
    urgent          BOOLEAN NOT NULL,
    state           TEXT NOT NULL,
    count           INTEGER NOT NULL DEFAULT 1,
    opened_at       BIGINT NOT NULL,
    opened_by       BIGINT NOT NULL DEFAULT 0,
    plan            TEXT NOT NULL,             -- JSON: who is told when
    silent          BIGINT NOT NULL DEFAULT 0, -- milliseconds
    at              INTEGER NOT NULL DEFAULT 0, -- so many entries of the plan were told
    delay           BIGINT NOT NULL DEFAULT 0, -- milliseconds that the plan is late
    next_at         BIGINT,
    acked_by        BIGINT NOT NULL DEFAULT 0,
    acked_at        BIGINT,
    ended_by        BIGINT NOT NULL DEFAULT 0,
    ended_at        BIGINT
);
CREATE UNIQUE INDEX oncall_page_open ON oncall_page (service_id, subject) WHERE state <> 'resolved';
CREATE INDEX oncall_page_conversation ON oncall_page (conversation_id) WHERE conversation_id <> 0;
CREATE INDEX oncall_page_state ON oncall_page (state, id);

-- What a page did, step by step.
CREATE TABLE oncall_told (
    id        KEY64,
    page_id   BIGINT NOT NULL REFERENCES oncall_page (id) ON DELETE CASCADE,
    round     INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    person_id BIGINT NOT NULL DEFAULT 0, -- 0: nobody was there
    notice_id BIGINT NOT NULL DEFAULT 0,
    why       TEXT NOT NULL DEFAULT '',
    urgent    BOOLEAN NOT NULL,
    late      BOOLEAN NOT NULL DEFAULT FALSE,
    at        BIGINT NOT NULL
);
CREATE INDEX oncall_told_page ON oncall_told (page_id);
CREATE INDEX oncall_told_at ON oncall_told (at);
