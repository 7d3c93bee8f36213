-- When a firm works (internal/calendar).

CREATE TABLE calendar (
    id         KEY64,                     -- 1 is the firm's
    name       TEXT NOT NULL,             -- '' is the firm's
    name_key   TEXT NOT NULL UNIQUE,
    zone       TEXT NOT NULL DEFAULT '',  -- '' is the firm's
    week       TEXT NOT NULL,             -- JSON: seven days from Sunday as people write them
    public     TEXT NOT NULL DEFAULT '',  -- public holidays: 'kr', 'none'; '' follows the zone
    holidays   TEXT NOT NULL DEFAULT '[]', -- JSON: taken from a file
    updated_at BIGINT NOT NULL
);

-- Whose hours they are. Who stands in neither has the firm's.
CREATE TABLE calendar_team (
    team_id     BIGINT NOT NULL PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
    calendar_id BIGINT NOT NULL REFERENCES calendar (id) ON DELETE CASCADE
);
CREATE TABLE calendar_tier (
    tier_key    TEXT NOT NULL PRIMARY KEY,
    tier        TEXT NOT NULL,
    calendar_id BIGINT NOT NULL REFERENCES calendar (id) ON DELETE CASCADE
);

CREATE TABLE calendar_exception (
    id          KEY64,
    calendar_id BIGINT NOT NULL REFERENCES calendar (id) ON DELETE CASCADE,
    first_day   TEXT NOT NULL, -- 2026-12-24
    last_day    TEXT NOT NULL, -- is in it
    kind        TEXT NOT NULL,
    hours       TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX calendar_exception_days ON calendar_exception (calendar_id, last_day);

-- The hours that only the assistant's figures had are the firm's from now on.
INSERT INTO calendar (id, name, name_key, week, updated_at)
SELECT 1, '', '', COALESCE((SELECT value FROM setting WHERE name = 'assistant.hours'),
    '{"Days":["","09:00-18:00","09:00-18:00","09:00-18:00","09:00-18:00","09:00-18:00",""]}'), 0;
DELETE FROM setting WHERE name = 'assistant.hours';
