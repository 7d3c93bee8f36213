-- How far a visitor has read, and who has files that wait for their message.

ALTER TABLE chat_visitor ADD COLUMN read_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversation_upload_of ON conversation_upload (actor);

-- How a message came, or was to go: a talk goes on across channels. '': as its conversation's.
ALTER TABLE conversation_message ADD COLUMN channel TEXT NOT NULL DEFAULT '';
