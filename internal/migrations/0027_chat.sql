-- Proofs of who a visitor is that ended before their time: he signed out.

CREATE TABLE chat_ended (
    proof_hash TEXT NOT NULL PRIMARY KEY,
    until      BIGINT NOT NULL -- then it is worth nothing anyway
);
CREATE INDEX chat_ended_until ON chat_ended (until);
