//! Rows to records and back.

use jobsphere_api::{
    id::{DatasetId, JobId, OperationId, ProjectId},
    jobs::Job,
    sha256::Sha256,
};
use jobsphere_service::{Cancellation, DatasetRecord, JobRecord, OperationRecord, Repeat, StoreError};
use prost::Message;
use sqlx::{
    Decode, Row, Sqlite, Type,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

/// A limit as SQL takes it.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn message<M: Message + Default>(row: &SqliteRow, name: &str) -> Result<M, StoreError> {
    M::decode(column::<&[u8]>(row, name)?).map_err(damaged)
}

pub(super) fn job(row: &SqliteRow) -> Result<JobRecord, StoreError> {
    let execute_operation = column::<Option<&str>>(row, "execute_operation")?
        .map(|id| OperationId::parse(id).map_err(damaged))
        .transpose()?;
    let graceful = column::<bool>(row, "cancel_graceful")?;
    let cancellation = column::<Option<String>>(row, "cancel_reason")?.map(|reason| Cancellation { reason, graceful });
    let progress = column::<Option<&[u8]>>(row, "progress")?
        .map(|bytes| Message::decode(bytes).map_err(damaged))
        .transpose()?;
    Ok(JobRecord {
        job: message::<Job>(row, "body")?.into(),
        sequence: column(row, "sequence")?,
        execute_operation,
        waiting_since: column(row, "waiting_since")?,
        cancellation,
        progress,
    })
}

pub(super) fn operation(row: &SqliteRow) -> Result<OperationRecord, StoreError> {
    Ok(OperationRecord {
        operation: message(row, "body")?,
        project_id: ProjectId::parse(column(row, "project_id")?).map_err(damaged)?,
        job_id: column::<Option<&str>>(row, "job_id")?
            .map(|id| JobId::parse(id).map_err(damaged))
            .transpose()?,
    })
}

pub(super) fn dataset(row: &SqliteRow) -> Result<DatasetRecord, StoreError> {
    Ok(DatasetRecord {
        id: DatasetId::parse(column(row, "id")?).map_err(damaged)?,
        project_id: ProjectId::parse(column(row, "project_id")?).map_err(damaged)?,
        job_id: JobId::parse(column(row, "job_id")?).map_err(damaged)?,
        desc: message(row, "body")?,
        created_micros: column(row, "created_micros")?,
    })
}

pub(super) fn repeat(row: &SqliteRow) -> Result<Repeat, StoreError> {
    Ok(Repeat {
        key: Sha256::parse(column(row, "key")?).map_err(damaged)?,
        request: Sha256::parse(column(row, "request")?).map_err(damaged)?,
        operation: OperationId::parse(column(row, "operation_id")?).map_err(damaged)?,
        at_micros: column(row, "at_micros")?,
    })
}

pub(super) fn put_job(record: &JobRecord) -> Query<'_, Sqlite, SqliteArguments<'_>> {
    sqlx::query(
        "INSERT INTO jobs (id, sequence, project_id, status, body, data_expires_s, data_cleared, execute_operation,
                           waiting_since, cancel_reason, cancel_graceful, progress)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET
             sequence = excluded.sequence, project_id = excluded.project_id,
             status = excluded.status, body = excluded.body, data_expires_s = excluded.data_expires_s,
             data_cleared = excluded.data_cleared, execute_operation = excluded.execute_operation,
             waiting_since = excluded.waiting_since, cancel_reason = excluded.cancel_reason, cancel_graceful = excluded.cancel_graceful,
             progress = excluded.progress",
    )
    .bind(&record.job.id)
    .bind(record.sequence)
    .bind(&record.job.project_id)
    .bind(i64::from(record.job.status))
    .bind(record.job.whole().encode_to_vec())
    .bind(record.job.data_expires_at.map(|at| at.seconds))
    .bind(record.job.data_cleared)
    .bind(record.execute_operation.as_ref().map(OperationId::as_str))
    .bind(record.waiting_since)
    .bind(
        record
            .cancellation
            .as_ref()
            .map(|cancellation| cancellation.reason.as_str()),
    )
    .bind(
        record
            .cancellation
            .as_ref()
            .is_some_and(|cancellation| cancellation.graceful),
    )
    .bind(record.progress.as_ref().map(Message::encode_to_vec))
}

pub(super) fn column<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(
    row: &'r SqliteRow,
    name: &str,
) -> Result<T, StoreError> {
    row.try_get(name).map_err(damaged)
}

pub(super) fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}
