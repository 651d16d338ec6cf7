//! The rows of share links.

use jobsphere_api::{
    id::{JobId, ProjectId, ShareId},
    sha256::Sha256,
    share::Share,
    time,
};
use jobsphere_service::{ShareRecord, StoreError};
use prost::Message;
use sqlx::{QueryBuilder, Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use super::{
    rows::{self, column, damaged},
    unavailable,
};

pub(super) async fn find(readers: &SqlitePool, id: &ShareId) -> Result<Option<ShareRecord>, StoreError> {
    let row = sqlx::query("SELECT * FROM shares WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(readers)
        .await
        .map_err(unavailable)?;
    row.as_ref().map(record).transpose()
}

pub(super) async fn list(
    readers: &SqlitePool,
    project: &ProjectId,
    job: Option<&JobId>,
    limit: usize,
) -> Result<Vec<ShareRecord>, StoreError> {
    let mut select = QueryBuilder::new("SELECT * FROM shares WHERE project_id = ");
    select.push_bind(project.as_str());
    if let Some(job) = job {
        select.push(" AND job_id = ").push_bind(job.as_str());
    }
    select
        .push(" ORDER BY created_micros DESC, id LIMIT ")
        .push_bind(rows::limit(limit));
    let found = select.build().fetch_all(readers).await.map_err(unavailable)?;
    found.iter().map(record).collect()
}

/// Those that are good, by the columns that say so.
pub(super) async fn good(
    readers: &SqlitePool,
    project: &ProjectId,
    job: Option<&JobId>,
    now_micros: i64,
    limit: usize,
) -> Result<Vec<ShareId>, StoreError> {
    let mut select = QueryBuilder::new("SELECT id FROM shares WHERE revoked_micros IS NULL AND project_id = ");
    select.push_bind(project.as_str());
    select
        .push(" AND expires_millis > ")
        .push_bind(now_micros.div_euclid(1000));
    if let Some(job) = job {
        select.push(" AND job_id = ").push_bind(job.as_str());
    }
    select.push(" LIMIT ").push_bind(rows::limit(limit));
    let found = select.build().fetch_all(readers).await.map_err(unavailable)?;
    let ids = found
        .iter()
        .map(|row| ShareId::parse(column(row, "id")?).map_err(damaged));
    ids.collect()
}

/// Writes the ends of links beside their bodies, where an earlier version has not.
pub(super) async fn fill_in_ends(writer: &SqlitePool) -> sqlx::Result<()> {
    let rows = sqlx::query("SELECT id, body FROM shares WHERE expires_millis IS NULL")
        .fetch_all(writer)
        .await?;
    let mut filling = writer.begin().await?;
    for row in rows {
        // One that cannot be read opens nothing; whoever asks for it hears that.
        let share = Share::decode(row.try_get::<&[u8], _>("body")?).unwrap_or_default();
        sqlx::query("UPDATE shares SET expires_millis = $1 WHERE id = $2")
            .bind(share.expires_at.map_or(0, |at| time::to_millis(&at)))
            .bind(row.try_get::<&str, _>("id")?)
            .execute(&mut *filling)
            .await?;
    }
    filling.commit().await
}

fn record(row: &SqliteRow) -> Result<ShareRecord, StoreError> {
    let revoked_by = column::<Option<String>>(row, "revoked_by")?.unwrap_or_default();
    Ok(ShareRecord {
        id: ShareId::parse(column(row, "id")?).map_err(damaged)?,
        share: rows::message(row, "body")?,
        secret: Sha256::parse(column(row, "sha256")?).map_err(damaged)?,
        created_micros: column(row, "created_micros")?,
        revoked: column::<Option<i64>>(row, "revoked_micros")?.map(|at| (at, revoked_by)),
        used_micros: column(row, "used_micros")?,
        uses: column(row, "uses")?,
    })
}

pub(super) async fn put(connection: &mut SqliteConnection, record: &ShareRecord) -> sqlx::Result<()> {
    let insert = sqlx::query(
        "INSERT INTO shares (id, project_id, job_id, sha256, created_micros, expires_millis, body, revoked_micros,
             revoked_by, used_micros, uses)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    );
    insert
        .bind(record.id.as_str())
        .bind(&record.share.project_id)
        .bind(&record.share.job_id)
        .bind(record.secret.to_string())
        .bind(record.created_micros)
        .bind(record.expires_millis())
        .bind(record.share.encode_to_vec())
        .bind(record.revoked.as_ref().map(|(at, _)| *at))
        .bind(record.revoked.as_ref().map(|(_, by)| by.as_str()))
        .bind(record.used_micros)
        .bind(record.uses)
        .execute(connection)
        .await?;
    Ok(())
}

/// The first to revoke a link stays the one who did.
pub(super) async fn revoke(
    connection: &mut SqliteConnection,
    shares: &[ShareId],
    at_micros: i64,
    by: &str,
) -> sqlx::Result<()> {
    for share in shares {
        sqlx::query("UPDATE shares SET revoked_micros = $1, revoked_by = $2 WHERE id = $3 AND revoked_micros IS NULL")
            .bind(at_micros)
            .bind(by)
            .bind(share.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn count(
    connection: &mut SqliteConnection,
    share: &ShareId,
    at_micros: i64,
    uses: i64,
) -> sqlx::Result<()> {
    let update = sqlx::query(
        "UPDATE shares SET uses = uses + $1, used_micros = MAX(COALESCE(used_micros, $2), $2) WHERE id = $3",
    );
    update
        .bind(uses)
        .bind(at_micros)
        .bind(share.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Links do not outlive their job.
pub(super) async fn forget(connection: &mut SqliteConnection, job: &JobId) -> sqlx::Result<()> {
    let delete = sqlx::query("DELETE FROM shares WHERE job_id = $1");
    delete.bind(job.as_str()).execute(connection).await?;
    Ok(())
}
