//! The files that the command made and nobody named, with what can be done about them.

use std::collections::HashSet;

use leptos::prelude::*;

use crate::{
    api::{
        share::{ListUnnamedFilesResponse, NotKept, UnnamedFile},
        time,
    },
    app::{
        job::results::state::{results, unnamed::Unnamed},
        name::Name,
        notice::ErrorNotice,
        service_words::in_language,
        text::{use_text, words},
        time::Instant,
    },
};

/// So many files are shown without a press.
const SHOWN: usize = 20;

/// The section; nothing where there are none.
#[component]
pub(crate) fn UnnamedFiles(
    /// What is known of them.
    unnamed: Unnamed,
    /// The paths that are outputs by now.
    outputs: Memo<HashSet<String>>,
) -> impl IntoView {
    let text = use_text();
    move || {
        let listed = unnamed.listed.get()?;
        let until = listed.held_until.as_ref().map(time::to_millis)?;
        if listed.files.is_empty() && listed.more_count == 0 {
            return None;
        }
        let sums = sums(&listed);
        Some(view! {
            <section class="unnamed" aria-labelledby="unnamed-heading">
                <h2 id="unnamed-heading">{text.say(words::UNNAMED_HEADING)}</h2>
                <p class="hint">{text.say(words::UNNAMED_HINT)} " " {text.say(words::UNNAMED_UNTIL)} " " <Instant millis=until /></p>
                <KeepAll unnamed outputs files=listed.files.clone() />
                <Rows unnamed outputs files=listed.files />
                {move || sums.said(text).map(|words| view! { <p class="hint">{words}</p> })}
                <Trouble unnamed />
            </section>
        })
    }
}

/// What is not told file by file.
#[derive(Clone, Copy)]
struct Sums {
    more: (i64, i64),
    passed: (i64, i64),
}

fn sums(listed: &ListUnnamedFilesResponse) -> Sums {
    Sums {
        more: (listed.more_count, listed.more_bytes),
        passed: (listed.passed_count, listed.passed_bytes),
    }
}

impl Sums {
    fn said(self, text: crate::app::text::Text) -> Option<String> {
        let more = (self.more.0 > 0).then(|| {
            text.get(words::UnnamedMore {
                count: self.more.0,
                size: text.size(self.more.1 as f64),
            })
        });
        let passed = (self.passed.0 > 0).then(|| {
            text.get(words::UnnamedPassed {
                count: self.passed.0,
                size: text.size(self.passed.1 as f64),
            })
        });
        let said: Vec<String> = more.into_iter().chain(passed).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }
}

#[component]
fn KeepAll(unnamed: Unnamed, outputs: Memo<HashSet<String>>, files: Vec<UnnamedFile>) -> impl IntoView {
    let text = use_text();
    let job_id = results().job_id;
    let paths = StoredValue::new(files.into_iter().map(|file| file.path).collect::<Vec<_>>());
    let left = Memo::new(move |_| {
        let outputs = outputs.read();
        paths.with_value(|paths| paths.iter().filter(|path| !outputs.contains(*path)).count())
    });
    let is_busy = move || !unnamed.asked.read().is_empty();
    let keep = move |_| {
        let outputs = outputs.get_untracked();
        let mut paths = paths.get_value();
        paths.retain(|path| !outputs.contains(path));
        unnamed.keep(job_id.get_value(), paths, false);
    };
    view! {
        <Show when=move || { left.get() > 1 }>
            <p>
                <button type="button" aria-busy=move || is_busy().to_string() on:click=keep>
                    {move || text.get(words::UnnamedKeepAll { count: left.get() })}
                </button>
            </p>
        </Show>
    }
}

/// The files; of many the first ones, until the rest is asked for.
#[component]
fn Rows(unnamed: Unnamed, outputs: Memo<HashSet<String>>, files: Vec<UnnamedFile>) -> impl IntoView {
    let text = use_text();
    let count = files.len();
    let files = StoredValue::new(files);
    let shown = RwSignal::new(SHOWN);
    let rows = move || {
        let files = files.with_value(|files| files.iter().take(shown.get()).cloned().collect::<Vec<_>>());
        let row = |file| view! { <Row unnamed outputs file /> };
        files.into_iter().map(row).collect_view()
    };
    view! {
        <ul class="outputs-unnamed">{rows}</ul>
        <Show when=move || { shown.get() < count }>
            <button type="button" on:click=move |_| shown.set(count)>
                {move || text.get(words::UnnamedShowAll { count: count.saturating_sub(shown.get()) })}
            </button>
        </Show>
    }
}

#[component]
fn Row(unnamed: Unnamed, outputs: Memo<HashSet<String>>, file: UnnamedFile) -> impl IntoView {
    let text = use_text();
    let job_id = results().job_id;
    let size = file.size_bytes as f64;
    let path = StoredValue::new(file.path);
    let name = move || path.get_value();
    let is_kept = Memo::new(move |_| path.with_value(|path| outputs.read().contains(path)));
    let is_asked = move || path.with_value(|path| unnamed.is_asked(path));
    let keep = move |is_fetched| unnamed.keep(job_id.get_value(), vec![path.get_value()], is_fetched);
    let keep_label = move || text.get(words::UnnamedKeepFile { file: name() });
    let fetch_label = move || text.get(words::UnnamedFetchFile { file: name() });
    view! {
        <li class="output">
            <span class="file-name"><Name of=path.get_value() /></span>
            <span class="number quiet">{move || text.size(size)}</span>
            <span class="output-actions">
                <Show
                    when=move || !is_kept.get()
                    fallback=move || view! { <span class="quiet">{text.say(words::UNNAMED_KEPT)}</span> }
                >
                    <button
                        type="button"
                        aria-label=keep_label
                        aria-busy=move || is_asked().to_string()
                        on:click=move |_| keep(false)
                    >
                        {text.say(words::UNNAMED_KEEP)}
                    </button>
                    <button
                        type="button"
                        aria-label=fetch_label
                        aria-busy=move || is_asked().to_string()
                        on:click=move |_| keep(true)
                    >
                        {text.say(words::UNNAMED_FETCH)}
                    </button>
                </Show>
            </span>
        </li>
    }
}

/// What was not kept, and why.
#[component]
fn Trouble(unnamed: Unnamed) -> impl IntoView {
    let text = use_text();
    let item = move |refused: NotKept| {
        view! { <li><Name of=refused.path /> ": " <span class="as-written">{move || in_language(&refused.description, text)}</span></li> }
    };
    view! {
        {move || {
            let refused = unnamed.refused.get();
            (!refused.is_empty())
                .then(|| {
                    view! {
                        <ul class="notice notice-warn" role="alert">
                            {refused.into_iter().map(item).collect_view()}
                        </ul>
                    }
                })
        }}
        {move || unnamed.failed.get().map(|error| view! { <ErrorNotice error /> })}
    }
}
