-- Who may call. The token itself is not kept, only its SHA-256.
CREATE TABLE tokens (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    created_s BIGINT NOT NULL,
    expires_s BIGINT
);

-- `project_id` is `*` for every project.
CREATE TABLE token_roles (
    token_name TEXT NOT NULL,
    project_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (token_name, project_id)
);
