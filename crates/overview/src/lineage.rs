//! The runs that a job belongs to: what it was cloned from, and what was cloned from it and them.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::jobs::Job;

use jobsphere_authoring::difference::{self, Change};

/// Branches of branches are set in so far; deeper ones stand below each other.
const MAX_DEPTH: usize = 6;

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The job, without its parameters and files: those are in `changes`.
    pub job: Job,
    /// Its number in the lineage, from 1, in the order of creation.
    pub number: usize,
    /// The number of the run it was cloned from.
    pub parent: Option<usize>,
    /// Whether it was cloned from a job that is not there any more.
    pub is_orphan: bool,
    /// How many branches it is away from the first run.
    pub depth: usize,
    /// What differs from the run it was cloned from.
    pub changes: Vec<Change>,
}

/// The id of the first known ancestor of `id` among `jobs`, which is `id` itself where nothing above it is known.
/// A record that is its own ancestor ends the search.
pub fn root<'a>(jobs: &'a BTreeMap<String, Job>, id: &'a str) -> &'a str {
    let mut seen = BTreeSet::new();
    let mut root = id;
    while seen.insert(root)
        && let Some(parent) = jobs.get(root).map(|job| job.parent_job_id.as_str())
        && jobs.contains_key(parent)
        && !seen.contains(parent)
    {
        root = parent;
    }
    root
}

/// The runs below [`root`] of `id` and itself: each after the one it was cloned from, the older branch first.
///
/// The runs of a chain stand at the same depth; where one was cloned more than once, each branch is one deeper.
pub fn runs(jobs: &BTreeMap<String, Job>, id: &str) -> Vec<Run> {
    let mut children: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs.values().filter(|job| !job.parent_job_id.is_empty()) {
        children.entry(&job.parent_job_id).or_default().push(job);
    }
    let age = |job: &Job| {
        let created = job.created_at.unwrap_or_default();
        (created.seconds, created.nanos, job.id.clone())
    };
    for branches in children.values_mut() {
        branches.sort_by_key(|job| age(job));
    }
    let mut found: Vec<(&Job, usize)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<(&Job, usize)> = jobs.get(root(jobs, id)).map(|job| (job, 0)).into_iter().collect();
    while let Some((job, depth)) = open.pop() {
        if !seen.insert(job.id.as_str()) {
            continue;
        }
        found.push((job, depth));
        let branches = children.get(job.id.as_str()).map_or(&[][..], Vec::as_slice);
        let below = if branches.len() > 1 { depth + 1 } else { depth };
        open.extend(branches.iter().rev().map(|job| (*job, below.min(MAX_DEPTH))));
    }
    let mut by_age: Vec<&Job> = found.iter().map(|(job, _)| *job).collect();
    by_age.sort_by_key(|job| age(job));
    let numbers: BTreeMap<&str, usize> = by_age.iter().zip(1..).map(|(job, number)| (&*job.id, number)).collect();
    let run = |(job, depth): &(&Job, usize)| {
        // The first one's parent is outside, or, in a ring, below it.
        let parent = (job.id != found[0].0.id).then(|| &jobs[&job.parent_job_id]);
        Run {
            job: Job {
                job_parameters: None,
                output_files: Vec::new(),
                config: String::new(),
                ..(*job).clone()
            },
            number: numbers[job.id.as_str()],
            parent: parent.map(|parent| numbers[parent.id.as_str()]),
            is_orphan: parent.is_none() && !job.parent_job_id.is_empty(),
            depth: *depth,
            changes: parent.map_or_else(Vec::new, |parent| changes(parent, job)),
        }
    };
    found.iter().map(run).collect()
}

fn changes(parent: &Job, job: &Job) -> Vec<Change> {
    difference::between(
        &difference::request_of(parent.clone()),
        &difference::request_of(job.clone()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::JobParameters;

    fn jobs(jobs: &[(&str, &str)]) -> BTreeMap<String, Job> {
        let job = |((id, parent), age): (&(&str, &str), i64)| Job {
            id: (*id).into(),
            parent_job_id: (*parent).into(),
            created_at: Some(prost_types::Timestamp { seconds: age, nanos: 0 }),
            job_parameters: Some(JobParameters {
                cmd: format!("run {id}"),
                ..JobParameters::default()
            }),
            ..Job::default()
        };
        let jobs = jobs.iter().zip(1..).map(job);
        jobs.map(|job| (job.id.clone(), job)).collect()
    }

    fn shape(runs: &[Run]) -> Vec<(&str, usize, Option<usize>, usize)> {
        runs.iter()
            .map(|run| (&*run.job.id, run.number, run.parent, run.depth))
            .collect()
    }

    #[test]
    fn chains_stay_level_and_branches_go_deeper() {
        let jobs = jobs(&[("a", ""), ("b", "a"), ("c", "b"), ("d", "b"), ("e", "c"), ("other", "")]);
        let found = runs(&jobs, "e");
        assert_eq!(
            shape(&found),
            [
                ("a", 1, None, 0),
                ("b", 2, Some(1), 0),
                ("c", 3, Some(2), 1),
                ("e", 5, Some(3), 1),
                ("d", 4, Some(2), 1),
            ]
        );
        assert_eq!(found, runs(&jobs, "a"));
        assert_eq!(found[1].changes.len(), 1);
        assert_eq!(found[1].changes[0].name, "cmd");
    }

    #[test]
    fn a_missing_parent_begins_the_lineage() {
        let found = runs(&jobs(&[("b", "gone"), ("c", "b")]), "c");
        assert_eq!(shape(&found), [("b", 1, None, 0), ("c", 2, Some(1), 0)]);
        assert!(found[0].is_orphan && !found[1].is_orphan);
        assert_eq!(runs(&jobs(&[]), "nobody"), []);
    }

    #[test]
    fn rings_end() {
        assert_eq!(runs(&jobs(&[("a", "a")]), "a").len(), 1);
        let ring = jobs(&[("a", "c"), ("b", "a"), ("c", "b")]);
        for id in ["a", "b", "c"] {
            assert_eq!(runs(&ring, id).len(), 3, "from {id}");
        }
    }

    #[test]
    fn a_thousand_reruns_are_a_list() {
        let names: Vec<String> = (0..1000).map(|number| format!("j{number:04}")).collect();
        let pairs: Vec<(&str, &str)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), if at == 0 { "" } else { names[at - 1].as_str() }))
            .collect();
        let found = runs(&jobs(&pairs), "j0500");
        assert_eq!(found.len(), 1000);
        assert!(found.iter().all(|run| run.depth == 0));
        // Each cloned twice: deep, but never set in too far.
        let pairs: Vec<(&str, &str)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), if at == 0 { "" } else { names[(at - 1) / 2].as_str() }))
            .collect();
        assert!(runs(&jobs(&pairs), "j0000").iter().all(|run| run.depth <= MAX_DEPTH));
    }
}
