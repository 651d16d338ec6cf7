-- Folders that jobs have made and others read; the folder itself lies at datasets/<project>/<id>.
CREATE TABLE datasets (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    body BLOB NOT NULL,
    created_micros BIGINT NOT NULL
);

CREATE INDEX datasets_of_project ON datasets (project_id, created_micros);

-- Values are sealed with the key in project-secrets.key.
CREATE TABLE secrets (
    project_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_s BIGINT NOT NULL,
    PRIMARY KEY (project_id, name)
);
