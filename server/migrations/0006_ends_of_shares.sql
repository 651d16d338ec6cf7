-- When a link ends to be good, in milliseconds since the epoch, as its body says: those that are good are counted and
-- ended without reading the others. Rows of an earlier version are filled in when the database is opened.
ALTER TABLE shares ADD COLUMN expires_millis BIGINT;

CREATE INDEX good_shares ON shares (project_id, expires_millis) WHERE revoked_micros IS NULL;
