-- Messages are kept as the API encodes them; a column stands beside one only where rows are looked up by it.
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    body BLOB NOT NULL
);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    status BIGINT NOT NULL,
    body BLOB NOT NULL,
    data_expires_s BIGINT,
    data_cleared BOOLEAN NOT NULL,
    execute_operation TEXT,
    waiting_since BIGINT,
    cancel_reason TEXT,
    cancel_graceful BOOLEAN NOT NULL,
    progress BLOB
);

CREATE INDEX jobs_of_project ON jobs (project_id, sequence);
CREATE INDEX jobs_of_project_by_status ON jobs (project_id, status, sequence);
CREATE INDEX jobs_by_status ON jobs (status, sequence);
CREATE INDEX jobs_by_expiry ON jobs (data_expires_s) WHERE NOT data_cleared;

-- The contents that a job needs of its project's files.
CREATE TABLE job_files (
    job_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (job_id, sha256)
);

CREATE INDEX job_files_by_content ON job_files (project_id, sha256);

CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    job_id TEXT,
    body BLOB NOT NULL
);

CREATE INDEX operations_of_job ON operations (job_id);

-- Calls by their Idempotency-Key.
CREATE TABLE repeats (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    at_micros BIGINT NOT NULL
);

CREATE INDEX repeats_by_time ON repeats (at_micros);
