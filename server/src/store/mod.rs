//! The Store in SQLite.

mod listing;
mod reserve;
mod rows;
mod shares;
mod write;
mod writer;

use std::{
    fs::{File, Permissions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use jobsphere_api::{
    id::{DatasetId, JobId, OperationId, ProjectId, ShareId},
    jobs::JobStatus,
    project::Project,
    sha256::Sha256,
};
use jobsphere_service::{
    Change, DatasetRecord, JobQuery, JobRecord, OperationRecord, Repeat, ShareRecord, Store, StoreError,
};
use sqlx::{
    QueryBuilder, Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use reserve::Reserve;
use writer::Writer;

const FILE: &str = "jobsphere.sqlite";
const READERS: u32 = 4;
/// What jobs are given is not for every user of the machine.
const OWNER_ALONE: u32 = 0o600;
/// How long a locked database is waited for before the call is UNAVAILABLE.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// SQLITE_CORRUPT and SQLITE_NOTADB.
const DAMAGED: [&str; 2] = ["11", "26"];

/// Rows in one SQLite file, durable when a commit returns.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
}

impl SqliteStore {
    /// Opens or creates the database in `data_dir`, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        let writer = open_writer(data_dir).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options(data_dir).read_only(true))
            .await?;
        Ok(Self {
            readers,
            writer: Writer::start(writer, Reserve::open(data_dir)),
        })
    }
}

/// Where the database of a data folder lies.
pub(crate) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

/// How the database in `data_dir` is opened.
pub(crate) fn options(data_dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file(data_dir))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
}

/// Makes the file its owner's alone. It is not open any more when SQLite comes: a descriptor that is closed later would
/// take SQLite's locks with it.
#[allow(clippy::disallowed_methods)] // It blocks.
fn close_to_others(file: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    let opened = options.create(true).append(true).mode(OWNER_ALONE).open(file)?;
    opened.set_permissions(Permissions::from_mode(OWNER_ALONE))
}

/// The one connection that writes, after the tables were brought up to date. SQLite has one writer at a time.
pub(crate) async fn open_writer(data_dir: &Path) -> anyhow::Result<SqlitePool> {
    // SQLite gives the files beside it the same permissions.
    let file = file(data_dir);
    let made = file.clone();
    tokio::task::spawn_blocking(move || close_to_others(&made)).await??;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options(data_dir))
        .await?;
    // There is no second: what it would have held was put into the first before anybody had data.
    sqlx::migrate!().run(&writer).await?;
    shares::fill_in_ends(&writer).await?;
    Ok(writer)
}

pub(crate) fn unavailable(error: sqlx::Error) -> StoreError {
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

    async fn expired(&self, now_s: i64, limit: usize) -> Result<Vec<JobId>, StoreError> {
        let states = [
            JobStatus::Creating,
            JobStatus::Success,
            JobStatus::Error,
            JobStatus::Cancelled,
        ];
        let mut select = QueryBuilder::new("SELECT id FROM jobs WHERE NOT data_cleared AND data_expires_s < ");
        select.push_bind(now_s).push(" AND status IN (");
        let mut list = select.separated(", ");
        for state in states {
            list.push_bind(i64::from(i32::from(state)));
        }
        select
            .push(") ORDER BY data_expires_s LIMIT ")
            .push_bind(rows::limit(limit));
        let found = select.build().fetch_all(&self.readers).await.map_err(unavailable)?;
        let ids = found
            .iter()
            .map(|row| JobId::parse(rows::column(row, "id")?).map_err(rows::damaged));
        ids.collect()
    }

    async fn unneeded(&self, project: &ProjectId, files: Vec<Sha256>) -> Result<Vec<Sha256>, StoreError> {
        let mut unneeded = Vec::new();
        for file in files {
            let needed = sqlx::query("SELECT 1 FROM job_files WHERE project_id = $1 AND sha256 = $2 LIMIT 1")
                .bind(project.as_str())
                .bind(file.to_string())
                .fetch_optional(&self.readers)
                .await
                .map_err(unavailable)?;
            if needed.is_none() {
                unneeded.push(file);
            }
        }
        Ok(unneeded)
    }

    async fn dataset(&self, id: &DatasetId) -> Result<Option<DatasetRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM datasets WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(rows::dataset).transpose()
    }

    async fn datasets(&self, project: Option<&ProjectId>) -> Result<Vec<DatasetRecord>, StoreError> {
        let select = "SELECT * FROM datasets WHERE $1 IS NULL OR project_id = $1 ORDER BY created_micros, id";
        let found = sqlx::query(select)
            .bind(project.map(ProjectId::as_str))
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        found.iter().map(rows::dataset).collect()
    }

    async fn repeat(&self, key: Sha256) -> Result<Option<Repeat>, StoreError> {
        let row = sqlx::query("SELECT * FROM repeats WHERE key = $1")
            .bind(key.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(rows::repeat).transpose()
    }

    async fn share(&self, id: &ShareId) -> Result<Option<ShareRecord>, StoreError> {
        shares::find(&self.readers, id).await
    }

    async fn shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<ShareRecord>, StoreError> {
        shares::list(&self.readers, project, job, limit).await
    }

    async fn good_shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        now_micros: i64,
        limit: usize,
    ) -> Result<Vec<ShareId>, StoreError> {
        shares::good(&self.readers, project, job, now_micros, limit).await
    }

    async fn last_sequence(&self) -> Result<i64, StoreError> {
        sqlx::query("SELECT COALESCE(MAX(sequence), 0) AS last FROM jobs")
            .fetch_one(&self.readers)
            .await
            .and_then(|row| row.try_get("last"))
            .map_err(unavailable)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.writer.commit(changes).await
    }
}

#[cfg(test)]
mod tests;
