//! What a link may say: parts that the job has, for a time that comes to an end.

use std::collections::BTreeSet;

use prost_types::Timestamp;

use crate::{
    ServiceError,
    api::{
        jobs::{File, Job},
        share::ShareParts,
        time,
    },
};

const DAY_MILLIS: i64 = 24 * 3600 * 1000;
/// How long a link is good that says nothing of it.
const DEFAULT_MILLIS: i64 = 7 * DAY_MILLIS;
/// How long it is good at most.
const LONGEST_MILLIS: i64 = 366 * DAY_MILLIS;
/// How many further texts are hidden.
const MAX_HIDDEN_TEXTS: usize = 100;
/// How long one is.
const MAX_HIDDEN_TEXT_BYTES: usize = 4096;
/// Shorter ones would hide half of everything.
const MIN_HIDDEN_TEXT_BYTES: usize = 4;

fn wrong(field: &'static str, problem: impl Into<String>) -> ServiceError {
    ServiceError::Field {
        field,
        problem: problem.into(),
    }
}

/// The end of a link's time.
pub(super) fn end(asked: Option<Timestamp>, now_micros: i64) -> Result<Timestamp, ServiceError> {
    let now = now_micros.div_euclid(1000);
    let Some(end) = asked else {
        return Ok(time::from_millis(now + DEFAULT_MILLIS));
    };
    if !time::is_valid(&end) {
        return Err(wrong("expires_at", "is no time of the years 1 to 9999"));
    }
    match time::to_millis(&end).saturating_sub(now) {
        ..=0 => Err(wrong("expires_at", "lies in the past")),
        rest if rest > LONGEST_MILLIS => Err(wrong("expires_at", "lies more than a year ahead")),
        _ => Ok(end),
    }
}

/// Parts that this job has, each named once.
pub(super) fn parts(asked: Option<ShareParts>, job: &Job) -> Result<ShareParts, ServiceError> {
    let mut parts = asked.unwrap_or_default();
    let outputs = output_paths(job);
    let mut seen = BTreeSet::new();
    parts.outputs.retain(|path| seen.insert(path.clone()));
    if let Some(unknown) = parts.outputs.iter().find(|path| !outputs.contains(path.as_str())) {
        return Err(wrong(
            "parts.outputs",
            format!("names `{unknown}`, which is no output of the job"),
        ));
    }
    let env = job.job_parameters.iter().flat_map(|parameters| &parameters.env);
    let names: BTreeSet<&str> = env.flat_map(|env| env.vars.keys()).map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    parts.env_values.retain(|name| seen.insert(name.clone()));
    if let Some(unknown) = parts.env_values.iter().find(|name| !names.contains(name.as_str())) {
        let problem = format!("names `{unknown}`, which is no environment variable of the job");
        return Err(wrong("parts.env_values", problem));
    }
    if !parts.parameters && !parts.env_values.is_empty() {
        return Err(wrong(
            "parts.env_values",
            "can be shown only together with the parameters",
        ));
    }
    Ok(parts)
}

/// Checks the texts that are to be hidden.
pub(super) fn hidden_texts(texts: &[String]) -> Result<(), ServiceError> {
    if texts.len() > MAX_HIDDEN_TEXTS {
        return Err(wrong(
            "hidden_texts",
            format!("may have at most {MAX_HIDDEN_TEXTS} texts"),
        ));
    }
    let fits = |text: &String| (MIN_HIDDEN_TEXT_BYTES..=MAX_HIDDEN_TEXT_BYTES).contains(&text.trim().len());
    if !texts.iter().all(fits) {
        let problem = format!("must be texts of {MIN_HIDDEN_TEXT_BYTES} to {MAX_HIDDEN_TEXT_BYTES} bytes each");
        return Err(wrong("hidden_texts", problem));
    }
    Ok(())
}

/// The outputs that a job names, or has made.
fn output_paths(job: &Job) -> BTreeSet<&str> {
    let named = job
        .job_parameters
        .iter()
        .flat_map(|parameters| &parameters.output_files);
    let made = job.output_files.iter().filter_map(|file| file.desc.as_ref());
    named.chain(made).map(|desc| desc.path.as_str()).collect()
}

/// The file that a job has made at `path`.
pub(super) fn made<'a>(job: &'a Job, path: &str) -> Option<&'a File> {
    let is_it = |file: &&File| file.desc.as_ref().is_some_and(|desc| desc.path == path);
    job.output_files.iter().find(is_it).filter(|_| !job.data_cleared)
}
