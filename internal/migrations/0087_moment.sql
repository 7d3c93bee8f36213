-- Times at which rules and flows begin (internal/moment).

CREATE TABLE moment_plan (
    owner   TEXT PRIMARY KEY,          -- the rule or the flow
    plan_id BIGINT NOT NULL,           -- a new one whenever another time is meant
    body    TEXT NOT NULL,             -- JSON: when, and which things can be meant
    done_to BIGINT NOT NULL,           -- what came until then is done, or not to be done
    next_at BIGINT NOT NULL            -- when it is looked at again
);

-- What began: once for a rule, a thing and a time.
CREATE TABLE moment_done (
    owner TEXT NOT NULL,
    thing BIGINT NOT NULL,
    mark  TEXT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (owner, thing, mark)
);
CREATE INDEX moment_done_thing ON moment_done (thing);
CREATE INDEX moment_done_at ON moment_done (at);
