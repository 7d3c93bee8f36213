-- What was merged into a conversation is asked for each time one is opened.

CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into <> 0;
