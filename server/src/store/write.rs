//! Changes to statements.

use jobsphere_api::{
    id::{DatasetId, JobId, OperationId, ProjectId},
    sha256::Sha256,
};
use jobsphere_service::{Change, DatasetRecord, Repeat};
use prost::Message;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{rows, shares};

/// Rows of one INSERT; three values each, far below SQLite's limit.
const FILES_AT_ONCE: usize = 1000;

/// Does `change` within the transaction of `connection`.
pub(super) async fn apply(connection: &mut SqliteConnection, change: &Change) -> sqlx::Result<()> {
    match change {
        Change::PutProject(project) => {
            let query = sqlx::query(
                "INSERT INTO projects (id, body) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            );
            query
                .bind(&project.id)
                .bind(project.encode_to_vec())
                .execute(connection)
                .await?;
        }
        Change::PutJob(record) => {
            rows::put_job(record).execute(connection).await?;
        }
        Change::PutOperation(record) => {
            let query = sqlx::query(
                "INSERT INTO operations (id, project_id, job_id, body) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (id) DO UPDATE SET
                     project_id = excluded.project_id, job_id = excluded.job_id, body = excluded.body",
            );
            query
                .bind(&record.operation.id)
                .bind(record.project_id.as_str())
                .bind(record.job_id.as_ref().map(JobId::as_str))
                .bind(record.operation.encode_to_vec())
                .execute(connection)
                .await?;
        }
        Change::DeleteJob(id) => {
            forget_files(connection, id).await?;
            shares::forget(connection, id).await?;
            sqlx::query("DELETE FROM jobs WHERE id = $1")
                .bind(id.as_str())
                .execute(connection)
                .await?;
        }
        Change::SetFiles { job, project, files } => {
            forget_files(connection, job).await?;
            let files: Vec<&Sha256> = files.iter().collect();
            for files in files.chunks(FILES_AT_ONCE) {
                insert_files(job, project, files)
                    .build()
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Change::PutDataset(record) => put_dataset(connection, record).await?,
        Change::DropDataset(id) => {
            let query = sqlx::query("DELETE FROM datasets WHERE id = $1");
            query.bind(id.as_str()).execute(connection).await?;
        }
        Change::PutShare(record) => shares::put(connection, record).await?,
        Change::RevokeShares { shares, at_micros, by } => shares::revoke(connection, shares, *at_micros, by).await?,
        Change::CountUses { share, at_micros, uses } => shares::count(connection, share, *at_micros, *uses).await?,
        Change::PutRepeat(repeat) => put_repeat(connection, repeat).await?,
        Change::DropRepeats { before_micros } => {
            sqlx::query("DELETE FROM repeats WHERE at_micros < $1")
                .bind(before_micros)
                .execute(connection)
                .await?;
        }
    }
    Ok(())
}

async fn forget_files(connection: &mut SqliteConnection, job: &JobId) -> sqlx::Result<()> {
    let query = sqlx::query("DELETE FROM job_files WHERE job_id = $1");
    query.bind(job.as_str()).execute(connection).await?;
    Ok(())
}

fn insert_files<'q>(job: &'q JobId, project: &'q ProjectId, files: &[&Sha256]) -> QueryBuilder<'q, Sqlite> {
    let mut insert = QueryBuilder::new("INSERT INTO job_files (job_id, project_id, sha256) ");
    insert.push_values(files, |mut row, file| {
        row.push_bind(job.as_str())
            .push_bind(project.as_str())
            .push_bind(file.to_string());
    });
    insert
}

async fn put_dataset(connection: &mut SqliteConnection, record: &DatasetRecord) -> sqlx::Result<()> {
    let query = sqlx::query(
        "INSERT INTO datasets (id, project_id, job_id, body, created_micros) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body",
    );
    query
        .bind(DatasetId::as_str(&record.id))
        .bind(record.project_id.as_str())
        .bind(record.job_id.as_str())
        .bind(record.desc.encode_to_vec())
        .bind(record.created_micros)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_repeat(connection: &mut SqliteConnection, repeat: &Repeat) -> sqlx::Result<()> {
    let query = sqlx::query("INSERT INTO repeats (key, request, operation_id, at_micros) VALUES ($1, $2, $3, $4)");
    query
        .bind(repeat.key.to_string())
        .bind(repeat.request.to_string())
        .bind(OperationId::as_str(&repeat.operation))
        .bind(repeat.at_micros)
        .execute(connection)
        .await?;
    Ok(())
}
