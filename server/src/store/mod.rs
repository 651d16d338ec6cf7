//! The Store in SQLite.

mod listing;
mod rows;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use jobsphere::{
    api::{
        id::{JobId, OperationId, ProjectId},
        project::Project,
    },
    service::{Change, JobQuery, JobRecord, OperationRecord, Store, StoreError},
};
use prost::Message;
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

const FILE: &str = "jobsphere.sqlite";
const READERS: u32 = 4;
/// How long a locked database is waited for before the call is UNAVAILABLE.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// SQLITE_CORRUPT and SQLITE_NOTADB.
const DAMAGED: [&str; 2] = ["11", "26"];

/// Rows in one SQLite file, durable when a commit returns.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// One connection: SQLite has one writer, and waiting here is fair.
    writer: SqlitePool,
}

impl SqliteStore {
    /// Opens or creates the database in `data_dir`, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(data_dir.join(FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!().run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { readers, writer })
    }
}

fn unavailable(error: sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code());
    let is_damaged = match &error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        _ => code.is_some_and(|code| DAMAGED.contains(&code.as_ref())),
    };
    if is_damaged {
        StoreError::Damaged(error.to_string())
    } else {
        StoreError::Unavailable(error.to_string())
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn project(&self, id: &ProjectId) -> Result<Option<Project>, StoreError> {
        let row = sqlx::query("SELECT body FROM projects WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.map(|row| rows::message(&row, "body")).transpose()
    }

    async fn projects(&self, after: Option<&ProjectId>, limit: usize) -> Result<Vec<Project>, StoreError> {
        let found = sqlx::query("SELECT body FROM projects WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(after.map_or("", ProjectId::as_str))
            .bind(rows::limit(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        found.iter().map(|row| rows::message(row, "body")).collect()
    }

    async fn job(&self, id: &JobId) -> Result<Option<JobRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM jobs WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(rows::job).transpose()
    }

    async fn jobs(&self, query: &JobQuery) -> Result<Vec<JobRecord>, StoreError> {
        let mut select = listing::select(query);
        let found = select.build().fetch_all(&self.readers).await.map_err(unavailable)?;
        found.iter().map(rows::job).collect()
    }

    async fn operation(&self, id: &OperationId) -> Result<Option<OperationRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM operations WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(rows::operation).transpose()
    }

    async fn last_sequence(&self) -> Result<i64, StoreError> {
        sqlx::query("SELECT COALESCE(MAX(sequence), 0) AS last FROM jobs")
            .fetch_one(&self.readers)
            .await
            .and_then(|row| row.try_get("last"))
            .map_err(unavailable)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(unavailable)?;
        for change in changes {
            let query = match &change {
                Change::PutProject(project) => sqlx::query(
                    "INSERT INTO projects (id, body) VALUES ($1, $2)
                     ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                )
                .bind(&project.id)
                .bind(project.encode_to_vec()),
                Change::PutJob(record) => rows::put_job(record),
                Change::PutOperation(record) => sqlx::query(
                    "INSERT INTO operations (id, job_id, body) VALUES ($1, $2, $3)
                     ON CONFLICT (id) DO UPDATE SET job_id = excluded.job_id, body = excluded.body",
                )
                .bind(&record.operation.id)
                .bind(record.job_id.as_str())
                .bind(record.operation.encode_to_vec()),
            };
            query.execute(&mut *transaction).await.map_err(unavailable)?;
        }
        transaction.commit().await.map_err(unavailable)
    }
}

#[cfg(test)]
mod tests;
