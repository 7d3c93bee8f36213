-- Cases of the night that somebody looked at in the morning (internal/night).
CREATE TABLE night_look (
    conversation_id BIGINT NOT NULL PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    person_id       BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
