-- What is broken for many, who is told of it, and the public status page (internal/incident).

CREATE TABLE incident (
    id          KEY64,
    number      BIGINT NOT NULL,
    title       TEXT NOT NULL,             -- JSON, by language
    product     TEXT NOT NULL DEFAULT '',
    version     TEXT NOT NULL DEFAULT '',
    words       TEXT NOT NULL DEFAULT '',  -- by which conversations about it are found
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    public      BOOLEAN NOT NULL,
    inbox_id    BIGINT NOT NULL DEFAULT 0, -- mails to who has not written leave from there
    started_at  BIGINT NOT NULL,
    resolved_at BIGINT,
    reviewed_at BIGINT,
    happened    TEXT NOT NULL DEFAULT '',
    why         TEXT NOT NULL DEFAULT '',
    doing       TEXT NOT NULL DEFAULT '',
    told_id     BIGINT NOT NULL DEFAULT 0, -- the last update that customers were told
    created_by  BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX incident_started ON incident (started_at);
CREATE INDEX incident_state ON incident (state);

CREATE TABLE incident_role (
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    role        TEXT NOT NULL,
    person_id   BIGINT NOT NULL,
    PRIMARY KEY (incident_id, role)
);

-- What is said to everybody whom it concerns.
CREATE TABLE incident_update (
    id          KEY64,
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    state       TEXT NOT NULL,
    text        TEXT NOT NULL, -- JSON, by language
    public      BOOLEAN NOT NULL,
    told        BOOLEAN NOT NULL,
    solves      BOOLEAN NOT NULL,
    person_id   BIGINT NOT NULL DEFAULT 0,
    at          BIGINT NOT NULL
);
CREATE INDEX incident_update_incident ON incident_update (incident_id);

-- What only the team reads.
CREATE TABLE incident_note (
    id          KEY64,
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    text        TEXT NOT NULL,
    person_id   BIGINT NOT NULL DEFAULT 0,
    at          BIGINT NOT NULL
);
CREATE INDEX incident_note_incident ON incident_note (incident_id);

CREATE TABLE incident_link (
    incident_id     BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    ours            BOOLEAN NOT NULL, -- we began it, to tell a customer
    person_id       BIGINT NOT NULL DEFAULT 0,
    at              BIGINT NOT NULL,
    PRIMARY KEY (incident_id, conversation_id)
);
CREATE INDEX incident_link_conversation ON incident_link (conversation_id);

-- Whom it concerns, beside those who have written.
CREATE TABLE incident_reach (
    id          KEY64,
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL, -- tag, company, contact (a field of people) or companies (a field of companies)
    field       TEXT NOT NULL DEFAULT '',
    value       TEXT NOT NULL DEFAULT '',
    company_id  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX incident_reach_incident ON incident_reach (incident_id);

-- Who is told of an update, and how far that came: one row, one message.
CREATE TABLE incident_notice (
    id              KEY64,
    update_id       BIGINT NOT NULL REFERENCES incident_update (id) ON DELETE CASCADE,
    contact_id      BIGINT NOT NULL,
    state           TEXT NOT NULL,
    conversation_id BIGINT NOT NULL DEFAULT 0,
    message_id      BIGINT NOT NULL DEFAULT 0,
    at              BIGINT NOT NULL,
    UNIQUE (update_id, contact_id)
);
CREATE INDEX incident_notice_waiting ON incident_notice (update_id, state);
CREATE INDEX incident_notice_contact ON incident_notice (contact_id);

CREATE TABLE incident_action (
    id          KEY64,
    incident_id BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    cause       BOOLEAN NOT NULL, -- mends the root of it
    text        TEXT NOT NULL,
    owner_id    BIGINT NOT NULL DEFAULT 0,
    due_at      BIGINT,
    done_at     BIGINT,
    created_at  BIGINT NOT NULL
);
CREATE INDEX incident_action_incident ON incident_action (incident_id);

-- The parts of what the firm offers, as the status page lists them.
CREATE TABLE incident_component (
    id       KEY64,
    name     TEXT NOT NULL, -- JSON, by language
    about    TEXT NOT NULL, -- JSON, by language
    rank     INTEGER NOT NULL,
    archived BOOLEAN NOT NULL
);

-- How a part was hit, from when to when.
CREATE TABLE incident_impact (
    id           KEY64,
    incident_id  BIGINT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    component_id BIGINT NOT NULL REFERENCES incident_component (id) ON DELETE CASCADE,
    impact       TEXT NOT NULL,
    from_at      BIGINT NOT NULL,
    to_at        BIGINT
);
CREATE INDEX incident_impact_incident ON incident_impact (incident_id);
CREATE INDEX incident_impact_component ON incident_impact (component_id, from_at);

CREATE TABLE incident_maintenance (
    id         KEY64,
    title      TEXT NOT NULL, -- JSON, by language
    about      TEXT NOT NULL, -- JSON, by language
    components TEXT NOT NULL, -- JSON
    from_at    BIGINT NOT NULL,
    to_at      BIGINT NOT NULL,
    cancelled  BOOLEAN NOT NULL,
    created_by BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX incident_maintenance_from ON incident_maintenance (from_at);

-- Who has asked to be told by mail.
CREATE TABLE incident_subscriber (
    id           KEY64,
    email        TEXT NOT NULL UNIQUE,
    language     TEXT NOT NULL,
    components   TEXT NOT NULL, -- JSON; none is all
    confirmed_at BIGINT,
    asked_at     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);

-- A mail to one of them: one row, one mail.
CREATE TABLE incident_letter (
    subject       TEXT NOT NULL, -- what it is about: an update, a maintenance
    subscriber_id BIGINT NOT NULL REFERENCES incident_subscriber (id) ON DELETE CASCADE,
    state         TEXT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (subject, subscriber_id)
);

-- Counts up whenever the public pages may say something else.
CREATE TABLE incident_stamp (
    one INTEGER NOT NULL PRIMARY KEY,
    n   BIGINT NOT NULL
);
INSERT INTO incident_stamp (one, n) VALUES (1, 1);
