-- Customers (internal/contact): who claims an address.
CREATE INDEX contact_claim_value ON contact_claim (kind, value);
