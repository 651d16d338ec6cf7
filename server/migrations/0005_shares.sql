-- Share links. The secret of one is not kept, only its SHA-256; the columns behind it are what changes.
CREATE TABLE shares (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_micros BIGINT NOT NULL,
    body BLOB NOT NULL,
    revoked_micros BIGINT,
    revoked_by TEXT,
    used_micros BIGINT,
    uses BIGINT NOT NULL
);

CREATE INDEX shares_of_project ON shares (project_id, created_micros);
CREATE INDEX shares_of_job ON shares (job_id, created_micros);
