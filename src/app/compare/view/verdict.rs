//! Why the jobs went different ways, in a few sentences, the likeliest cause first.

use leptos::prelude::*;

use super::log;
use crate::app::{
    compare::state::{
        comparison::{Column, Comparison},
        logs::Stage,
    },
    status::message_of,
    text::{Text, use_text, words},
};
use jobsphere_overview::{
    comparison::{self, Group},
    log_difference::Outcome,
};

/// So many names stand in a sentence.
const MAX_NAMES: usize = 5;

#[component]
pub(crate) fn Verdicts(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let columns = comparison.columns.get_value();
    let is_one = columns.len() == 2;
    let first = columns.first().map(|column| column.letter.clone()).unwrap_or_default();
    let one = move |(place, other): (usize, Column)| {
        let letters = [first.clone(), other.letter.clone()];
        let heading = (!is_one).then(|| {
            let heading = log::heading(text, letters.clone());
            view! { <h3>{heading}</h3> }
        });
        let items = move || {
            let sentences = sentences(text, comparison, place, &letters, &other);
            sentences
                .into_iter()
                .map(|words| view! { <li>{words}</li> })
                .collect_view()
        };
        view! {
            {heading}
            <ol class="verdict">{items}</ol>
        }
    };
    let all = columns.into_iter().enumerate().skip(1).map(one).collect_view();
    view! {
        <section aria-labelledby="compare-verdict-heading">
            <h2 id="compare-verdict-heading">{text.say(words::COMPARE_VERDICT_HEADING)}</h2>
            {all}
        </section>
    }
}

/// That a group differs, in these of it.
fn cause(text: Text, group: Group, names: &[String]) -> String {
    let names = list(text, names);
    match group {
        Group::Inputs => text.get(words::VerdictInputs { names }),
        Group::Command => text.get(words::VERDICT_COMMAND),
        Group::Arguments => text.get(words::VerdictArguments { names }),
        Group::Environment => text.get(words::VerdictEnvironment { names }),
        Group::Variables => text.get(words::VerdictVariables { names }),
        Group::Machine => text.get(words::VerdictMachine { names }),
        _ => text.get(words::VerdictOther { names }),
    }
}

fn sentences(text: Text, comparison: Comparison, place: usize, letters: &[String; 2], other: &Column) -> Vec<String> {
    let verdict = comparison::verdict(&comparison.rows.read(), place);
    let stages = other.logs.map(|stage| stage.get());
    let mut said: Vec<String> = Vec::new();
    for (group, names) in &verdict.causes {
        said.push(cause(text, *group, names));
    }
    let has_cause = !verdict.causes.is_empty();
    if !has_cause {
        said.push(text.get(words::VERDICT_SAME_INPUT));
    }
    let parts = |stage: &Stage| matches!(stage, Stage::Known(Outcome::Parts { .. }));
    for (stream, stage) in stages.iter().enumerate() {
        let is_worth_saying = parts(stage) || matches!(stage, Stage::Reading(_));
        if is_worth_saying {
            let words = log::sentence(text, stream, letters, stage);
            said.push(if has_cause && parts(stage) {
                text.get(words::VerdictThen { sentence: words })
            } else {
                words
            });
        }
    }
    if stages
        .iter()
        .all(|stage| matches!(stage, Stage::Known(Outcome::Same { .. }) | Stage::SameBytes))
    {
        said.push(text.get(words::VERDICT_SAME_LOG));
    }
    if let Some((own, theirs)) = verdict.statuses {
        let [first, other] = letters;
        said.push(text.get(words::VerdictStatus {
            first: first.as_str(),
            own: text.get(message_of(own)),
            other: other.as_str(),
            theirs: text.get(message_of(theirs)),
        }));
    }
    if !verdict.other_outputs.is_empty() {
        let names = list(text, &verdict.other_outputs);
        said.push(text.get(words::VerdictOutputs { names }));
    }
    if !verdict.same_outputs.is_empty() {
        let names = list(text, &verdict.same_outputs);
        said.push(text.get(words::VerdictSameOutputs { names }));
    }
    let went_apart = verdict.statuses.is_some() || !verdict.other_outputs.is_empty() || stages.iter().any(parts);
    if !has_cause && went_apart {
        said.push(text.get(words::VERDICT_UNSTEADY));
    }
    said
}

/// Some of the names, and how many more.
pub(super) fn list(text: Text, names: &[String]) -> String {
    let shown = jobsphere_names::list(names.iter().take(MAX_NAMES));
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => text.get(words::VerdictMore {
            names: shown,
            count: more,
        }),
    }
}
