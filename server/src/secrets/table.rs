//! The secrets that are kept, in a table of their own.

use std::path::Path;

use anyhow::Context;
use jobsphere_api::id::ProjectId;
use jobsphere_service::StoreError;
use secrecy::SecretString;
use sqlx::{Row, SqlitePool, sqlite::SqlitePoolOptions};

use super::{Secret, seal::Key};
use crate::{
    blobs::now_s,
    store::{self, unavailable},
};

/// Each job asks once.
const READERS: u32 = 2;

/// The table, read anew for each job.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    pool: SqlitePool,
    key: Key,
}

/// A secret as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) project: String,
    pub(super) name: String,
    /// Seconds since the epoch.
    pub(super) created_s: i64,
}

impl Secrets {
    /// The table of a database that is open already.
    ///
    /// # Errors
    /// When the database or the key cannot be opened.
    pub(crate) async fn to_read(data_dir: &Path) -> anyhow::Result<Self> {
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        Ok(Self {
            pool: pool.connect_with(store::options(data_dir).read_only(true)).await?,
            key: Key::open(data_dir)?,
        })
    }

    /// The table, made first where there is none.
    pub(super) async fn to_change(data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            pool: store::open_writer(data_dir).await?,
            key: Key::open(data_dir)?,
        })
    }

    /// All secrets of `project`, readable.
    ///
    /// # Errors
    /// When the database does not answer, or a value cannot be unsealed; never with a value in the sentence.
    pub(crate) async fn of(&self, project: &ProjectId) -> anyhow::Result<Vec<Secret>> {
        let rows = sqlx::query("SELECT name, sealed FROM secrets WHERE project_id = $1 ORDER BY name");
        let rows = rows.bind(project.as_str()).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let name: String = row.try_get("name")?;
                let value = self
                    .key
                    .unseal(project, &name, row.try_get("sealed")?)
                    .with_context(|| {
                        format!("the secret `{name}` of project `{project}` cannot be read; the operator sets it again")
                    })?;
                Ok(Secret { name, value })
            })
            .collect()
    }

    /// The names of the secrets of `project`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn names(&self, project: &ProjectId) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT name FROM secrets WHERE project_id = $1 ORDER BY name")
            .bind(project.as_str())
            .fetch_all(&self.pool)
            .await
            .map_err(unavailable)?;
        rows.iter()
            .map(|row| row.try_get("name").map_err(unavailable))
            .collect()
    }

    /// All secrets by project and name, or those of `project`.
    pub(super) async fn list(&self, project: Option<&ProjectId>) -> anyhow::Result<Vec<Listed>> {
        let rows = sqlx::query(
            "SELECT project_id, name, created_s FROM secrets
             WHERE $1 IS NULL OR project_id = $1 ORDER BY project_id, name",
        );
        let rows = rows.bind(project.map(ProjectId::as_str)).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(Listed {
                    project: row.try_get("project_id")?,
                    name: row.try_get("name")?,
                    created_s: row.try_get("created_s")?,
                })
            })
            .collect()
    }

    /// Sets a secret, instead of one with this name.
    pub(super) async fn set(&self, project: &ProjectId, name: &str, value: &SecretString) -> anyhow::Result<()> {
        let query = sqlx::query(
            "INSERT INTO secrets (project_id, name, sealed, created_s) VALUES ($1, $2, $3, $4)
             ON CONFLICT (project_id, name) DO UPDATE SET sealed = excluded.sealed, created_s = excluded.created_s",
        );
        query
            .bind(project.as_str())
            .bind(name)
            .bind(self.key.seal(project, name, value)?)
            .bind(now_s())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether there was one.
    pub(super) async fn remove(&self, project: &ProjectId, name: &str) -> anyhow::Result<bool> {
        let query = sqlx::query("DELETE FROM secrets WHERE project_id = $1 AND name = $2");
        let removed = query.bind(project.as_str()).bind(name).execute(&self.pool).await?;
        Ok(removed.rows_affected() > 0)
    }
}
