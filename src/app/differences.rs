//! What differs between two jobs, in words.

use leptos::prelude::*;

use super::{
    name::Name,
    text::{Text, use_text, words},
};
use jobsphere_authoring::difference::{Change, Said};

/// So much of a digest tells contents apart for a person.
const DIGEST_CHARS: usize = 8;
/// So much of a text stands in a sentence.
const MAX_CHARS: usize = 60;

/// What is said under a name, or a dash.
pub(crate) fn said(text: Text, said: Option<&Said>) -> String {
    match said {
        None => "—".to_owned(),
        Some(Said::Text(text)) => jobsphere_names::said(text).into_owned(),
        Some(Said::Path) => text.get(words::PATH_WITHOUT_VAR),
        Some(Said::Content { sha256, size_bytes }) => {
            let size = text.size(*size_bytes as f64);
            match sha256.get(..DIGEST_CHARS) {
                Some(start) => text.get(words::ContentKnown { size, digest: start }),
                None => text.get(words::ContentNew { size }),
            }
        }
    }
}

/// A change, as a short sentence: what became what.
#[component]
pub(crate) fn ChangeText(
    /// The change.
    change: Change,
) -> impl IntoView {
    let text = use_text();
    let Change { name, before, after } = change;
    let short = move |value: &Option<Said>| shortened(&said(text, value.as_ref()));
    let sentence = move || match (&before, &after) {
        (None, _) => text.get(words::ChangeAdded { after: short(&after) }),
        (_, None) => text.get(words::ChangeRemoved { before: short(&before) }),
        _ => text.get(words::ChangeReplaced {
            before: short(&before),
            after: short(&after),
        }),
    };
    view! { <code><Name of=name /></code>": "{sentence} }
}

fn shortened(words: &str) -> String {
    let line = words.lines().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
