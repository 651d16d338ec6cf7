//! Changes as bytes. The numbers of the fields stay: what an earlier version has written is read by later ones.

use jobsphere_service::{
    Cancellation, Change, DatasetRecord, JobRecord, OperationRecord, Repeat, ShareRecord, StoreError,
};
use prost::Message;

use crate::api::{
    id::{DatasetId, JobId, OperationId, ProjectId, ShareId},
    jobs::{Job, JobProgress, OutputDatasetDesc},
    operation::Operation,
    project::Project,
    sha256::Sha256,
    share::Share,
};

#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(message, repeated, tag = "1")]
    rows: Vec<Row>,
}

#[derive(Clone, PartialEq, Message)]
struct Row {
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12")]
    kind: Option<Kind>,
}

// Rows live a moment, and few at a time.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, PartialEq, prost::Oneof)]
enum Kind {
    #[prost(message, tag = "1")]
    Project(Project),
    #[prost(message, tag = "2")]
    Job(JobRow),
    #[prost(message, tag = "3")]
    Operation(OperationRow),
    #[prost(string, tag = "4")]
    DeletedJob(String),
    #[prost(message, tag = "5")]
    Files(FilesRow),
    #[prost(message, tag = "6")]
    Dataset(DatasetRow),
    #[prost(string, tag = "7")]
    DroppedDataset(String),
    #[prost(message, tag = "8")]
    Repeat(RepeatRow),
    #[prost(message, tag = "9")]
    Share(ShareRow),
    #[prost(message, tag = "10")]
    Revoked(RevokedRow),
    #[prost(message, tag = "11")]
    Used(UsedRow),
    #[prost(int64, tag = "12")]
    RepeatsBefore(i64),
}

#[derive(Clone, PartialEq, Message)]
struct JobRow {
    #[prost(message, optional, tag = "1")]
    job: Option<Job>,
    #[prost(int64, tag = "2")]
    sequence: i64,
    #[prost(string, optional, tag = "3")]
    execute_operation: Option<String>,
    #[prost(int64, optional, tag = "4")]
    waiting_since: Option<i64>,
    #[prost(string, optional, tag = "5")]
    cancel_reason: Option<String>,
    #[prost(bool, tag = "6")]
    cancel_graceful: bool,
    #[prost(message, optional, tag = "7")]
    progress: Option<JobProgress>,
}

#[derive(Clone, PartialEq, Message)]
struct OperationRow {
    #[prost(message, optional, tag = "1")]
    operation: Option<Operation>,
    #[prost(string, tag = "2")]
    project: String,
    #[prost(string, optional, tag = "3")]
    job: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct FilesRow {
    #[prost(string, tag = "1")]
    job: String,
    #[prost(string, tag = "2")]
    project: String,
    #[prost(string, repeated, tag = "3")]
    files: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct DatasetRow {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    project: String,
    #[prost(string, tag = "3")]
    job: String,
    #[prost(message, optional, tag = "4")]
    desc: Option<OutputDatasetDesc>,
    #[prost(int64, tag = "5")]
    created_micros: i64,
}

#[derive(Clone, PartialEq, Message)]
struct RepeatRow {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    request: String,
    #[prost(string, tag = "3")]
    operation: String,
    #[prost(int64, tag = "4")]
    at_micros: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ShareRow {
    #[prost(message, optional, tag = "1")]
    share: Option<Share>,
    #[prost(string, tag = "2")]
    secret: String,
    #[prost(int64, tag = "3")]
    created_micros: i64,
    #[prost(int64, optional, tag = "4")]
    revoked_micros: Option<i64>,
    #[prost(string, tag = "5")]
    revoked_by: String,
    #[prost(int64, optional, tag = "6")]
    used_micros: Option<i64>,
    #[prost(int64, tag = "7")]
    uses: i64,
}

#[derive(Clone, PartialEq, Message)]
struct RevokedRow {
    #[prost(string, repeated, tag = "1")]
    shares: Vec<String>,
    #[prost(int64, tag = "2")]
    at_micros: i64,
    #[prost(string, tag = "3")]
    by: String,
}

#[derive(Clone, PartialEq, Message)]
struct UsedRow {
    #[prost(string, tag = "1")]
    share: String,
    #[prost(int64, tag = "2")]
    at_micros: i64,
    #[prost(int64, tag = "3")]
    uses: i64,
}

/// The entry of a commit.
pub(super) fn write(changes: &[Change]) -> Vec<u8> {
    let rows = changes.iter().map(|change| Row {
        kind: Some(kind(change)),
    });
    Entry { rows: rows.collect() }.encode_to_vec()
}

/// What [`write`] was given.
pub(super) fn read(entry: &[u8]) -> Result<Vec<Change>, StoreError> {
    let entry = Entry::decode(entry).map_err(damaged)?;
    entry.rows.into_iter().map(change).collect()
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}

fn kind(change: &Change) -> Kind {
    match change.clone() {
        Change::PutProject(project) => Kind::Project(*project),
        Change::PutJob(record) => Kind::Job(job_row(&record)),
        Change::PutOperation(record) => Kind::Operation(OperationRow {
            operation: Some(record.operation),
            project: record.project_id.to_string(),
            job: record.job_id.map(|id| id.to_string()),
        }),
        Change::DeleteJob(id) => Kind::DeletedJob(id.to_string()),
        Change::SetFiles { job, project, files } => Kind::Files(FilesRow {
            job: job.to_string(),
            project: project.to_string(),
            files: files.iter().map(ToString::to_string).collect(),
        }),
        Change::PutDataset(record) => Kind::Dataset(DatasetRow {
            id: record.id.to_string(),
            project: record.project_id.to_string(),
            job: record.job_id.to_string(),
            desc: Some(record.desc),
            created_micros: record.created_micros,
        }),
        Change::DropDataset(id) => Kind::DroppedDataset(id.to_string()),
        Change::PutRepeat(repeat) => Kind::Repeat(RepeatRow {
            key: repeat.key.to_string(),
            request: repeat.request.to_string(),
            operation: repeat.operation.to_string(),
            at_micros: repeat.at_micros,
        }),
        Change::PutShare(record) => Kind::Share(share_row(*record)),
        Change::RevokeShares { shares, at_micros, by } => Kind::Revoked(RevokedRow {
            shares: shares.iter().map(ToString::to_string).collect(),
            at_micros,
            by,
        }),
        Change::CountUses { share, at_micros, uses } => Kind::Used(UsedRow {
            share: share.to_string(),
            at_micros,
            uses,
        }),
        Change::DropRepeats { before_micros } => Kind::RepeatsBefore(before_micros),
    }
}

fn change(row: Row) -> Result<Change, StoreError> {
    Ok(
        match row.kind.ok_or_else(|| damaged("a row of a kind that is not known"))? {
            Kind::Project(project) => Change::PutProject(Box::new(project)),
            Kind::Job(row) => Change::PutJob(Box::new(job_record(row)?)),
            Kind::Operation(row) => Change::PutOperation(Box::new(OperationRecord {
                operation: row.operation.unwrap_or_default(),
                project_id: project(&row.project)?,
                job_id: row.job.as_deref().map(job).transpose()?,
            })),
            Kind::DeletedJob(id) => Change::DeleteJob(job(&id)?),
            Kind::Files(row) => Change::SetFiles {
                job: job(&row.job)?,
                project: project(&row.project)?,
                files: row.files.iter().map(|file| digest(file)).collect::<Result<_, _>>()?,
            },
            Kind::Dataset(row) => Change::PutDataset(Box::new(DatasetRecord {
                id: dataset(&row.id)?,
                project_id: project(&row.project)?,
                job_id: job(&row.job)?,
                desc: row.desc.unwrap_or_default(),
                created_micros: row.created_micros,
            })),
            Kind::DroppedDataset(id) => Change::DropDataset(dataset(&id)?),
            Kind::Repeat(row) => Change::PutRepeat(Repeat {
                key: digest(&row.key)?,
                request: digest(&row.request)?,
                operation: operation(&row.operation)?,
                at_micros: row.at_micros,
            }),
            Kind::Share(row) => Change::PutShare(Box::new(share_record(row)?)),
            Kind::Revoked(row) => Change::RevokeShares {
                shares: row.shares.iter().map(|id| share(id)).collect::<Result<_, _>>()?,
                at_micros: row.at_micros,
                by: row.by,
            },
            Kind::Used(row) => Change::CountUses {
                share: share(&row.share)?,
                at_micros: row.at_micros,
                uses: row.uses,
            },
            Kind::RepeatsBefore(before_micros) => Change::DropRepeats { before_micros },
        },
    )
}

fn job_row(record: &JobRecord) -> JobRow {
    let cancellation = record.cancellation.as_ref();
    JobRow {
        job: Some(record.job.whole()),
        sequence: record.sequence,
        execute_operation: record.execute_operation.as_ref().map(ToString::to_string),
        waiting_since: record.waiting_since,
        cancel_reason: cancellation.map(|cancellation| cancellation.reason.clone()),
        cancel_graceful: cancellation.is_some_and(|cancellation| cancellation.graceful),
        progress: record.progress.clone(),
    }
}

fn job_record(row: JobRow) -> Result<JobRecord, StoreError> {
    let graceful = row.cancel_graceful;
    Ok(JobRecord {
        job: row.job.unwrap_or_default().into(),
        sequence: row.sequence,
        execute_operation: row.execute_operation.as_deref().map(operation).transpose()?,
        waiting_since: row.waiting_since,
        cancellation: row.cancel_reason.map(|reason| Cancellation { reason, graceful }),
        progress: row.progress,
    })
}

fn share_row(record: ShareRecord) -> ShareRow {
    let (revoked_micros, revoked_by) = record.revoked.map_or((None, String::new()), |(at, by)| (Some(at), by));
    ShareRow {
        share: Some(record.share),
        secret: record.secret.to_string(),
        created_micros: record.created_micros,
        revoked_micros,
        revoked_by,
        used_micros: record.used_micros,
        uses: record.uses,
    }
}

fn share_record(row: ShareRow) -> Result<ShareRecord, StoreError> {
    let message = row.share.unwrap_or_default();
    Ok(ShareRecord {
        id: share(&message.id)?,
        share: message,
        secret: digest(&row.secret)?,
        created_micros: row.created_micros,
        revoked: row.revoked_micros.map(|at| (at, row.revoked_by)),
        used_micros: row.used_micros,
        uses: row.uses,
    })
}

fn project(id: &str) -> Result<ProjectId, StoreError> {
    ProjectId::parse(id).map_err(damaged)
}

fn job(id: &str) -> Result<JobId, StoreError> {
    JobId::parse(id).map_err(damaged)
}

fn operation(id: &str) -> Result<OperationId, StoreError> {
    OperationId::parse(id).map_err(damaged)
}

fn dataset(id: &str) -> Result<DatasetId, StoreError> {
    DatasetId::parse(id).map_err(damaged)
}

fn share(id: &str) -> Result<ShareId, StoreError> {
    ShareId::parse(id).map_err(damaged)
}

fn digest(text: &str) -> Result<Sha256, StoreError> {
    Sha256::parse(text).map_err(damaged)
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
