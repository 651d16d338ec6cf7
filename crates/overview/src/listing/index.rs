//! The rows that are known, newest first.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::names::Numbers;
use crate::api::{
    jobs::JobStatus,
    sha256::Sha256,
    time::{self, Millis},
};
use jobsphere_client::listed::ListedJob;
use jobsphere_rules::{
    lifetime::{ContentNumber, Contents, Freed, copies_of},
    shown::ShownStatus,
    status::is_final,
};

/// The place of a row. It stays the same as long as the row is there and is never given to another.
pub type Slot = u32;

/// Of a description so many characters are kept.
const EXCERPT_CHARS: usize = 160;
/// Of a command so many characters are searched.
const CMD_CHARS: usize = 2000;
/// Of a job so many arguments are kept.
const MAX_ARGUMENTS: usize = 32;
/// Of the value of one so many characters.
const VALUE_CHARS: usize = 80;
/// The sentence that this project's own service says of a command that failed; the list carries no code of its own.
const RETURNED: &str = "The command returned ";

/// A job as a row shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Row {
    pub id: String,
    pub name: String,
    /// The beginning of the description.
    pub desc: String,
    pub status: JobStatus,
    /// Why it is in this state, in the service's words.
    pub details: String,
    pub created_ms: Option<Millis>,
    pub started_ms: Option<Millis>,
    pub finished_ms: Option<Millis>,
    /// The type it got, or else those it may have.
    pub instance: String,
    pub author: String,
    /// The job it was copied from.
    pub parent: String,
    pub expires_ms: Option<Millis>,
    pub cleared: bool,
    pub size_bytes: i64,
    /// Outputs that the job has not made, or that could not be stored.
    pub missing_outputs: usize,
    /// How much of it is done, in per cent, when the program says so while it runs.
    pub progress: Option<u8>,
    /// Its arguments, the values as far as they are kept.
    pub arguments: Vec<(String, String)>,
}

impl Row {
    fn new(job: &ListedJob) -> Self {
        let millis = |time: &Option<prost_types::Timestamp>| time.as_ref().map(time::to_millis);
        let asked = job.job_parameters.iter().flat_map(|asked| &asked.cloud_instance_types);
        let missing = job.file_errors.iter();
        let asked = || {
            asked
                .map(|instance| instance.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        Self {
            id: job.id.clone(),
            name: job.name.clone(),
            desc: job.desc.chars().take(EXCERPT_CHARS).collect(),
            status: JobStatus::try_from(job.status).unwrap_or_default(),
            details: job.status_details.chars().take(EXCERPT_CHARS).collect(),
            created_ms: millis(&job.created_at),
            started_ms: millis(&job.started_at),
            finished_ms: millis(&job.finished_at),
            instance: match &job.actual_cloud_instance_type {
                Some(actual) => actual.name.clone(),
                None => asked(),
            },
            author: job.created_by_id.clone(),
            parent: job.parent_job_id.clone(),
            expires_ms: millis(&job.data_expires_at),
            cleared: job.data_cleared,
            size_bytes: job.data_size_bytes,
            missing_outputs: missing.filter(|error| error.output_file_desc.is_some()).count(),
            progress: None,
            arguments: arguments(job),
        }
    }

    /// The value of an argument.
    pub fn argument(&self, name: &str) -> Option<&str> {
        let mut arguments = self.arguments.iter();
        arguments.find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The state as people are told it.
    pub fn shown_status(&self) -> ShownStatus {
        ShownStatus::of(self.status, &self.details, self.missing_outputs)
    }

    /// How long it ran, or has run until `now_ms`.
    pub fn run_ms(&self, now_ms: Millis) -> Option<Millis> {
        Some(self.finished_ms.unwrap_or(now_ms) - self.started_ms?)
    }

    /// The program's return code, where the state or its details tell it.
    pub fn return_code(&self) -> Option<i64> {
        match self.status {
            JobStatus::Success => Some(0),
            JobStatus::Error => self.details.strip_prefix(RETURNED)?.parse().ok(),
            _ => None,
        }
    }

    /// What a search looks through: small letters, the name first, command and arguments last.
    fn searched(&self, job: &ListedJob) -> String {
        let cmd = job.job_parameters.iter().map(|parameters| parameters.cmd.as_str());
        let arguments = self.arguments.iter().flat_map(|(name, value)| [name, "=", value, "\n"]);
        let parts = [
            &self.name,
            &self.id,
            &self.desc,
            &self.author,
            &self.parent,
            &self.details,
        ];
        let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
        let mut add = |part: &str| text.extend(part.chars().take(CMD_CHARS).flat_map(char::to_lowercase));
        for part in parts {
            add(part);
            add("\n");
        }
        cmd.for_each(&mut add);
        add("\n");
        arguments.for_each(&mut add);
        text
    }
}

fn arguments(job: &ListedJob) -> Vec<(String, String)> {
    let arguments = job.job_parameters.iter().flat_map(|parameters| &parameters.arguments);
    let kept = arguments.take(MAX_ARGUMENTS);
    kept.map(|argument| {
        (
            argument.name.clone(),
            argument.value.chars().take(VALUE_CHARS).collect(),
        )
    })
    .collect()
}

/// A row and what goes with it.
#[derive(Debug)]
pub struct Entry {
    /// The row.
    pub row: Row,
    /// Its place in time: higher is newer.
    pub rank: i64,
    /// What a search looks through.
    pub(super) searched: String,
    /// The last number of each name that its log tells; `None` until the log was read.
    pub(super) numbers: Option<Numbers>,
    contents: Box<[ContentNumber]>,
}

/// The rows of one project.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Option<Entry>>,
    by_id: HashMap<String, Slot>,
    /// Newest first.
    order: VecDeque<Slot>,
    unfinished: BTreeSet<Slot>,
    contents: Contents,
    version: u64,
}

impl Index {
    /// Changes with each change of any row.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All rows, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = Slot> + '_ {
        self.order.iter().copied()
    }

    /// What is at `slot`, if it is still there.
    pub fn get(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    /// The row at `slot`, if it is still there.
    pub fn row(&self, slot: Slot) -> Option<&Row> {
        self.get(slot).map(|entry| &entry.row)
    }

    /// The place of a job.
    pub fn slot_of(&self, id: &str) -> Option<Slot> {
        self.by_id.get(id).copied()
    }

    /// The rank of the newest row.
    pub fn newest_rank(&self) -> Option<i64> {
        Some(self.get(*self.order.front()?)?.rank)
    }

    /// The jobs that have not ended.
    pub fn unfinished(&self) -> impl Iterator<Item = Slot> + '_ {
        self.unfinished.iter().copied()
    }

    /// Takes in a stretch of the list, newest first, that begins below the row of rank `after`, or with the newest.
    /// Rows of that stretch that it does not name are gone. `is_last` says that nothing comes after it. The rank of
    /// its last row.
    pub fn take(&mut self, jobs: &[ListedJob], after: Option<i64>, is_last: bool) -> Option<i64> {
        let from_top = after.is_none();
        let first_known = jobs.iter().position(|job| self.by_id.contains_key(&job.id));
        let newer = match (from_top, first_known) {
            (true, Some(place)) => place,
            // Nothing of it is known: all of it is newer than what is.
            (true, None) if !self.is_empty() => jobs.len(),
            _ => 0,
        };
        for job in jobs[..newer].iter().rev() {
            let rank = self.newest_rank().map_or(0, |rank| rank + 1);
            let slot = self.add(job, rank);
            self.order.push_front(slot);
        }
        for job in &jobs[newer..] {
            if !self.put(job) {
                let oldest = self.order.back().and_then(|slot| self.get(*slot));
                let rank = oldest.map_or(0, |oldest| oldest.rank - 1);
                let slot = self.add(job, rank);
                self.order.push_back(slot);
            }
        }
        let lowest = jobs
            .last()
            .and_then(|job| self.get(self.slot_of(&job.id)?))
            .map(|entry| entry.rank);
        let floor = match (is_last, lowest) {
            (true, _) => i64::MIN,
            (false, Some(lowest)) => lowest,
            (false, None) => return after,
        };
        self.remove_others(jobs, floor, after.unwrap_or(i64::MAX));
        lowest.or(after)
    }

    /// Brings a known row up to date; false when it is not known.
    pub fn put(&mut self, job: &ListedJob) -> bool {
        let Some(slot) = self.slot_of(&job.id) else {
            return false;
        };
        let mut row = Row::new(job);
        let before = self.row(slot);
        if row.status == JobStatus::Executing {
            row.progress = before.and_then(|before| before.progress);
        }
        if before == Some(&row) {
            return true;
        }
        let needed = self.need(job);
        if let Some(Some(entry)) = self.entries.get_mut(slot as usize) {
            self.contents.release(&entry.contents);
            entry.contents = needed;
            entry.searched = row.searched(job);
            entry.row = row;
        }
        self.note_state(slot);
        true
    }

    /// Changes what is known of a row, until the service says it.
    pub fn change(&mut self, slot: Slot, change: impl FnOnce(&mut Row)) {
        let Some(Some(entry)) = self.entries.get_mut(slot as usize) else {
            return;
        };
        change(&mut entry.row);
        if entry.row.cleared {
            self.contents.release(&std::mem::take(&mut entry.contents));
        }
        self.note_state(slot);
    }

    /// Takes in the numbers that jobs came to.
    pub fn learn(&mut self, learnt: impl IntoIterator<Item = (Slot, Numbers)>) {
        for (slot, numbers) in learnt {
            if let Some(Some(entry)) = self.entries.get_mut(slot as usize) {
                entry.numbers = Some(numbers);
            }
        }
        self.version += 1;
    }

    /// Forgets a job.
    pub fn remove(&mut self, slot: Slot) {
        self.remove_all(&HashSet::from([slot]));
    }

    /// Forgets jobs.
    pub fn remove_all(&mut self, slots: &HashSet<Slot>) {
        for slot in slots {
            self.forget(*slot);
        }
        self.order.retain(|slot| !slots.contains(slot));
    }

    /// What is freed when all of `slots` lose their data.
    pub fn freed_by(&self, slots: &[Slot]) -> Freed {
        let entries = slots.iter().filter_map(|slot| self.get(*slot));
        self.contents.freed_by(entries.map(|entry| &*entry.contents))
    }

    /// The bytes that the jobs hold, each content once.
    pub fn held_bytes(&self) -> i64 {
        self.contents.held_bytes()
    }

    /// The number of jobs that were copied from one of `slots`.
    pub fn copies_of(&self, slots: &[Slot]) -> usize {
        let from: HashSet<&str> = slots.iter().filter_map(|slot| Some(&*self.row(*slot)?.id)).collect();
        let rows = self.order.iter().filter_map(|slot| self.row(*slot));
        copies_of(&from, rows.map(|row| (&*row.id, &*row.parent)))
    }

    fn add(&mut self, job: &ListedJob, rank: i64) -> Slot {
        let slot = self.entries.len() as Slot;
        let row = Row::new(job);
        let entry = Entry {
            searched: row.searched(job),
            numbers: None,
            contents: self.need(job),
            rank,
            row,
        };
        self.entries.push(Some(entry));
        self.by_id.insert(job.id.clone(), slot);
        self.note_state(slot);
        slot
    }

    fn need(&mut self, job: &ListedJob) -> Box<[ContentNumber]> {
        if job.data_cleared {
            return Box::default();
        }
        let files = job.files();
        let known = files.filter_map(|file| Some((Sha256::parse(&file.sha256).ok()?, file.size_bytes)));
        self.contents.need(known)
    }

    fn note_state(&mut self, slot: Slot) {
        self.version += 1;
        if self.row(slot).is_some_and(|row| !is_final(row.status)) {
            self.unfinished.insert(slot);
        } else {
            self.unfinished.remove(&slot);
        }
    }

    fn forget(&mut self, slot: Slot) {
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::take) else {
            return;
        };
        self.contents.release(&entry.contents);
        self.by_id.remove(&entry.row.id);
        self.note_state(slot);
    }

    /// Forgets what lies in the ranks `floor..below` and is not among `jobs`.
    fn remove_others(&mut self, jobs: &[ListedJob], floor: i64, below: i64) {
        let rank = |slot: &Slot| self.get(*slot).map_or(i64::MIN, |entry| entry.rank);
        let first = self.order.partition_point(|slot| rank(slot) >= below);
        let end = self.order.partition_point(|slot| rank(slot) >= floor);
        if end - first == jobs.len() {
            return;
        }
        let named: HashSet<Slot> = jobs.iter().filter_map(|job| self.slot_of(&job.id)).collect();
        let stretch = self.order.range(first..end).copied();
        let gone: HashSet<Slot> = stretch.filter(|slot| !named.contains(slot)).collect();
        self.remove_all(&gone);
    }
}
