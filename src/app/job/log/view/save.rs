//! What of the log can be taken along; the size is said first.

use leptos::prelude::*;

use super::look::source_name;
use crate::{
    app::{job::log::state::log::Log, text::use_text},
    client::book::words::{CopyForm, SaveForm, Source},
};

/// The forms of the whole log: the message that offers it, and the end of the file's name.
const FORMS: [(SaveForm, &str, &str); 3] = [
    (SaveForm::Plain, "log-save-plain", "log"),
    (SaveForm::Gzip, "log-save-gzip", "log.gz"),
    (SaveForm::JsonLines, "log-save-json", "jsonl"),
];

/// The name of a source's file: the last part of its path.
fn file_name(source: &Source) -> String {
    match source {
        Source::Out => "stdout.txt".to_owned(),
        Source::Err => "stderr.txt".to_owned(),
        Source::File(path) => path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_start_matches('.')
            .to_owned(),
    }
}

/// Everything that can be taken along.
#[component]
pub(crate) fn SaveMenu(log: Log) -> impl IntoView {
    let text = use_text();
    let bytes = Memo::new(move |_| {
        let count = log.count.read();
        count
            .sources
            .iter()
            .filter(|one| !one.source.is_table())
            .map(|one| one.bytes)
            .sum::<u64>()
    });
    let sources = Memo::new(move |_| {
        let count = log.count.read();
        let mut sources: Vec<_> = count
            .sources
            .iter()
            .map(|one| (one.source.clone(), one.bytes))
            .collect();
        sources.sort();
        sources
    });
    let whole = move |(form, id, end): (SaveForm, &'static str, &'static str)| {
        let save = move |_| log.save(form, None, format!("job.{end}"));
        view! {
            <button type="button" on:click=save>
                {move || text.with(id, [("size", text.size(bytes.get() as f64).into())])}
            </button>
        }
    };
    let one = move |(source, bytes): (Source, u64)| {
        let name = file_name(&source);
        let label = source_name(&source);
        let words = {
            let label = label.clone();
            move || {
                let size = text.size(bytes as f64);
                text.with(
                    "log-save-source",
                    [("source", label.as_str().into()), ("size", size.into())],
                )
            }
        };
        let save = move |_| log.save(SaveForm::Plain, Some(source.clone()), name.clone());
        view! { <button type="button" on:click=save>{words}</button> }
    };
    let copied = move |id: &'static str, marked_id: &'static str, form| {
        let words = move || {
            text.get(if log.reading.marked.get().is_some() {
                marked_id
            } else {
                id
            })
        };
        view! { <button type="button" on:click=move |_| log.copy(form)>{words}</button> }
    };
    view! {
        <h3>{text.say("log-copy-heading")}</h3>
        <button type="button" on:click=move |_| log.copy_link()>{text.say("log-copy-link")}</button>
        {copied("log-copy-all", "log-copy-marked", CopyForm::Plain)}
        {copied("log-report-all", "log-report-marked", CopyForm::Report)}
        <button type="button" on:click=move |_| log.open_as_text(None)>{text.say("log-open-text")}</button>
        <h3>{text.say("log-save-heading")}</h3>
        {FORMS.map(whole)}
        {move || sources.get().into_iter().map(one).collect_view()}
    }
}
