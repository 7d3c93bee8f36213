-- When something was last said of a maintenance: readers of the feed see what was moved or called off.

ALTER TABLE incident_maintenance ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE incident_maintenance SET updated_at = created_at;
