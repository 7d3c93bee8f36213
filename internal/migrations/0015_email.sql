-- Mail (internal/channel/email): what kills the process is told from what was near when something else did.

-- How many of a mail's tries were the death of the process, and how often it was begun to be read after one, and not ended.
ALTER TABLE email_item ADD COLUMN kills INTEGER NOT NULL DEFAULT 0;
ALTER TABLE email_item ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
