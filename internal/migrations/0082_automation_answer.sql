-- What the program answered by itself, whoever made it do so: rules, flows. So much an hour and no more.

CREATE TABLE automation_answer (
    conversation_id BIGINT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX automation_answer_of ON automation_answer (conversation_id, at);
CREATE INDEX automation_answer_at ON automation_answer (at);

DROP INDEX automation_run_subject;
ALTER TABLE automation_run DROP COLUMN answers;
