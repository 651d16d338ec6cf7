//! What of the log can be taken along; the size is said first.

use leptos::prelude::*;

use super::look::source_name;
use crate::app::{
    job::log::state::log::Log,
    text::{Message, use_text, words},
};
use jobsphere_log::model::{CopyForm, SaveForm, Source};

/// The forms of the whole log, and the end of the file's name.
const FORMS: [(SaveForm, &str); 3] = [
    (SaveForm::Plain, "log"),
    (SaveForm::Gzip, "log.gz"),
    (SaveForm::JsonLines, "jsonl"),
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
    let whole = move |(form, end): (SaveForm, &'static str)| {
        let save = move |_| log.save(form, None, format!("job.{end}"));
        let words = move || {
            let size = text.size(bytes.get() as f64);
            match form {
                SaveForm::Plain => text.get(words::LogSavePlain { size }),
                SaveForm::Gzip => text.get(words::LogSaveGzip { size }),
                SaveForm::JsonLines => text.get(words::LogSaveJson { size }),
            }
        };
        view! { <button type="button" on:click=save>{words}</button> }
    };
    let one = move |(source, bytes): (Source, u64)| {
        let name = file_name(&source);
        let label = source_name(&source);
        let words = {
            let label = label.clone();
            move || {
                let size = text.size(bytes as f64);
                text.get(words::LogSaveSource {
                    source: label.as_str(),
                    size,
                })
            }
        };
        let save = move |_| log.save(SaveForm::Plain, Some(source.clone()), name.clone());
        view! { <button type="button" on:click=save>{words}</button> }
    };
    let copied = move |all: Message, marked: Message, form| {
        let words = move || {
            text.get(if log.reading.marked.get().is_some() {
                marked
            } else {
                all
            })
        };
        view! { <button type="button" on:click=move |_| log.copy(form)>{words}</button> }
    };
    view! {
        <h3>{text.say(words::LOG_COPY_HEADING)}</h3>
        <button type="button" on:click=move |_| log.copy_link()>{text.say(words::LOG_COPY_LINK)}</button>
        {copied(words::LOG_COPY_ALL, words::LOG_COPY_MARKED, CopyForm::Plain)}
        {copied(words::LOG_REPORT_ALL, words::LOG_REPORT_MARKED, CopyForm::Report)}
        <button type="button" on:click=move |_| log.open_as_text(None)>{text.say(words::LOG_OPEN_TEXT)}</button>
        <h3>{text.say(words::LOG_SAVE_HEADING)}</h3>
        {FORMS.map(whole)}
        {move || sources.get().into_iter().map(one).collect_view()}
    }
}
