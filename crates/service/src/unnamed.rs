//! `UnnamedFileService`: what a job's command made and nobody named, listed and kept.

use std::collections::BTreeSet;

use futures::channel::oneshot;
use tonic::{Request, async_trait};

use super::{Caller, JobRecord, JobService, NotHeld, Role, ServiceError, Taken, Task, Unnamed, files, jobs::job_id};
use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{File, Job},
        sha256::Sha256,
        share::{self, unnamed_file_service_server::UnnamedFileService},
        time,
    },
    grpc::{Answer, answer, caller},
    job::{
        limits,
        status::{self, Forbidden},
    },
};

/// What is refused where the state of the job forbids it.
const KEEP: &str = "Keep";

#[async_trait]
impl UnnamedFileService for JobService {
    async fn list(&self, request: Request<share::ListUnnamedFilesRequest>) -> Answer<share::ListUnnamedFilesResponse> {
        let caller = caller(&request)?;
        answer(self.list_unnamed(&caller, &request.into_inner().job_id).await)
    }

    async fn keep(&self, request: Request<share::KeepUnnamedFilesRequest>) -> Answer<share::KeepUnnamedFilesResponse> {
        let caller = caller(&request)?;
        answer(self.keep_unnamed(&caller, request.into_inner()).await)
    }
}

impl JobService {
    async fn list_unnamed(&self, caller: &Caller, id: &str) -> Result<share::ListUnnamedFilesResponse, ServiceError> {
        let id = job_id(id)?;
        let record = self.job_for(caller, Role::Viewer, &id).await?;
        if may_keep(&record.job).is_err() {
            return Ok(share::ListUnnamedFilesResponse::default());
        }
        let unnamed = self.engine.unnamed(&id).await;
        Ok(unnamed.map(|unnamed| told(&record.job, unnamed)).unwrap_or_default())
    }

    async fn keep_unnamed(
        &self,
        caller: &Caller,
        request: share::KeepUnnamedFilesRequest,
    ) -> Result<share::KeepUnnamedFilesResponse, ServiceError> {
        let id = job_id(&request.job_id)?;
        let (record, project) = self.placed_job_for(caller, Role::Editor, &id).await?;
        may_keep(&record.job)?;
        check_paths(&request.paths)?;
        let keeping = Keeping {
            service: self.clone(),
            id,
            project,
            paths: request.paths,
        };
        // It comes to its end whether or not the caller waits: what is stored must find its row.
        let (done, kept) = oneshot::channel();
        self.host.spawn(Box::pin(async move {
            let _ = done.send(keeping.keep(record).await);
        }));
        kept.await.unwrap_or_else(|_| {
            Err(ServiceError::Unavailable {
                what: "the folder of the run",
                details: "the task that keeps files was broken off".into(),
            })
        })
    }

    /// Lets the engine remove what it holds of jobs whose data is no more.
    pub(super) async fn let_go(&self, id: &JobId) {
        self.engine.let_go(id).await;
    }

    /// The same unless the job and its data are there: for who cannot know whether they were deleted meanwhile.
    pub(super) async fn let_go_unless_owned(&self, id: &JobId) {
        match self.store.job(id).await {
            Ok(Some(record)) if !record.job.data_cleared => {}
            Ok(_) => self.let_go(id).await,
            Err(error) => self
                .host
                .warn(&format!("what is held of {id} stays until its time is over: {error}")),
        }
    }
}

/// Files on their way to become outputs.
struct Keeping {
    service: JobService,
    id: JobId,
    project: ProjectId,
    paths: Vec<String>,
}

impl Keeping {
    async fn keep(&self, record: JobRecord) -> Result<share::KeepUnnamedFilesResponse, ServiceError> {
        let wanted = self.paths.iter().filter(|path| output(&record.job, path).is_none());
        let wanted: Vec<String> = wanted.cloned().collect();
        let mut taken = match wanted.is_empty() {
            true => Vec::new(),
            false => self.take(&record, &wanted).await?,
        };
        let stored: Vec<Sha256> = taken.iter().filter_map(digest).collect();
        let _ledger = self.service.inner.ledger.lock().await;
        let added = self.add(&mut taken).await;
        // What no row has come to need is for nobody.
        self.service.drop_contents(&self.project, stored).await;
        added
    }

    async fn take(&self, record: &JobRecord, wanted: &[String]) -> Result<Vec<Taken>, ServiceError> {
        let task = Task {
            job_id: self.id.clone(),
            project_id: self.project.clone(),
            has_begun: true,
            instance_type: None,
            parameters: record.job.job_parameters.clone().unwrap_or_default(),
        };
        self.service
            .engine
            .take(&task, wanted)
            .await
            .map_err(|error| match error {
                NotHeld::Gone => ServiceError::Precondition(
                    "the folder of the run is not held any more: name the file as an output and run the job again"
                        .into(),
                ),
                NotHeld::Busy(after) => ServiceError::Busy(format!(
                    "files of other runs are being kept at the moment; try again in {} s",
                    after.as_secs().max(1)
                )),
            })
    }

    /// Makes outputs of what was stored, all at once. The caller holds the ledger.
    async fn add(&self, taken: &mut [Taken]) -> Result<share::KeepUnnamedFilesResponse, ServiceError> {
        for one in taken.iter_mut() {
            // Another job that had the same content may have been deleted just now.
            if let Some(sha256) = digest(one)
                && !self.service.blobs.holds(&self.project, sha256).await?
            {
                one.file = Err("It was stored and removed again with another job; try again".into());
            }
        }
        let (id, project) = (&self.id, &self.project);
        let update = self.service.update(id, |row| {
            let job = &mut row.record.job;
            may_keep(job)?;
            for one in taken.iter_mut() {
                add_output(job, one);
            }
            job.data_size_bytes = files::size_bytes(job);
            row.more.push(files::needed(id, project, job));
            Ok(self.answer(job, taken))
        });
        update.await
    }

    /// What became of each path, in the order in which they were asked for.
    fn answer(&self, job: &Job, taken: &[Taken]) -> share::KeepUnnamedFilesResponse {
        let files = self
            .paths
            .iter()
            .filter_map(|path| output(job, path).cloned())
            .collect();
        let errors = taken.iter().filter_map(|one| {
            Some(share::NotKept {
                path: one.path.clone(),
                description: one.file.as_ref().err()?.clone(),
            })
        });
        share::KeepUnnamedFilesResponse {
            files,
            errors: errors.collect(),
        }
    }
}

/// Adds what was stored to the outputs, unless one of that path is there or there is no room for more.
fn add_output(job: &mut Job, one: &mut Taken) {
    let Ok(file) = &one.file else { return };
    if output(job, &one.path).is_some() {
        return;
    }
    if job.output_files.len() >= limits::MAX_KEPT_OUTPUTS {
        one.file = Err(format!(
            "A job has at most {} outputs: let the command put them into one folder, and name that",
            limits::MAX_KEPT_OUTPUTS
        ));
        return;
    }
    job.output_files.push(file.clone());
}

fn digest(one: &Taken) -> Option<Sha256> {
    Sha256::parse(&one.file.as_ref().ok()?.sha256).ok()
}

/// The output of this path.
fn output<'a>(job: &'a Job, path: &str) -> Option<&'a File> {
    let mut outputs = job.output_files.iter();
    outputs.find(|file| file.desc.as_ref().is_some_and(|desc| desc.path == path))
}

fn may_keep(job: &Job) -> Result<(), ServiceError> {
    let reason = match (status::is_final(job.status()), job.data_cleared) {
        (false, _) => Forbidden::Runs,
        (true, true) => Forbidden::DataCleared,
        (true, false) => return Ok(()),
    };
    Err(ServiceError::Forbidden { action: KEEP, reason })
}

fn check_paths(paths: &[String]) -> Result<(), ServiceError> {
    let problem = match paths.len() {
        0 => "must name at least one file".into(),
        count if count > limits::MAX_ENTRIES => {
            format!("name {count} files; ask for at most {} at once", limits::MAX_ENTRIES)
        }
        count if paths.iter().collect::<BTreeSet<_>>().len() < count => "name a file twice".into(),
        _ => return Ok(()),
    };
    Err(ServiceError::Field {
        field: "paths",
        problem,
    })
}

fn told(job: &Job, unnamed: Unnamed) -> share::ListUnnamedFilesResponse {
    let kept = job.output_files.iter().filter_map(|file| file.desc.as_ref());
    let kept: BTreeSet<&str> = kept.map(|desc| desc.path.as_str()).collect();
    let files = unnamed.files.into_iter().map(|file| share::UnnamedFile {
        is_kept: kept.contains(file.path.as_str()),
        path: file.path,
        size_bytes: file.size_bytes,
    });
    share::ListUnnamedFilesResponse {
        files: files.collect(),
        more_count: unnamed.more.count,
        more_bytes: unnamed.more.bytes,
        passed_count: unnamed.passed.count,
        passed_bytes: unnamed.passed.bytes,
        held_until: Some(time::from_micros(unnamed.until_micros)),
    }
}
