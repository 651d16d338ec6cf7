//! The numbers of the runs as curves, laid over one another: those that differ, each from its run's start.

pub(crate) mod chart;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::chart::Chart;
use super::verdict::list;
use crate::app::compare::state::comparison::{ALL, Comparison};
use crate::app::{
    compare::state::curves::{Numbers, Stage, read_all},
    notice::message_of,
    series::{
        self,
        axes::{Axes, AxisChoice, is_told},
        title,
    },
    sign_in::use_sign_in,
    task::run_while_mounted,
    text::{Text, use_text, words},
};
use jobsphere_log::{
    model::SeriesOrigin,
    series::axis::{Axis, Offer},
};
use jobsphere_overview::overlay::{self, Key, Run, Shared};

/// A job's letter and its numbers.
type Job = (String, Numbers);

/// What is drawn and what is known.
#[derive(Clone, Copy)]
pub(crate) struct Curves {
    jobs: StoredValue<Vec<Job>>,
    /// The series that two jobs or more have.
    shared: Memo<Vec<Shared>>,
    /// The place under the pointer; the same in every chart that runs over the same.
    pointed: RwSignal<Option<(Axis, i64)>>,
}

impl Curves {
    fn new(jobs: Vec<Job>) -> Self {
        let jobs = StoredValue::new(jobs);
        Self {
            jobs,
            shared: Memo::new(move |_| with_runs(jobs, overlay::shared)),
            pointed: RwSignal::new(None),
        }
    }

    /// Whether every log was read that can be.
    fn is_settled(self) -> bool {
        let is_open = |numbers: &Numbers| matches!(*numbers.stage.read(), Stage::Waiting | Stage::Reading(_));
        self.jobs
            .with_value(|jobs| !jobs.iter().any(|(_, numbers)| is_open(numbers)))
    }

    /// Whether every log was read to its end.
    fn is_whole(self) -> bool {
        let is_read = |numbers: &Numbers| *numbers.stage.read() == Stage::Read;
        self.jobs
            .with_value(|jobs| jobs.iter().all(|(_, numbers)| is_read(numbers)))
    }

    /// What the person is told beside the curves.
    fn sentences(self, text: Text, shows_all: bool) -> Vec<String> {
        let jobs = self.jobs.get_value();
        let mut said: Vec<String> = jobs
            .iter()
            .filter_map(|(letter, numbers)| stage_words(text, letter, &numbers.stage.read()))
            .collect();
        let shared = self.shared.read();
        // That two runs had as many processes says nothing; what they printed does.
        let is_told = |shared: &&Shared| shared.is_same && shared.key.0 != SeriesOrigin::Stats;
        let same: Vec<String> = shared
            .iter()
            .filter(is_told)
            .map(|shared| shared.key.1.clone())
            .collect();
        if shared.is_empty() && self.is_settled() {
            said.push(text.get(words::COMPARE_CURVES_NONE));
        }
        if !same.is_empty() && !shows_all {
            said.push(text.get(words::CompareCurvesSame {
                names: list(text, &same),
            }));
        }
        if self.is_whole() {
            for (place, (letter, _)) in jobs.iter().enumerate() {
                let names = with_runs(self.jobs, |runs| overlay::only_in(runs, place));
                if !names.is_empty() {
                    said.push(text.get(words::CompareCurvesOnly {
                        letter: letter.as_str(),
                        names: list(text, &names),
                    }));
                }
            }
        }
        said
    }
}

/// Calls `see` with the runs that are known.
fn with_runs<T>(jobs: StoredValue<Vec<Job>>, see: impl FnOnce(&[&Run]) -> T) -> T {
    let guards: Vec<_> = jobs.with_value(|jobs| jobs.iter().map(|(_, numbers)| numbers.run.read()).collect());
    let runs: Vec<&Run> = guards.iter().filter_map(|run| run.as_ref()).collect();
    see(&runs)
}

/// How far a job's log is, where that is worth saying.
fn stage_words(text: Text, letter: &str, stage: &Stage) -> Option<String> {
    let size = |bytes: &u64| text.size(*bytes as f64);
    match stage {
        Stage::Read | Stage::Unknown => None,
        Stage::Waiting => Some(text.get(words::CompareCurvesWaiting { letter })),
        Stage::Reading(bytes) => Some(text.get(words::CompareCurvesReading {
            letter,
            size: size(bytes),
        })),
        Stage::Following => Some(text.get(words::CompareCurvesFollowing { letter })),
        Stage::Lost => Some(text.get(words::CompareCurvesLost { letter })),
        Stage::Gone => Some(text.get(words::CompareCurvesGone { letter })),
        Stage::Failed(bytes, error) => {
            let what = match bytes {
                0 => text.get(words::CompareCurvesFailed { letter }),
                bytes => text.get(words::CompareCurvesCut {
                    letter,
                    size: size(bytes),
                }),
            };
            Some(format!("{what} {}", text.get(message_of(error.code))))
        }
    }
}

#[component]
pub(crate) fn CurvesSection(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let query = use_query_map();
    let shows_all = Memo::new(move |_| query.read().get(ALL).is_some());
    let columns = comparison.columns.get_value();
    let letters = columns.iter().map(|column| (column.letter.clone(), column.numbers));
    let curves = Curves::new(letters.collect());
    run_while_mounted(read_all(columns, use_sign_in()));

    // Nobody has chosen yet: what matters is drawn, also when it comes later.
    let chosen = RwSignal::new(None::<Vec<Key>>);
    let offered = Memo::new(move |_| {
        let shared = curves.shared.read();
        let offered = shared.iter().filter(|shared| shows_all.get() || !shared.is_same);
        offered.map(|shared| shared.key.clone()).collect::<Vec<Key>>()
    });
    let wanted = Memo::new(move |_| {
        let first = || overlay::first_keys(&curves.shared.read());
        chosen.get().unwrap_or_else(first)
    });
    let drawn = Memo::new(move |_| {
        let wanted = wanted.read();
        let offered = offered.read();
        offered
            .iter()
            .filter(|key| wanted.contains(key))
            .cloned()
            .collect::<Vec<Key>>()
    });
    let axes = Axes::new(Memo::new(move |_| {
        let drawn = drawn.read();
        let told = drawn.iter().filter(|(origin, _)| is_told(*origin));
        with_runs(curves.jobs, |runs| {
            Offer::of(told.flat_map(|key| overlay::curves(runs, key)))
        })
    }));
    let hint = move || {
        text.get(match axes.way().axis {
            Axis::Time => words::COMPARE_CURVES_HINT,
            Axis::Step | Axis::Epoch => words::COMPARE_CURVES_HINT_PLACE,
        })
    };
    let toggle = move |key: &Key| {
        let mut keys = wanted.get_untracked();
        series::toggle(&mut keys, key);
        chosen.set(Some(keys));
    };
    let choice = move |key: Key| {
        let (is_drawn, name) = (StoredValue::new(key.clone()), key.clone());
        view! {
            <button
                type="button"
                class="choice as-written"
                aria-pressed=move || is_drawn.with_value(|key| drawn.read().contains(key)).to_string()
                on:click=move |_| toggle(&key)
            >
                {move || title(text, name.0, &name.1)}
            </button>
        }
    };
    let said = move || {
        let sentences = curves.sentences(text, shows_all.get());
        sentences
            .into_iter()
            .map(|words| view! { <p class="quiet">{words}</p> })
            .collect_view()
    };
    view! {
        <section class="charts" aria-labelledby="compare-curves-heading">
            <h2 id="compare-curves-heading">{text.say(words::COMPARE_CURVES_HEADING)}</h2>
            <Show when=move || !offered.read().is_empty()>
                <div class="choices" role="group" aria-label=text.say(words::CHARTS_CHOOSE)>
                    <For each=move || offered.get() key=Clone::clone children=choice />
                </div>
                <AxisChoice axes />
                <div class="charts-grid overlays">
                    <For each=move || drawn.get() key=Clone::clone children=move |key| view! { <Chart curves axes key /> } />
                </div>
                <p class="hint">{hint}</p>
            </Show>
            {said}
        </section>
    }
}
