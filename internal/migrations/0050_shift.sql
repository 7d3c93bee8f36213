-- Who stands at which hour (internal/shift).

CREATE TABLE shift_rota (
    id         KEY64,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    color      INTEGER NOT NULL,
    zone       TEXT NOT NULL DEFAULT '',  -- '' is the firm's
    mode       TEXT NOT NULL,
    team_id    BIGINT NOT NULL DEFAULT 0,
    notes      BOOLEAN NOT NULL,          -- a note is due when a turn ends
    layers     TEXT NOT NULL,             -- JSON
    version    INTEGER NOT NULL,
    previous   TEXT NOT NULL DEFAULT '',  -- JSON: what it was before the last change; '' cannot be undone
    updated_at BIGINT NOT NULL,
    told_at    BIGINT NOT NULL            -- turns that began or ended until then were told
);

-- Who stands, as it was told.
CREATE TABLE shift_standing (
    rota_id   BIGINT NOT NULL REFERENCES shift_rota (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL,
    since_at  BIGINT NOT NULL,
    PRIMARY KEY (rota_id, person_id)
);

-- Shifts that were planned by hand.
CREATE TABLE shift_single (
    id         KEY64,
    rota_id    BIGINT NOT NULL REFERENCES shift_rota (id) ON DELETE CASCADE,
    people     TEXT NOT NULL,            -- JSON; none: it was taken away, and may come back
    day        TEXT NOT NULL,            -- 2026-11-23
    from_min   INTEGER NOT NULL,
    length_min INTEGER NOT NULL,
    weekly     BOOLEAN NOT NULL,
    last_day   TEXT NOT NULL DEFAULT '', -- is in it; '' for ever
    group_id   BIGINT NOT NULL,          -- the change that made it so
    previous   TEXT NOT NULL DEFAULT ''  -- JSON: what it was before that; '' was not there
);
CREATE INDEX shift_single_day ON shift_single (day);
CREATE INDEX shift_single_group ON shift_single (group_id);

CREATE TABLE shift_override (
    id         KEY64,
    rota_id    BIGINT NOT NULL REFERENCES shift_rota (id) ON DELETE CASCADE,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT NOT NULL,
    instead_id BIGINT NOT NULL, -- 0: of whoever stands
    person_id  BIGINT NOT NULL, -- 0: nobody
    swap_id    BIGINT NOT NULL DEFAULT 0,
    group_id   BIGINT NOT NULL, -- undone with the others of one change
    made_by    BIGINT NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX shift_override_until ON shift_override (until_at);
CREATE INDEX shift_override_group ON shift_override (group_id);

CREATE TABLE shift_swap (
    id         KEY64,
    state      TEXT NOT NULL,
    asker_id   BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    give       TEXT NOT NULL, -- JSON: the turn that is given away
    take       TEXT NOT NULL, -- JSON: the one that is taken for it; '' for none
    note       TEXT NOT NULL DEFAULT '',
    asked_at   BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX shift_swap_other ON shift_swap (other_id, state);
CREATE INDEX shift_swap_asker ON shift_swap (asker_id, state);

CREATE TABLE shift_leave (
    id        KEY64,
    person_id BIGINT NOT NULL,
    from_at   BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    deputy_id BIGINT NOT NULL DEFAULT 0,
    made_by   BIGINT NOT NULL,
    made_at   BIGINT NOT NULL
);
CREATE INDEX shift_leave_until ON shift_leave (until_at);
CREATE INDEX shift_leave_person ON shift_leave (person_id, until_at);

-- Addresses of calendars.
CREATE TABLE shift_feed (
    id        KEY64,
    hash      TEXT NOT NULL UNIQUE, -- of the token in its address
    person_id BIGINT NOT NULL,
    rota_id   BIGINT NOT NULL,      -- 0: all the turns of the person
    made_at   BIGINT NOT NULL,
    read_at   BIGINT                -- last
);
CREATE INDEX shift_feed_person ON shift_feed (person_id);

-- What is told to whoever comes next.
CREATE TABLE shift_note (
    id         KEY64,
    rota_id    BIGINT NOT NULL REFERENCES shift_rota (id) ON DELETE CASCADE,
    person_id  BIGINT NOT NULL, -- whose turn ends
    until_at   BIGINT NOT NULL, -- when it ended, or will
    open_text  TEXT NOT NULL DEFAULT '',
    watch_text TEXT NOT NULL DEFAULT '',
    written_by BIGINT NOT NULL DEFAULT 0,
    written_at BIGINT,
    read_by    BIGINT NOT NULL DEFAULT 0,
    read_at    BIGINT
);
CREATE INDEX shift_note_until ON shift_note (until_at);
