//! Where the logs part.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::switch::switch_over;
use crate::{
    app::{
        address::job_address,
        compare::state::{
            comparison::{Column, Comparison, IGNORE},
            logs::{STREAMS, Stage, compare, job_of},
        },
        notice::ErrorNotice,
        task::run_while_mounted,
        text::{Text, use_text},
    },
    client::{
        log_difference::{self, Excerpt, Ignoring, Outcome},
        log_lines::LogLine,
    },
};

/// So much of a long line is shown, with so much of what is the same before the difference.
const MAX_CHARS: usize = 1000;
const LEAD_CHARS: usize = 100;

#[component]
pub(crate) fn LogDifferences(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let query = use_query_map();
    let ignores = Memo::new(move |_| query.read().get(IGNORE).is_some());
    view! {
        <section aria-labelledby="compare-log-heading">
            <div class="section-head">
                <h2 id="compare-log-heading">{text.say("compare-log-heading")}</h2>
                <label class="check">
                    <input type="checkbox" prop:checked=move || ignores.get() on:change=switch_over(comparison, IGNORE) />
                    <span>{text.say("compare-log-ignore")}</span>
                </label>
            </div>
            {move || {
                let ignoring = if ignores.get() { Ignoring::TimesAndNumbers } else { Ignoring::Nothing };
                view! { <Pairs comparison ignoring /> }
            }}
        </section>
    }
}

/// The first with each of the others.
#[component]
fn Pairs(comparison: Comparison, ignoring: Ignoring) -> impl IntoView {
    let text = use_text();
    let columns = comparison.columns.get_value();
    let (first, others) = match columns.split_first() {
        Some((first, others)) => (first.clone(), others.to_vec()),
        None => return ().into_any(),
    };
    run_while_mounted(compare(first.clone(), others.clone(), ignoring));
    let is_one = others.len() == 1;
    let pair = move |other: Column| {
        let letters = [first.letter.clone(), other.letter.clone()];
        let heading = (!is_one).then(|| view! { <h3>{heading(text, letters)}</h3> });
        let first = first.clone();
        let streams = [0, 1].map(|place| {
            view! { <Stream first=first.clone() other=other.clone() place /> }
        });
        view! { {heading} {streams} }
    };
    others.into_iter().map(pair).collect_view().into_any()
}

/// “A and B”.
pub(super) fn heading(text: Text, [first, other]: [String; 2]) -> impl Fn() -> String {
    move || {
        text.with(
            "compare-pair",
            [("first", first.as_str().into()), ("other", other.as_str().into())],
        )
    }
}

/// One stream's sentence, and the place when they part.
#[component]
fn Stream(first: Column, other: Column, place: usize) -> impl IntoView {
    let text = use_text();
    let stage = other.logs[place];
    let letters = [first.letter.clone(), other.letter.clone()];
    let words = move || sentence(text, place, &letters, &stage.get());
    let shown = move || match stage.get() {
        Stage::Known(Outcome::Parts {
            first: own,
            second: theirs,
            ..
        }) => {
            let line = |excerpt: &Excerpt| excerpt.line.as_ref().map(|line| line.text.clone()).unwrap_or_default();
            let (left, right) = (line(&own), line(&theirs));
            view! {
                <div class="excerpts">
                    <ExcerptView column=first.clone() excerpt=own beside=right />
                    <ExcerptView column=other.clone() excerpt=theirs beside=left />
                </div>
            }
            .into_any()
        }
        Stage::Failed(unread) => view! { <ErrorNotice error=unread.error /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <p>{words}</p>
        {shown}
    }
}

/// How a stream compares, in a sentence.
pub(super) fn sentence(text: Text, place: usize, [first, other]: &[String; 2], stage: &Stage) -> String {
    let stream = STREAMS[place].1;
    let one = |id: &str| text.with(id, [("stream", stream.into())]);
    let counted = |id: &str, count: u64| text.with(id, [("stream", stream.into()), ("count", (count as f64).into())]);
    let of = |id: &str, is_other: bool| {
        let letter = if is_other { other } else { first };
        text.with(id, [("stream", stream.into()), ("letter", letter.as_str().into())])
    };
    match stage {
        Stage::Waiting => one("compare-log-waiting"),
        Stage::Reading(count) => counted("compare-log-reading", *count),
        Stage::Known(Outcome::Same { lines: 0 }) => one("compare-log-empty"),
        Stage::Known(Outcome::Same { lines }) => counted("compare-log-same", *lines),
        Stage::Known(Outcome::Parts { number, .. }) => {
            let number = (*number as f64).into();
            text.with("compare-log-parts", [("stream", stream.into()), ("number", number)])
        }
        Stage::SameBytes => one("compare-log-same-bytes"),
        Stage::Gone { is_other } => of("compare-log-gone", *is_other),
        Stage::Failed(unread) => of("compare-log-failed", unread.is_second),
    }
}

#[component]
fn ExcerptView(column: Column, excerpt: Excerpt, beside: String) -> impl IntoView {
    let text = use_text();
    let Excerpt { before, line, after } = excerpt;
    let job = job_of(&column).unwrap_or_default();
    let offset = line.as_ref().or(before.last()).map(|line| line.offset);
    let address = offset.map(|offset| format!("{}#log-{offset}", job_address(&job.project_id, &job.id)));
    let letter = column.letter.clone();
    let label = {
        let letter = letter.clone();
        move || text.with("compare-log-open-label", [("letter", letter.as_str().into())])
    };
    let quiet = |lines: Vec<LogLine>| {
        let line = |line: LogLine| view! { <span class="quiet">{cut(&line.text)}</span>"\n" };
        lines.into_iter().map(line).collect_view()
    };
    let marked = match line {
        None => view! { <em>{text.say("compare-log-ended")}</em>"\n" }.into_any(),
        Some(line) => {
            let [head, own, tail] = log_difference::parts(&line.text, &beside);
            let skipped = head.chars().count().saturating_sub(LEAD_CHARS);
            let head: String = head.chars().skip(skipped).collect();
            view! {
                <strong>{(skipped > 0).then_some("…")}{head}<mark>{cut(own)}</mark>{cut(tail)}</strong>
                "\n"
            }
            .into_any()
        }
    };
    view! {
        <figure class="excerpt">
            <figcaption>
                <strong class="letter">{letter}</strong>
                {address.map(|address| view! { <a href=address aria-label=label>{text.say("compare-log-open")}</a> })}
            </figcaption>
            <pre tabindex="0">{quiet(before)} {marked} {quiet(after)}</pre>
        </figure>
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
