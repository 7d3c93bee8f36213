-- Customers (internal/contact): two companies that are one.

-- A company that was merged into another keeps its row, so that the old id still
-- leads to the one that lives on and the merge can be undone exactly.
ALTER TABLE contact_company ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contact_company_merged ON contact_company (merged_into) WHERE merged_into <> 0;

-- Merges of companies, with what is needed to undo them.
CREATE TABLE contact_company_merge (
    id        KEY64,
    keep_id   BIGINT NOT NULL,
    lose_id   BIGINT NOT NULL,
    moved     TEXT NOT NULL,
    at        BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX contact_company_merge_keep ON contact_company_merge (keep_id, id);
CREATE INDEX contact_company_merge_lose ON contact_company_merge (lose_id, id);
