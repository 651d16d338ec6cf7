//! Names that somebody gave, as they stand in the page: see `jobsphere_names`.

use std::borrow::Cow;

use leptos::prelude::*;

use super::text::{use_text, words};
use jobsphere_names::{has_marks, readable, saved, shown};

/// A name: its direction of writing is its own, and what cannot be seen in it is made visible.
#[component]
pub(crate) fn Name(
    /// The name.
    #[prop(into)]
    of: Signal<String>,
) -> impl IntoView {
    view! { <bdi>{move || shown(&of.read()).into_owned()}</bdi> }
}

/// A text that somebody gave, perhaps of several lines; as [`Name`].
#[component]
pub(crate) fn Passage(
    /// The text.
    #[prop(into)]
    of: Signal<String>,
) -> impl IntoView {
    view! { <bdi>{move || readable(&of.read()).into_owned()}</bdi> }
}

/// Says under which name a file is saved, where that is another than its own.
#[component]
pub(crate) fn SavedAs(
    /// The file's path.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    let text = use_text();
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    has_marks(&name).then(|| {
        let sentence = move || {
            text.get(words::DownloadSavedAs {
                file: saved(&name).into_owned(),
            })
        };
        view! { <span class="hint" role="status">{sentence}</span> }
    })
}

/// Shows a name that is being written, where there is something in it that cannot be seen.
#[component]
pub(crate) fn Marks(
    /// What is written.
    #[prop(into)]
    of: Signal<String>,
) -> impl IntoView {
    let text = use_text();
    let marked = Memo::new(move |_| {
        let written = of.read();
        // Lines may end in a command.
        let is_marked = |line: &&str| matches!(readable(line), Cow::Owned(_));
        written.lines().find(is_marked).map(str::to_owned)
    });
    move || {
        marked.get().map(|line| {
            view! { <p class="hint marks">{text.say(words::NAME_MARKS)} " " <code><Passage of=line /></code></p> }
        })
    }
}
