-- Goes up with each change of what readers may see: who remembers what he read knows by it that it still holds.
CREATE TABLE knowledge_stamp (
    one INTEGER NOT NULL PRIMARY KEY,
    n   BIGINT NOT NULL
);
INSERT INTO knowledge_stamp (one, n) VALUES (1, 1);
