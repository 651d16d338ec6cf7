//! The search behind the list: asked anew by each change, done in slices so short that nobody feels them.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::loaded_jobs::LoadedJobs;
use crate::browser::clock;
use jobsphere_client::Clock;
use jobsphere_overview::listing::{Day, Found, Period, Query, Search};

/// So long, in milliseconds, a slice of a search may take.
const SLICE_MS: f64 = 8.0;
/// Rows looked at between two looks at the clock.
const STEP: usize = 500;
/// After a search that rows asked for, the next such waits so many times as long as it took, and at least this.
const REST_MS: f64 = 60.0;
const REST_TIMES: f64 = 3.0;

/// What is being looked for, and what was found.
#[derive(Clone, Copy)]
pub(crate) struct JobSearch {
    known: LoadedJobs,
    query: Signal<Query>,
    /// Rows that are newer stay away while older ones are being read.
    pub(crate) up_to_rank: RwSignal<i64>,
    /// What was found last; nothing before the first search.
    pub(crate) found: RwSignal<Option<Arc<Found>>>,
    round: StoredValue<Round>,
}

#[derive(Clone, Copy, Default)]
struct Round {
    number: u64,
    is_running: bool,
    /// Rows have changed meanwhile.
    is_stale: bool,
}

impl JobSearch {
    pub(crate) fn new(known: LoadedJobs, query: Signal<Query>) -> Self {
        let finding = Self {
            known,
            query,
            up_to_rank: RwSignal::new(i64::MAX),
            found: RwSignal::new(None),
            round: StoredValue::new(Round::default()),
        };
        // The columns change nothing of what is found.
        let asked = Memo::new(move |_| Query {
            columns: None,
            ..query.get()
        });
        Effect::new(move || {
            // Read, not only tracked: what nobody has read knows nothing of its sources.
            asked.with(|_| ());
            finding.up_to_rank.track();
            finding.begin();
        });
        Effect::new(move |begun: Option<()>| {
            known.version.track();
            if begun.is_some() {
                finding.begin_later();
            }
        });
        finding
    }

    fn begin(self) {
        let number = self.round.with_value(|round| round.number) + 1;
        self.round.set_value(Round {
            number,
            is_running: true,
            is_stale: false,
        });
        spawn_local(self.run(number));
    }

    fn begin_later(self) {
        if self.round.with_value(|round| round.is_running) {
            self.round.update_value(|round| round.is_stale = true);
        } else {
            self.begin();
        }
    }

    fn is_current(self, number: u64) -> bool {
        self.round
            .try_with_value(|round| round.number == number)
            .unwrap_or(false)
    }

    async fn run(self, number: u64) {
        // It begins in a moment, and the page may have gone until then.
        if !self.is_current(number) {
            return;
        }
        let query = self.query.get_untracked();
        let now_ms = clock::now_ms();
        let bounds = query.period.bounds(now_ms, start_of);
        let up_to_rank = self.up_to_rank.get_untracked();
        let is_moving = matches!(query.period, Period::Last(_));
        let mut search = self
            .known
            .with(|index| Search::new(query, bounds, now_ms, up_to_rank, index));
        let mut worked_ms = 0.0;
        let found = loop {
            let begun = clock::precise_ms();
            let found = self.known.with(|index| {
                loop {
                    let found = search.step(index, STEP);
                    if found.is_some() || clock::precise_ms() - begun > SLICE_MS {
                        break found;
                    }
                }
            });
            worked_ms += clock::precise_ms() - begun;
            if let Some(found) = found {
                break found;
            }
            clock::give_way().await;
            if !self.is_current(number) {
                return;
            }
        };
        if self.found.read_untracked().as_deref() != Some(&found) {
            self.found.set(Some(Arc::new(found)));
        }
        let rest_ms = (worked_ms * REST_TIMES).max(REST_MS);
        clock::BrowserClock.sleep(rest_ms as u32).await;
        if !self.is_current(number) {
            return;
        }
        self.round.update_value(|round| round.is_running = false);
        if is_moving || self.round.with_value(|round| round.is_stale) {
            // A period that moves on leaves rows behind without any of them changing.
            if !self.round.with_value(|round| round.is_stale) {
                clock::BrowserClock.sleep(MOVES_EVERY_MS).await;
                if !self.is_current(number) || self.round.with_value(|round| round.is_running) {
                    return;
                }
            }
            self.begin();
        }
    }
}

/// How often a period that moves with the clock is looked at again.
const MOVES_EVERY_MS: u32 = 10_000;

fn start_of(day: Day, of_next: bool) -> i64 {
    clock::start_of_day_ms(day.year, day.month, day.day + u8::from(of_next))
}
