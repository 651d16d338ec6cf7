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
    execute_operation TEXT,
    cancel_reason TEXT,
    cancel_graceful BOOLEAN NOT NULL,
    progress BLOB
);

CREATE INDEX jobs_of_project ON jobs (project_id, sequence);
CREATE INDEX jobs_of_project_by_status ON jobs (project_id, status, sequence);
CREATE INDEX jobs_by_status ON jobs (status, sequence);

CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    body BLOB NOT NULL
);

CREATE INDEX operations_of_job ON operations (job_id);
