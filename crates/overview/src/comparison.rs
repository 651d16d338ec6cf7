//! Several jobs side by side: what went in, what came out, and what of it differs from the first of them.

use std::collections::BTreeSet;

use crate::api::{
    jobs::{Job, JobStatus, file_upload_error::FileType},
    time,
};
use jobsphere_authoring::difference::{self, Said};
use jobsphere_rules::{return_code, status};

/// Run times differ a little whatever is done; only more than a second and a tenth counts.
const NOTABLE_MS: i64 = 1000;

/// One of the jobs.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Its record.
    pub job: &'a Job,
    /// What its command returned.
    pub return_code: Option<i64>,
    /// How far it said it was, in per cent.
    pub progress: Option<i64>,
}

/// What a row is about. The order is that of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How it went.
    Result,
    /// The files that the command made.
    Outputs,
    /// The files that it read.
    Inputs,
    /// The command.
    Command,
    /// Its arguments.
    Arguments,
    /// Its environment variables.
    Variables,
    /// Python, packages, the container's image.
    Environment,
    /// Instance types and storage.
    Machine,
    /// Everything else that was asked for.
    Other,
    /// Name and description, which change nothing.
    About,
}

impl Group {
    /// All, in the order of the page.
    pub const ALL: [Self; 10] = [
        Self::Result,
        Self::Outputs,
        Self::Inputs,
        Self::Command,
        Self::Arguments,
        Self::Variables,
        Self::Environment,
        Self::Machine,
        Self::Other,
        Self::About,
    ];

    /// What may make a job go another way, the likeliest first.
    pub const CAUSES: [Self; 7] = [
        Self::Inputs,
        Self::Command,
        Self::Arguments,
        Self::Environment,
        Self::Variables,
        Self::Machine,
        Self::Other,
    ];

    /// The group of a place that [`difference::said`] names, and the name inside it.
    fn of(place: &str) -> (Self, &str) {
        let inside = [
            ("args.", Self::Arguments),
            ("env.vars.", Self::Variables),
            ("inputs.", Self::Inputs),
        ];
        for (prefix, group) in inside {
            if let Some(name) = place.strip_prefix(prefix) {
                return (group, name);
            }
        }
        let group = match place {
            "cmd" => Self::Command,
            "name" | "desc" => Self::About,
            "cloud-instance-types" | "working-storage.size" => Self::Machine,
            _ if place.starts_with("env.") => Self::Environment,
            _ => Self::Other,
        };
        (group, place)
    }
}

/// A fact about how a job went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// Its state.
    Status,
    /// What the command returned.
    ReturnCode,
    /// The service's own words, where they say more than the code does.
    Details,
    /// From creation to start.
    Waited,
    /// From start to end.
    Ran,
    /// How far the program said it was.
    Progress,
    /// The kind of machine it ran on.
    Instance,
}

/// What a row is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A fact, which has a name in each language.
    Fact(Fact),
    /// A name as it was given: a path, a key.
    Given(String),
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, or a file's content.
    Said(Said),
    /// A state.
    Status(JobStatus),
    /// A length of time, in milliseconds.
    Duration(i64),
    /// Per cent.
    Share(i64),
    /// A result that was not made.
    NotMade,
}

/// One thing, for each job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub group: Group,
    /// What it is called.
    pub name: Name,
    /// What each job says, in their order; `None` when it says nothing.
    pub values: Vec<Option<Value>>,
}

impl Row {
    /// Whether the job at `place` says something else than the first.
    pub fn differs_at(&self, place: usize) -> bool {
        match (&self.values[0], &self.values[place]) {
            (Some(Value::Duration(a)), Some(Value::Duration(b))) => (a - b).abs() > NOTABLE_MS.max(*a.max(b) / 10),
            (first, other) => first != other,
        }
    }

    /// Whether any job says something else than the first.
    pub fn differs(&self) -> bool {
        (1..self.values.len()).any(|place| self.differs_at(place))
    }
}

/// All rows, by group; inside a group in the order of the first job, then of the others.
pub fn rows(sides: &[Side<'_>]) -> Vec<Row> {
    let said: Vec<Vec<(Group, Name, Value)>> = sides.iter().map(all).collect();
    let mut rows: Vec<Row> = Vec::new();
    for (place, said) in said.into_iter().enumerate() {
        for (group, name, value) in said {
            let known = rows.iter().position(|row| row.group == group && row.name == name);
            let at = known.unwrap_or_else(|| {
                rows.push(Row {
                    group,
                    name,
                    values: vec![None; sides.len()],
                });
                rows.len() - 1
            });
            rows[at].values[place] = Some(value);
        }
    }
    rows.sort_by_key(|row| row.group);
    rows
}

fn all(side: &Side<'_>) -> Vec<(Group, Name, Value)> {
    let mut all = Vec::new();
    facts(side, |fact, value| all.push((Group::Result, Name::Fact(fact), value)));
    let job = side.job;
    for file in &job.output_files {
        let desc = file.desc.clone().unwrap_or_default();
        let said = Said::Content {
            sha256: file.sha256.clone(),
            size_bytes: file.size_bytes,
        };
        all.push((Group::Outputs, Name::Given(desc.path), Value::Said(said)));
    }
    for error in &job.file_errors {
        if let Some(FileType::OutputFileDesc(desc)) = &error.file_type {
            all.push((Group::Outputs, Name::Given(desc.path.clone()), Value::NotMade));
        }
    }
    for (place, said) in difference::said(&difference::request_of(job.clone())) {
        let (group, name) = Group::of(&place);
        all.push((group, Name::Given(name.to_owned()), Value::Said(said)));
    }
    all
}

fn facts(side: &Side<'_>, mut add: impl FnMut(Fact, Value)) {
    let job = side.job;
    let text = |text: String| Value::Said(Said::Text(text));
    let at = |at: &Option<prost_types::Timestamp>| at.as_ref().map(time::to_millis);
    let status = JobStatus::try_from(job.status).unwrap_or_default();
    add(Fact::Status, Value::Status(status));
    if let Some(code) = side.return_code {
        add(Fact::ReturnCode, text(code.to_string()));
    }
    let details = &job.status_details;
    if status::is_final(status) && !details.is_empty() && !return_code::says_all(side.return_code, details) {
        add(Fact::Details, text(details.clone()));
    }
    if let (Some(created), Some(started)) = (at(&job.created_at), at(&job.started_at)) {
        add(Fact::Waited, Value::Duration(started - created));
    }
    if let (Some(started), Some(finished)) = (at(&job.started_at), at(&job.finished_at)) {
        add(Fact::Ran, Value::Duration(finished - started));
    }
    if let Some(progress) = side.progress {
        add(Fact::Progress, Value::Share(progress));
    }
    if let Some(kind) = job
        .actual_cloud_instance_type
        .as_ref()
        .filter(|kind| !kind.name.is_empty())
    {
        add(Fact::Instance, text(kind.name.clone()));
    }
}

/// Why a job went another way than the first, as far as the records tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What went in and differs, the likeliest cause first, with the names.
    pub causes: Vec<(Group, Vec<String>)>,
    /// The two states, where they differ.
    pub statuses: Option<(JobStatus, JobStatus)>,
    /// Results that are other bytes, or there in only one of the two.
    pub other_outputs: Vec<String>,
    /// Results that are the same bytes.
    pub same_outputs: Vec<String>,
}

/// The verdict on the job at `place`, out of [`rows`].
pub fn verdict(rows: &[Row], place: usize) -> Verdict {
    let names = |group: Group, differs: bool| -> Vec<String> {
        let rows = rows.iter().filter(|row| row.group == group);
        let said = rows.filter(|row| row.values[0].is_some() || row.values[place].is_some());
        let wanted = said.filter(|row| row.differs_at(place) == differs);
        let named = wanted.filter_map(|row| match &row.name {
            // The variable of an input is named with it.
            Name::Given(name) => Some(name.clone()),
            Name::Fact(_) => None,
        });
        named.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let causes = Group::CAUSES.map(|group| (group, names(group, true)));
    let status = |place: usize| {
        let row = rows.iter().find(|row| row.name == Name::Fact(Fact::Status))?;
        match row.values[place] {
            Some(Value::Status(status)) => Some(status),
            _ => None,
        }
    };
    let made = |name: &String| {
        let row = rows
            .iter()
            .find(|row| row.group == Group::Outputs && row.name == Name::Given(name.clone()));
        row.is_some_and(|row| row.values[0] != Some(Value::NotMade))
    };
    Verdict {
        causes: causes.into_iter().filter(|(_, names)| !names.is_empty()).collect(),
        statuses: status(0).zip(status(place)).filter(|(first, other)| first != other),
        other_outputs: names(Group::Outputs, true),
        same_outputs: names(Group::Outputs, false).into_iter().filter(made).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{Argument, File, FileDesc, FileUploadError, JobParameters};

    fn file(path: &str, sha256: &str) -> File {
        File {
            desc: Some(FileDesc {
                path: path.into(),
                var: String::new(),
            }),
            sha256: sha256.into(),
            ..File::default()
        }
    }

    fn job(status: JobStatus, input: &str, epochs: &str, outputs: &[(&str, &str)]) -> Job {
        Job {
            status: status.into(),
            output_files: outputs.iter().map(|(path, sha256)| file(path, sha256)).collect(),
            job_parameters: Some(JobParameters {
                cmd: "train".into(),
                arguments: vec![Argument {
                    name: "EPOCHS".into(),
                    value: epochs.into(),
                }],
                input_files: vec![file("train.csv", input)],
                ..JobParameters::default()
            }),
            ..Job::default()
        }
    }

    fn compare(jobs: &[&Job]) -> Vec<Row> {
        let sides: Vec<Side<'_>> = jobs
            .iter()
            .map(|job| Side {
                job,
                return_code: Some(0),
                progress: None,
            })
            .collect();
        rows(&sides)
    }

    #[test]
    fn what_differs_is_found_and_ranked() {
        let first = job(JobStatus::Success, "00", "10", &[("a", "1"), ("b", "2")]);
        let mut second = job(JobStatus::Error, "ff", "20", &[("a", "1")]);
        second.file_errors.push(FileUploadError {
            file_type: Some(FileType::OutputFileDesc(FileDesc {
                path: "b".into(),
                var: String::new(),
            })),
            ..FileUploadError::default()
        });
        let rows = compare(&[&first, &second]);
        let verdict = verdict(&rows, 1);
        assert_eq!(
            verdict.causes,
            [
                (Group::Inputs, vec!["train.csv".to_owned()]),
                (Group::Arguments, vec!["EPOCHS".to_owned()]),
            ]
        );
        assert_eq!(verdict.statuses, Some((JobStatus::Success, JobStatus::Error)));
        assert_eq!(verdict.other_outputs, ["b"]);
        assert_eq!(verdict.same_outputs, ["a"]);
        assert!(rows.iter().any(|row| row.group == Group::Command && !row.differs()));
    }

    #[test]
    fn details_are_told_where_they_say_more_than_the_code() {
        let with = |details: &str| Job {
            status_details: details.into(),
            ..job(JobStatus::Success, "00", "10", &[])
        };
        let is_details = |row: &Row| row.name == Name::Fact(Fact::Details);
        let (plain, more) = (with("Done"), with("Done, but the log was cut"));
        assert!(!compare(&[&plain, &plain]).iter().any(is_details));
        let rows = compare(&[&plain, &more]);
        assert!(rows.iter().find(|row| is_details(row)).is_some_and(Row::differs));
    }

    #[test]
    fn the_same_job_differs_in_nothing() {
        let job = job(JobStatus::Success, "00", "10", &[("a", "1")]);
        let rows = compare(&[&job, &job, &job]);
        assert!(rows.iter().all(|row| !row.differs()));
        let verdict = verdict(&rows, 2);
        assert_eq!((verdict.causes.len(), verdict.same_outputs.len()), (0, 1));
    }

    #[test]
    fn small_differences_in_time_do_not_count() {
        let row = |a, b| Row {
            group: Group::Result,
            name: Name::Fact(Fact::Ran),
            values: vec![Some(Value::Duration(a)), Some(Value::Duration(b))],
        };
        assert!(!row(100, 900).differs());
        assert!(!row(100_000, 109_000).differs());
        assert!(row(1000, 3000).differs());
        assert!(row(100_000, 120_000).differs());
    }
}
