-- What somebody who has not proven who he is says in a form of a customer whom the firm knew, for a field of its own: until somebody takes it.

CREATE TABLE form_claim (
    id            KEY64,
    submission_id BIGINT NOT NULL REFERENCES form_submission (id) ON DELETE CASCADE,
    holder        TEXT NOT NULL, -- contact or company
    field         TEXT NOT NULL, -- its key
    value         TEXT NOT NULL
);
CREATE INDEX form_claim_of ON form_claim (submission_id);
