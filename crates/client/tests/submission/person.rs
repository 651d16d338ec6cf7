//! A person with a draft in a browser, who presses Run until the job runs.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use futures::future::{Either, poll_fn, select};
use jobsphere_api::jobs::{
    CancelProjectJobRequest, CloneProjectJobRequest, CreateProjectJobRequest, DeleteProjectJobDataRequest,
    DeleteProjectJobRequest, Environment, File, FileDesc, Job, JobParameters, JobStatus, PythonEnv,
    project_job_service_server::ProjectJobService,
};
use jobsphere_client::{
    Client,
    submission::{Control, Event, Failure, Phase, Submission},
};
use jobsphere_rules::overrides;
use tonic::Request;

use crate::{
    faults::Faults,
    service::{PROJECT, Service, caller},
    window::{Disk, Refusal, Window},
    wire::{Line, StillClock, Wire},
};

/// More presses of Run than anything here needs.
const MOST_RUNS: usize = 100;

pub(crate) type RunFailure = Failure<String, Refusal>;

/// How a Run ended.
#[derive(Debug)]
pub(crate) enum End {
    Runs(String),
    Failed(RunFailure),
    /// Its future was dropped.
    Dropped,
}

/// The draft of a job that reads some files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub(crate) id: &'static str,
    pub(crate) inputs: Vec<String>,
    pub(crate) modules: Vec<String>,
    /// Known by its digest alone.
    pub(crate) known: Option<File>,
    /// It is run again from this job.
    pub(crate) source: Option<Job>,
    pub(crate) ask_from: Option<u64>,
}

pub(crate) fn file(path: &str, var: &str) -> File {
    File {
        desc: Some(FileDesc {
            path: path.into(),
            var: var.into(),
        }),
        size_bytes: 1000,
        compression_type: 1,
        ..File::default()
    }
}

impl Draft {
    /// The request without its files.
    fn request(&self) -> CreateProjectJobRequest {
        let python = (!self.modules.is_empty()).then(|| PythonEnv {
            python_version: "3.12".into(),
            ..PythonEnv::default()
        });
        CreateProjectJobRequest {
            project_id: PROJECT.into(),
            name: "job".into(),
            job_parameters: Some(JobParameters {
                cmd: "cat *".into(),
                env: Some(Environment {
                    python_env: python,
                    ..Environment::default()
                }),
                ..JobParameters::default()
            }),
            ..CreateProjectJobRequest::default()
        }
    }

    fn submission(&self) -> Submission<String> {
        let mut submission = Submission::new(self.id, self.request());
        for (place, name) in self.inputs.iter().enumerate() {
            submission = submission.with_input(file(name, &format!("IN_{place}")), Some(name.clone()));
        }
        if let Some(known) = &self.known {
            submission = submission.with_input(known.clone(), None);
        }
        for (place, name) in self.modules.iter().enumerate() {
            let module = file(name, &format!("_LOCAL_MODULE_{place}"));
            submission = submission.with_module(module, Some(name.clone()));
        }
        if let Some(bytes) = self.ask_from {
            submission = submission.ask_from(bytes);
        }
        match self.source.clone() {
            None => submission,
            Some(source) => submission.as_copy(move |request| copy(&source, request)),
        }
    }
}

fn copy(source: &Job, request: &CreateProjectJobRequest) -> Option<CloneProjectJobRequest> {
    let parameters = |parameters: &Option<JobParameters>| parameters.clone().unwrap_or_default();
    let (source_parameters, wanted) = (parameters(&source.job_parameters), parameters(&request.job_parameters));
    Some(CloneProjectJobRequest {
        source_job_id: source.id.clone(),
        job_parameters_overrides: Some(overrides::between(&source_parameters, &wanted)?),
        name: request.name.clone(),
        ..CloneProjectJobRequest::default()
    })
}

/// A person, the browser, the line and the service.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) line: Rc<Line>,
    pub(crate) disk: Rc<Disk>,
    pub(crate) draft: RefCell<Draft>,
}

impl World {
    pub(crate) async fn new(draft: Draft, faults: Faults, seed: u64) -> Self {
        let world = Self {
            service: Service::open().await,
            line: Line::new(faults, seed),
            disk: Rc::default(),
            draft: RefCell::new(draft.clone()),
        };
        for name in draft.inputs.iter().chain(&draft.modules) {
            // What is called alike from the second letter on is alike.
            world.disk.change(name, content(&name[1..], 1));
        }
        world
    }

    pub(crate) fn window(&self) -> Window {
        let window = Window {
            disk: Rc::clone(&self.disk),
            line: Rc::clone(&self.line),
            blobs: Arc::clone(&self.service.blobs),
            pending: RefCell::default(),
            is_online: Cell::new(true),
        };
        window.reload();
        window
    }

    pub(crate) async fn run(&self, window: &Window) -> End {
        self.run_with(window, None, &Control::default(), |_| {}).await
    }

    /// Presses Run once; the page is gone after so many steps.
    pub(crate) async fn run_with(
        &self,
        window: &Window,
        steps: Option<u64>,
        control: &Control,
        hear: impl Fn(&Event) + 'static,
    ) -> End {
        let wire = Wire {
            service: Clone::clone(&self.service.jobs),
            line: Rc::clone(&self.line),
        };
        let client = Client::new(wire, StillClock);
        let pending = window.pending.borrow().clone();
        let submission = self.draft.borrow().submission().after(pending);
        let asked = control.clone();
        let tell = move |event| {
            hear(&event);
            if event == Event::Phase(Phase::Asking) {
                asked.agree();
            }
        };
        match for_steps(steps, submission.run(&client, window, control, tell)).await {
            None => End::Dropped,
            Some(Ok(job_id)) => End::Runs(job_id),
            Some(Err(failure)) => End::Failed(failure),
        }
    }

    /// Presses Run, at last without an interruption, until the job runs. Sometimes the page is left, loaded anew, or
    /// paused.
    pub(crate) async fn insist(&self, window: &Window, between: impl AsyncFn(bool)) -> String {
        let random = &self.line.random;
        let mut interruptions = random.below(6);
        for _ in 0..MOST_RUNS {
            let is_interrupted = interruptions > 0 && random.one_in(2);
            let steps = is_interrupted.then(|| random.below(60));
            interruptions = interruptions.saturating_sub(u64::from(is_interrupted));
            let control = Control::default();
            let run = pin!(self.run_with(window, steps, &control, |_| {}));
            let company = pin!(async {
                for _ in 0..random.below(4) {
                    tokio::time::sleep(Duration::from_millis(random.below(300))).await;
                    control.pause(random.one_in(2));
                    between(true).await;
                }
                tokio::time::sleep(Duration::from_millis(random.below(300))).await;
                control.pause(false);
                std::future::pending::<()>().await;
            });
            let end = match select(run, company).await {
                Either::Left((end, _)) => end,
                Either::Right(_) => End::Dropped,
            };
            match end {
                End::Runs(job_id) => return job_id,
                End::Dropped if random.one_in(2) => window.reload(),
                End::Dropped | End::Failed(_) => {}
            }
            between(false).await;
            self.line.pass().await;
        }
        panic!("it never runs");
    }

    /// What was executed is one job with what is on the disk, and nothing that was known is left behind.
    pub(crate) async fn is_the_one(&self, job_id: &str) {
        self.is_one(job_id, |name| vec![self.disk.content(name)]).await;
    }

    /// The same, where a file may have been of several contents.
    pub(crate) async fn is_one(&self, job_id: &str, contents: impl Fn(&str) -> Vec<Vec<u8>>) {
        let draft = self.draft.borrow().clone();
        let source = draft.source.map(|job| job.id).unwrap_or_default();
        let ran: Vec<_> = self
            .service
            .ran()
            .into_iter()
            .filter(|ran| ran.job_id != source)
            .collect();
        let ids: Vec<_> = ran.iter().map(|ran| ran.job_id.as_str()).collect();
        assert_eq!(ids, [job_id], "executed; called {:?}", self.line.called.borrow());
        let names = draft.inputs.iter().chain(&draft.modules);
        for name in names {
            let found = ran[0].files.iter().find(|(path, _)| path == name).unwrap();
            assert!(contents(name).contains(&found.1), "the content of {name}");
        }
        for job in self.service.all_jobs().await {
            let is_done = [job_id, source.as_str()].contains(&job.id.as_str());
            let is_known = self.disk.known_jobs.borrow().contains(&job.id);
            assert!(
                is_done || !is_known,
                "{} is left behind as {:?}; called {:?}",
                job.id,
                job.status(),
                self.line.called.borrow()
            );
        }
    }

    /// No content was sent more often than there was a reason to.
    pub(crate) fn is_sent_sparingly(&self, reasons: usize, contents: &[Vec<u8>]) {
        for content in contents {
            let received = self.service.blobs.received(content);
            let most = reasons + self.line.unheard.get();
            assert!(received <= most, "received {received} times, at most {most}");
        }
    }

    /// The jobs that wait for Execute.
    async fn creating(&self) -> Vec<String> {
        let jobs = self.service.all_jobs().await.into_iter();
        let waiting = jobs.filter(|job| job.status() == JobStatus::Creating);
        waiting.map(|job| job.id).collect()
    }

    /// Somebody else deletes what waits for Execute.
    pub(crate) async fn delete_waiting(&self) {
        for job_id in self.creating().await {
            let request = by_me(DeleteProjectJobRequest { job_id });
            self.service.jobs.delete(request).await.unwrap();
        }
    }

    /// Somebody else cancels what waits for Execute.
    pub(crate) async fn cancel_waiting(&self) {
        for job_id in self.creating().await {
            let request = by_me(CancelProjectJobRequest {
                job_id,
                ..CancelProjectJobRequest::default()
            });
            ProjectJobService::cancel(&self.service.jobs, request).await.unwrap();
        }
    }

    /// The data of the job that the draft is run again from is dropped.
    pub(crate) async fn clear_source(&self) {
        let Some(source) = self.draft.borrow().source.clone() else {
            return;
        };
        let request = by_me(DeleteProjectJobDataRequest { job_id: source.id });
        ProjectJobService::delete_data(&self.service.jobs, request)
            .await
            .unwrap();
    }
}

pub(crate) fn by_me<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller());
    request
}

/// A version of a file.
pub(crate) fn content(name: &str, version: u64) -> Vec<u8> {
    format!("{name} of version {version}; ").repeat(8).into_bytes()
}

/// The outcome of `work`, or `None` when it is dropped after so many steps.
async fn for_steps<T>(steps: Option<u64>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = steps;
    poll_fn(|context| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        work.as_mut().poll(context).map(Some)
    })
    .await
}
