//! `jobsphere-server dataset list | remove`.

// A command of its own.
#![allow(clippy::disallowed_methods)]

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use jobsphere_api::{
    id::{DatasetId, ProjectId},
    jobs::JobStatus,
};
use jobsphere_service::{Change, DatasetRecord, JobQuery, Store};
use tokio::task::spawn_blocking;

use super::Datasets;
use crate::{
    cli::{date, project, say},
    sandbox::Around,
    store::SqliteStore,
};

/// What to do with datasets.
#[derive(Debug, Subcommand)]
pub(crate) enum DatasetAction {
    /// Lists the datasets: id, project, name, size, the job that made it, and when.
    List {
        /// Only those of this project.
        #[arg(long, value_name = "PROJECT", value_parser = project)]
        project: Option<ProjectId>,
    },
    /// Removes a dataset with all it holds.
    Remove {
        /// Its id.
        id: String,
        /// Its project, when the id alone is not enough to be sure.
        #[arg(long, value_name = "PROJECT", value_parser = project)]
        project: Option<ProjectId>,
    },
}

/// Does what the arguments say.
///
/// # Errors
/// When there is no such dataset, a job uses it, or the data folder cannot be used.
pub(crate) fn run(action: &DatasetAction, around: Around) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(action, around))
}

async fn act(action: &DatasetAction, around: Around) -> anyhow::Result<()> {
    let data_dir = &around.data_dir;
    ensure!(data_dir.is_dir(), "there is no data folder {}", data_dir.display());
    let store = SqliteStore::open(data_dir).await?;
    let datasets = Datasets::new(around.clone());
    match action {
        DatasetAction::List { project } => {
            for record in store.datasets(project.as_ref()).await? {
                let datasets = datasets.clone();
                say(&spawn_blocking(move || line(&datasets, &record)).await?);
            }
        }
        DatasetAction::Remove { id, project } => {
            let record = find(&store, id, project.as_ref()).await?;
            refuse_while_used(&store, &record).await?;
            // First the row: nobody begins to read what is going.
            store.commit(vec![Change::DropDataset(record.id.clone())]).await?;
            spawn_blocking(move || datasets.remove(&record.project_id, &record.id))
                .await?
                .context("the dataset is forgotten; what is left of its folder goes at the server's next start")?;
        }
    }
    Ok(())
}

async fn find(store: &SqliteStore, id: &str, project: Option<&ProjectId>) -> anyhow::Result<DatasetRecord> {
    let found = match DatasetId::parse(id) {
        Ok(id) => store.dataset(&id).await?,
        Err(_) => None,
    };
    found
        .filter(|record| project.is_none_or(|project| *project == record.project_id))
        .with_context(|| format!("there is no dataset `{id}`; `jobsphere-server dataset list` names them"))
}

async fn refuse_while_used(store: &SqliteStore, record: &DatasetRecord) -> anyhow::Result<()> {
    let running = JobQuery {
        project_id: Some(record.project_id.clone()),
        statuses: vec![
            JobStatus::Preparing,
            JobStatus::Executing,
            JobStatus::UploadingOutput,
            JobStatus::Cancelling,
        ],
        before: None,
        limit: usize::MAX,
    };
    for running in store.jobs(&running).await? {
        let mut used = running
            .job
            .job_parameters
            .iter()
            .flat_map(|parameters| &parameters.dataset_ids);
        if used.any(|id| *id == record.id.as_str()) {
            bail!(
                "job {} uses dataset `{}`: wait for its end, or cancel it",
                running.job.id,
                record.id
            );
        }
    }
    Ok(())
}

fn line(datasets: &Datasets, record: &DatasetRecord) -> String {
    let size = match datasets.content(&record.project_id, &record.id) {
        Ok(content) => format!("{} bytes in {} files", content.size_bytes, content.files),
        Err(error) => format!("unreadable: {error}"),
    };
    format!(
        "{}\t{}\t{}\t{size}\tmade by {}\t{}",
        record.id,
        record.project_id,
        record.desc.name,
        record.job_id,
        date(record.created_micros / 1_000_000)
    )
}
