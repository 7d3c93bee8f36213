-- The queue (kit/job): what killed processes taught.

-- The job that whoever leases the lane has in hand: if he dies, that was a try of it.
ALTER TABLE job_lane ADD COLUMN job_id BIGINT NOT NULL DEFAULT 0;

-- Standing work that has nothing left to do at the moment; doubted: that was said
-- before a node began, which may have taken the place of the one that said it.
ALTER TABLE job_lane ADD COLUMN resting BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE job_lane ADD COLUMN doubted BOOLEAN NOT NULL DEFAULT FALSE;

-- How often a process died with the job in hand.
ALTER TABLE job ADD COLUMN cuts INTEGER NOT NULL DEFAULT 0;
