//! Finding and ordering rows, step by step.

use std::{cmp::Ordering, collections::BTreeMap, collections::VecDeque};

use super::{Column, Entry, Index, Query, STATES, Slot, ValueColumn};
use crate::{api::time::Millis, said::Said};

/// Rows sorted in one go; what is longer is merged.
const RUN: usize = 1024;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The rows to show, in order.
    pub slots: Vec<Slot>,
    /// For each of [`STATES`], the rows in it that everything but the choice of states would show.
    pub states: [usize; STATES.len()],
    /// The instance types there are, with the number of rows.
    pub instances: BTreeMap<String, usize>,
    /// Rows that would be shown but came after the list stood still.
    pub held: usize,
}

/// A search that is under way.
#[derive(Debug)]
pub struct Search {
    query: Query,
    words: Vec<String>,
    created: (Option<Millis>, Option<Millis>),
    now_ms: Millis,
    up_to_rank: i64,
    rows: Vec<Slot>,
    next: usize,
    found: Found,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Matching,
    /// Where the rows that are not sorted yet begin.
    Sorting(usize, VecDeque<Vec<Slot>>),
    Merging(VecDeque<Vec<Slot>>, Merge),
    Done,
}

/// Two runs on their way into one.
#[derive(Debug, Default)]
struct Merge {
    left: VecDeque<Slot>,
    right: VecDeque<Slot>,
    merged: Vec<Slot>,
}

impl Search {
    /// Begins a search. `created` bounds the time of creation; rows above `up_to_rank` are held back.
    pub fn new(
        query: Query,
        created: (Option<Millis>, Option<Millis>),
        now_ms: Millis,
        up_to_rank: i64,
        index: &Index,
    ) -> Self {
        let text = query.text.to_lowercase();
        Self {
            words: text.split_whitespace().map(str::to_owned).collect(),
            query,
            created,
            now_ms,
            up_to_rank,
            rows: index.newest_first().collect(),
            next: 0,
            found: Found::default(),
            phase: Phase::Matching,
        }
    }

    /// Goes on with about `work` rows; the result when it is there.
    pub fn step(&mut self, index: &Index, work: usize) -> Option<Found> {
        match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Matching => self.phase = self.matching(index, work),
            Phase::Sorting(next, runs) => self.phase = self.sorting(index, next, runs),
            Phase::Merging(runs, merge) => self.phase = self.merging(index, runs, merge, work),
            Phase::Done => return Some(std::mem::take(&mut self.found)),
        }
        None
    }

    fn matching(&mut self, index: &Index, work: usize) -> Phase {
        let end = (self.next + work).min(self.rows.len());
        for place in self.next..end {
            let slot = self.rows[place];
            if let Some(entry) = index.get(slot) {
                self.consider(slot, entry);
            }
        }
        self.next = end;
        if end < self.rows.len() {
            return Phase::Matching;
        }
        match (self.query.sort.column, self.query.sort.descending) {
            (Column::Created, true) => Phase::Done,
            (Column::Created, false) => {
                self.found.slots.reverse();
                Phase::Done
            }
            _ => Phase::Sorting(0, VecDeque::new()),
        }
    }

    fn consider(&mut self, slot: Slot, entry: &Entry) {
        let row = &entry.row;
        if !row.instance.is_empty() {
            match self.found.instances.get_mut(&row.instance) {
                Some(count) => *count += 1,
                None => drop(self.found.instances.insert(row.instance.clone(), 1)),
            }
        }
        let (from, before) = self.created;
        let in_time = from.is_none_or(|from| row.created_ms.is_some_and(|at| at >= from))
            && before.is_none_or(|before| row.created_ms.is_some_and(|at| at < before));
        let right_instance = self.query.instance.is_empty() || self.query.instance == row.instance;
        if !in_time || !right_instance || !self.words.iter().all(|word| entry.searched.contains(word)) {
            return;
        }
        if let Some(place) = STATES.iter().position(|state| *state == row.status) {
            self.found.states[place] += 1;
        }
        if !self.query.states.is_empty() && !self.query.states.contains(&row.status) {
            return;
        }
        if entry.rank > self.up_to_rank {
            self.found.held += 1;
        } else {
            self.found.slots.push(slot);
        }
    }

    fn sorting(&mut self, index: &Index, next: usize, mut runs: VecDeque<Vec<Slot>>) -> Phase {
        let end = (next + RUN).min(self.found.slots.len());
        let mut run = self.found.slots[next..end].to_vec();
        run.sort_by(|left, right| self.compare(index, *left, *right));
        runs.push_back(run);
        if end < self.found.slots.len() {
            Phase::Sorting(end, runs)
        } else {
            self.next_merge(runs)
        }
    }

    fn next_merge(&mut self, mut runs: VecDeque<Vec<Slot>>) -> Phase {
        match (runs.pop_front(), runs.pop_front()) {
            (Some(left), Some(right)) => {
                let merged = Vec::with_capacity(left.len() + right.len());
                let (left, right) = (left.into(), right.into());
                Phase::Merging(runs, Merge { left, right, merged })
            }
            (only, _) => {
                self.found.slots = only.unwrap_or_default();
                Phase::Done
            }
        }
    }

    fn merging(&mut self, index: &Index, mut runs: VecDeque<Vec<Slot>>, mut merge: Merge, work: usize) -> Phase {
        for _ in 0..work {
            let from = match (merge.left.front(), merge.right.front()) {
                (Some(left), Some(right)) if self.compare(index, *left, *right) == Ordering::Greater => {
                    &mut merge.right
                }
                (Some(_), _) => &mut merge.left,
                (None, Some(_)) => &mut merge.right,
                (None, None) => {
                    runs.push_back(merge.merged);
                    return self.next_merge(runs);
                }
            };
            merge.merged.extend(from.pop_front());
        }
        Phase::Merging(runs, merge)
    }

    /// The order of two rows; where the column says nothing, newer comes first. What has no value comes last.
    fn compare(&self, index: &Index, left: Slot, right: Slot) -> Ordering {
        let (Some(left), Some(right)) = (index.get(left), index.get(right)) else {
            return Ordering::Equal;
        };
        let (one, other) = (&left.row, &right.row);
        let descending = self.query.sort.descending;
        let text = |one: &str, other: &str| {
            by(
                Some(one).filter(|text| !text.is_empty()),
                Some(other).filter(|text| !text.is_empty()),
                descending,
            )
        };
        let first = match self.query.sort.column {
            Column::Created => by(one.created_ms, other.created_ms, descending),
            Column::State => by(
                Some(state_place(one.status)),
                Some(state_place(other.status)),
                descending,
            ),
            // The searched text begins with the name, in small letters.
            Column::Name => by(
                Some(&left.searched).filter(|_| !one.name.is_empty()),
                Some(&right.searched).filter(|_| !other.name.is_empty()),
                descending,
            ),
            Column::Duration => by(one.run_ms(self.now_ms), other.run_ms(self.now_ms), descending),
            Column::Instance => text(&one.instance, &other.instance),
            Column::Author => text(&one.author, &other.author),
            Column::Code => by(one.return_code(), other.return_code(), descending),
            Column::Expires => by(
                one.expires_ms.filter(|_| !one.cleared),
                other.expires_ms.filter(|_| !other.cleared),
                descending,
            ),
            Column::Size => by(Some(one.size_bytes), Some(other.size_bytes), descending),
            Column::Parent => text(&one.parent, &other.parent),
            Column::Value(place) => match self.query.values.get(usize::from(place)) {
                Some(value) => said(left, value).compare(&said(right, value), descending),
                None => Ordering::Equal,
            },
        };
        first.then(right.rank.cmp(&left.rank))
    }
}

/// What a job says in the column of a value.
fn said<'a>(entry: &'a Entry, value: &ValueColumn) -> Said<'a> {
    match value {
        ValueColumn::Argument(name) => entry.row.argument(name).map_or(Said::Nothing, Said::Text),
        ValueColumn::Number(name) => entry.number(name).map_or(Said::Nothing, Said::Number),
    }
}

fn state_place(status: crate::api::jobs::JobStatus) -> usize {
    STATES.iter().position(|state| *state == status).unwrap_or(STATES.len())
}

fn by<V: Ord>(one: Option<V>, other: Option<V>, descending: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
