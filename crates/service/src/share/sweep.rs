//! What is hidden in what a link shows, and `Sweep`, which tells the maker of it before.

use std::sync::Arc;

use super::{
    open::{each_text, hide_sign_in, hide_values},
    request::{self, made},
};
use crate::{
    Caller, JobRecord, JobService, LogFrom, Role, ServiceError,
    api::{
        id::{JobId, ProjectId},
        jobs::{Job, JobProgress, log_message},
        sha256::Sha256,
        share::{
            Finding, LogPlace, OutputPlace, ShareParts, SweepRequest, SweepResponse,
            finding::{Kind, Place},
            log_place,
        },
    },
    jobs::job_id,
    redact::{Found, Known, Redactor, Rules, Values},
};

/// Findings in one answer.
const TOLD: usize = 200;
/// How much of a log is looked at.
const LOG_BYTES: u64 = 16 << 20;
/// How much of an output is looked at.
const OUTPUT_BYTES: usize = 1 << 20;
/// Of the log read at once.
const BATCH_BYTES: usize = 256 * 1024;

impl JobService {
    /// What is hidden in everything that a link with these parts shows of the job.
    pub(super) async fn rules(
        &self,
        job: &Job,
        parts: &ShareParts,
        hidden_texts: &[String],
    ) -> Result<Arc<Rules>, ServiceError> {
        Ok(Arc::new(Rules::new(self.values(job, parts, hidden_texts).await?)))
    }

    async fn values(&self, job: &Job, parts: &ShareParts, hidden_texts: &[String]) -> Result<Values, ServiceError> {
        let project = self.project_id(&job.project_id)?;
        let secrets = self.engine.secrets(&project).await?.into_iter().map(|secret| Known {
            kind: Kind::ProjectSecret,
            variable: secret.name,
            value: secret.value,
        });
        let env = job.job_parameters.iter().flat_map(|parameters| &parameters.env);
        let vars = env
            .flat_map(|env| &env.vars)
            .filter(|(name, _)| !parts.env_values.contains(name))
            .map(|(name, value)| Known {
                kind: Kind::EnvValue,
                variable: name.clone(),
                value: value.clone(),
            });
        let texts = hidden_texts.iter().map(|text| Known {
            kind: Kind::HiddenText,
            variable: String::new(),
            value: text.clone(),
        });
        Values::new(secrets.chain(texts).chain(vars).collect())
            .map_err(|error| ServiceError::Precondition(format!("what is to be hidden cannot be looked for: {error}")))
    }

    pub(super) async fn sweep_share(
        &self,
        caller: &Caller,
        request: SweepRequest,
    ) -> Result<SweepResponse, ServiceError> {
        let id = job_id(&request.job_id)?;
        let JobRecord { job, progress, .. } = self.job_for(caller, Role::Editor, &id).await?;
        let project = self.project_id(&job.project_id)?;
        let parts = request::parts(request.parts, &job)?;
        request::hidden_texts(&request.hidden_texts)?;
        let values = self.values(&job, &parts, &request.hidden_texts).await?;
        let mut answer = SweepResponse {
            too_short_values: values.too_short().to_vec(),
            ..Default::default()
        };
        let rules = Arc::new(Rules::new(values));
        sweep_fields(&rules, &job, progress.as_ref(), &parts, &mut answer);
        if parts.log && !job.data_cleared {
            answer.is_log_cut = self.sweep_log_of(&rules, &id, &mut answer).await?;
        }
        self.sweep_outputs(&rules, &project, &job, &parts, &mut answer).await?;
        Ok(answer)
    }

    /// Looks at the log; whether it is longer.
    async fn sweep_log_of(
        &self,
        rules: &Arc<Rules>,
        id: &JobId,
        answer: &mut SweepResponse,
    ) -> Result<bool, ServiceError> {
        let mut redactor = Redactor::telling(rules.clone());
        let mut offset = 0;
        loop {
            let batch = self.logs.read(id, LogFrom::Offset(offset), BATCH_BYTES).await?;
            let is_end = batch.messages.is_empty();
            let is_cut = !is_end && offset >= LOG_BYTES;
            if is_end || is_cut {
                redactor.finish();
            } else {
                batch.messages.into_iter().for_each(|message| redactor.push(message));
                redactor.take();
            }
            for (source, found) in redactor.found() {
                let place = Place::Log(log_place_of(source, &found));
                tell(answer, found, place, true);
            }
            if is_end || is_cut {
                return Ok(is_cut);
            }
            offset = batch.offset;
        }
    }

    async fn sweep_outputs(
        &self,
        rules: &Rules,
        project: &ProjectId,
        job: &Job,
        parts: &ShareParts,
        answer: &mut SweepResponse,
    ) -> Result<(), ServiceError> {
        for path in &parts.outputs {
            let Some(file) = made(job, path) else { continue };
            let Ok(sha256) = Sha256::parse(&file.sha256) else {
                continue;
            };
            let content = self.blobs.beginning(project, sha256, OUTPUT_BYTES).await?;
            let is_text = !content.contains(&0);
            let is_whole = i64::try_from(content.len()).is_ok_and(|read| read >= file.size_bytes);
            if is_text {
                for found in rules.look_at(&content) {
                    let place = Place::Output(OutputPlace {
                        path: path.clone(),
                        line: line(&found),
                    });
                    tell(answer, found, place, false);
                }
            }
            if !is_text || !is_whole {
                answer.unread_outputs.push(path.clone());
            }
        }
        Ok(())
    }
}

/// Looks at what `Open` shows.
fn sweep_fields(
    rules: &Rules,
    job: &Job,
    progress: Option<&JobProgress>,
    parts: &ShareParts,
    answer: &mut SweepResponse,
) {
    let mut see = |field: &str, text: &str| {
        for found in rules.clean(text).1 {
            tell(answer, found, Place::Field(field.to_owned()), true);
        }
    };
    see("name", &job.name);
    see("status_details", &job.status_details);
    if let Some(progress) = progress.filter(|_| parts.log) {
        see("progress.message", &progress.message);
    }
    parts.outputs.iter().for_each(|path| see("parts.outputs", path));
    if parts.parameters {
        see("desc", &job.desc);
        let mut parameters = job.job_parameters.clone().unwrap_or_default();
        hide_values(&mut parameters, &parts.env_values);
        hide_sign_in(&mut parameters);
        each_text(&mut parameters, &mut |field, text| see(field, text));
    }
}

fn tell(answer: &mut SweepResponse, found: Found, place: Place, is_hidden: bool) {
    answer.count += 1;
    if answer.findings.len() < TOLD {
        answer.findings.push(Finding {
            kind: found.kind.into(),
            place: Some(place),
            excerpt: found.excerpt,
            variable: found.variable,
            is_hidden,
        });
    }
}

fn line(found: &Found) -> i64 {
    i64::try_from(found.line).unwrap_or(i64::MAX)
}

fn log_place_of(source: Option<log_message::Source>, found: &Found) -> LogPlace {
    LogPlace {
        source: source.map(|source| match source {
            log_message::Source::StandardStream(stream) => log_place::Source::StandardStream(stream),
            log_message::Source::FilePath(path) => log_place::Source::FilePath(path),
        }),
        line: line(found),
        offset: i64::try_from(found.offset).unwrap_or(i64::MAX),
    }
}
