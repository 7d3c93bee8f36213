-- The search indexes are merged beside the work, not within the commits of those
-- who write: see kit/fulltext.Settle.

-- only: sqlite
INSERT INTO contact_search (contact_search, rank) VALUES ('automerge', 0);

-- only: sqlite
INSERT INTO contact_search (contact_search, rank) VALUES ('crisismerge', 64);

-- only: sqlite
INSERT INTO conversation_search (conversation_search, rank) VALUES ('automerge', 0);

-- only: sqlite
INSERT INTO conversation_search (conversation_search, rank) VALUES ('crisismerge', 64);
