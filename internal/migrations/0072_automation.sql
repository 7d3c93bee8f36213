-- What happens by itself (internal/automation).

CREATE TABLE automation_rule (
    id         KEY64,
    place      INTEGER NOT NULL,       -- looked through in this order
    name       TEXT NOT NULL,
    enabled    BOOLEAN NOT NULL,
    fact       TEXT NOT NULL,          -- the kind that it listens to
    body       TEXT NOT NULL,          -- JSON: the conditions, what is done
    version    INTEGER NOT NULL,
    owner_id   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX automation_rule_fact ON automation_rule (fact, place);

-- How a rule was before, so that a run can be read, and an old state taken back.
CREATE TABLE automation_version (
    rule_id   BIGINT NOT NULL REFERENCES automation_rule (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    name      TEXT NOT NULL,
    fact      TEXT NOT NULL,
    body      TEXT NOT NULL,
    person_id BIGINT NOT NULL DEFAULT 0,
    at        BIGINT NOT NULL,
    PRIMARY KEY (rule_id, version)
);

-- What a rule did about a fact.
CREATE TABLE automation_run (
    id       KEY64,
    rule_id  BIGINT NOT NULL REFERENCES automation_rule (id) ON DELETE CASCADE,
    version  INTEGER NOT NULL,
    event_id BIGINT NOT NULL,
    root_id  BIGINT NOT NULL,          -- the fact with which the chain began
    subject  TEXT NOT NULL,            -- what it is about: a conversation, a customer
    outcome  TEXT NOT NULL,
    answers  INTEGER NOT NULL DEFAULT 0,
    tries    INTEGER NOT NULL DEFAULT 1,
    body     TEXT NOT NULL,            -- JSON: what was done, and what failed
    at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX automation_run_once ON automation_run (rule_id, event_id);
CREATE INDEX automation_run_rule ON automation_run (rule_id, id);
CREATE INDEX automation_run_root ON automation_run (root_id);
CREATE INDEX automation_run_subject ON automation_run (subject, at);
