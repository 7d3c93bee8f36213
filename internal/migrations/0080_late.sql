-- What was told late says when it was to be told.
ALTER TABLE oncall_told ADD COLUMN due_at BIGINT;
ALTER TABLE notice ADD COLUMN late BIGINT NOT NULL DEFAULT 0; -- milliseconds
