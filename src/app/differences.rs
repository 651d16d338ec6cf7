//! What differs between two jobs, in words.

use leptos::prelude::*;

use super::text::{Text, use_text};
use crate::job::difference::{Change, Said};

/// So much of a digest tells contents apart for a person.
const DIGEST_CHARS: usize = 8;
/// So much of a text stands in a sentence.
const MAX_CHARS: usize = 60;

/// What is said under a name, or a dash.
pub(crate) fn said(text: Text, said: Option<&Said>) -> String {
    match said {
        None => "—".to_owned(),
        Some(Said::Text(text)) => text.clone(),
        Some(Said::Path) => text.get("path-without-var"),
        Some(Said::Content { sha256, size_bytes }) => {
            let size = text.size(*size_bytes as f64);
            match sha256.get(..DIGEST_CHARS) {
                Some(start) => text.with("content-known", [("size", size.into()), ("digest", start.into())]),
                None => text.with("content-new", [("size", size.into())]),
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
    let id = match (&before, &after) {
        (None, _) => "change-added",
        (_, None) => "change-removed",
        _ => "change-replaced",
    };
    let sentence = move || {
        let before = shortened(&said(text, before.as_ref()));
        let after = shortened(&said(text, after.as_ref()));
        text.with(id, [("before", before.into()), ("after", after.into())])
    };
    view! { <code>{name}</code>": "{sentence} }
}

fn shortened(words: &str) -> String {
    let line = words.lines().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
