//! A run from its order to its outcome.

use futures::StreamExt;
use jobsphere_rules::{return_code, service_line::ServiceLine};
use jobsphere_service::{CancelMode, Fault, Outcome, Report, Task};

use super::{Exit, FailedBy, Keeping, Machines, PageEngine, Part, Stream, Word, logging, order, progress};
use crate::log::{LogSource, SYSTEM_LOG};

const LOST: &str = "What ran the command was lost: its tab was closed or loaded anew, or the browser stopped it. The command \
                    was not started again, because it may have done part of its work; run the job again.";
/// Output of a command in its log; the machine is stopped behind it.
const MOST_LOG_BYTES: u64 = 512 << 20;

/// How a run ended, as far as it is a machine's.
enum Ended {
    Exit(Exit),
    Failed(FailedBy, String),
}

impl<M: Machines, K: Keeping> PageEngine<M, K> {
    pub(super) async fn try_run(&self, task: &Task, report: &dyn Report) -> Result<Outcome, String> {
        let before = self.keeping.sources(&task.job_id).await?;
        let has_written = [LogSource::Out, LogSource::Err]
            .iter()
            .any(|source| before.contains_key(source));
        if task.has_begun || has_written {
            self.note(task, LOST).await?;
            return Ok(self.failed(task, Fault::Server, LOST.to_owned()).await);
        }
        self.note(task, &ServiceLine::Turn.to_string()).await?;
        let (order, notes) = order::of(task, &*self.keeping).await?;
        for line in notes {
            self.note(task, &line).await?;
        }
        if self.orders().contains_key(&task.job_id) {
            return self.never_started(task).await;
        }
        // From here on orders go to the machine.
        self.running().insert(task.job_id.clone());
        match self.follow(task, order, report).await? {
            Ended::Failed(by, message) => {
                let fault = if by == FailedBy::Refused {
                    Fault::Job
                } else {
                    Fault::Server
                };
                Ok(self.failed(task, fault, message).await)
            }
            Ended::Exit(Exit {
                return_code: Some(code),
                cancelled,
                details,
                progress,
            }) => {
                let mut details = details;
                if details == return_code::details(code) {
                    details.clear();
                }
                if let Some(complaint) = progress::complaint(&progress) {
                    self.note(task, &complaint).await?;
                }
                report.uploading_output().await;
                let (output_files, file_errors) = self.outputs(task).await;
                let (log_files, diagnostic_files) = self.log_files(task).await?;
                Ok(Outcome::Finished {
                    return_code: code,
                    cancelled,
                    details: logging::line(&details),
                    output_files,
                    log_files,
                    diagnostic_files,
                    file_errors,
                    output_datasets: Vec::new(),
                    dataset_errors: Vec::new(),
                })
            }
            Ended::Exit(exit) if exit.cancelled || self.orders().contains_key(&task.job_id) => {
                self.never_started(task).await
            }
            Ended::Exit(exit) => Ok(self.failed(task, Fault::Server, exit.details).await),
        }
    }

    /// Runs the order to its end, and writes down what the machine tells.
    async fn follow(&self, task: &Task, order: super::Order, report: &dyn Report) -> Result<Ended, String> {
        let job = &task.job_id;
        let mut words = self.machines.run(&task.project_id, job, order).await?;
        // What was asked while the order was on its way.
        let asked = self.orders().get(job).copied();
        if let Some(mode) = asked {
            self.pass_on(job, mode);
        }
        let (mut written, mut has_table, mut refused) = (0_u64, false, None);
        while let Some(word) = words.next().await {
            let kept = match word {
                Word::Exit(exit) => {
                    return match refused {
                        Some(why) => Ok(Ended::Failed(FailedBy::Machine, why)),
                        None => Ok(Ended::Exit(exit)),
                    };
                }
                Word::Failed(by, message) => return Ok(Ended::Failed(by, refused.unwrap_or(message))),
                Word::Loading {
                    part,
                    loaded_bytes,
                    total_bytes,
                } => {
                    report.preparing(&fetching(part, loaded_bytes, total_bytes)).await;
                    Ok(())
                }
                Word::Started { at_ms } => {
                    report.executing(logging::moment(at_ms)).await;
                    Ok(())
                }
                Word::Output(stream, bytes) => {
                    written = written.saturating_add(bytes.len() as u64);
                    let source = match stream {
                        Stream::Out => LogSource::Out,
                        Stream::Err => LogSource::Err,
                    };
                    match written {
                        0..=MOST_LOG_BYTES => self.keeping.append(job, &source, &bytes).await,
                        _ => Err(format!(
                            "the command has written more than {MOST_LOG_BYTES} bytes into its log"
                        )),
                    }
                }
                Word::System(line) => self.note(task, &line).await,
                Word::Progress(tail) => {
                    if let Some(progress) = progress::newest(&tail, self.keeping.now_micros()) {
                        report.progress(progress).await;
                    }
                    Ok(())
                }
                Word::Usage(usage) => {
                    let header = if has_table { "" } else { logging::HEADER };
                    has_table = true;
                    let rows = format!("{header}{}", logging::row(&usage));
                    let table = LogSource::File(logging::STATS.into());
                    self.keeping.append(job, &table, rows.as_bytes()).await
                }
            };
            if let (Err(why), None) = (kept, &refused) {
                // What it does from now on could not be told.
                self.pass_on(job, CancelMode::Kill);
                refused = Some(format!("The command was stopped: {why}"));
            }
        }
        Ok(Ended::Failed(
            FailedBy::Machine,
            refused.unwrap_or_else(|| LOST.to_owned()),
        ))
    }

    /// A line for the system log.
    pub(super) async fn note(&self, task: &Task, line: &str) -> Result<(), String> {
        let line = format!("{}\n", logging::line(line));
        let source = LogSource::File(SYSTEM_LOG.into());
        self.keeping.append(&task.job_id, &source, line.as_bytes()).await
    }

    async fn never_started(&self, task: &Task) -> Result<Outcome, String> {
        let (log_files, diagnostic_files) = self.log_files(task).await?;
        Ok(Outcome::NeverStarted {
            log_files,
            diagnostic_files,
        })
    }

    /// The job has failed; of its logs what can be kept.
    pub(super) async fn failed(&self, task: &Task, fault: Fault, message: String) -> Outcome {
        let (log_files, diagnostic_files) = self.log_files(task).await.unwrap_or_default();
        Outcome::Failed {
            fault,
            message: logging::line(&message),
            log_files,
            diagnostic_files,
        }
    }
}

/// What the state of a job says while a machine is fetched.
fn fetching(part: Part, loaded_bytes: u64, total_bytes: u64) -> ServiceLine<'static> {
    let what = match part {
        Part::Machine => "Linux",
        Part::Python => "Python",
    };
    let what = what.into();
    let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6).into();
    let loaded = megabytes(loaded_bytes);
    match total_bytes {
        0 => ServiceLine::Fetching { what, loaded },
        _ => ServiceLine::FetchingOf {
            what,
            loaded,
            all: megabytes(total_bytes),
        },
    }
}
