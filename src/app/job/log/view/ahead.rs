//! The end of a long log, shown while all that comes before it is still being read.

use leptos::{html, prelude::*};
use web_sys::{HtmlElement, wasm_bindgen::JsCast};

use super::look::Look;
use crate::{
    app::job::log::state::log::Log,
    browser::log_rows::{RowNodes, Shown},
};
use jobsphere_log::{model::Rows, view::cache::Cache};

/// Over the rows that have been read: those at the log's end. Nothing in them can be pressed, as nobody knows their
/// numbers yet.
#[component]
pub(crate) fn LogAhead(log: Log, is_ahead: Memo<bool>) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    Effect::new(move || {
        log.text.language();
        log.reading.times.track();
        if let Some(host) = host.get() {
            host.set_text_content(None);
            draw(log, host.unchecked_into());
        }
    });
    view! {
        <Show when=move || is_ahead.get()>
            <div class="log-ahead" node_ref=host></div>
        </Show>
    }
}

fn draw(log: Log, host: HtmlElement) {
    let (Some(ahead), Some(mut nodes)) = (log.ahead.get_untracked(), RowNodes::new(host)) else {
        return;
    };
    let count = ahead.rows.len() as u64;
    let mut cache = Cache::default();
    let rows = Rows {
        rows: ahead.rows,
        of: count,
        ..Rows::default()
    };
    cache.take(rows);
    let began_ms = log.count.read_untracked().began_ms;
    let look = untrack(|| Look::of(log, began_ms, &ahead.sources));
    let drawn = nodes.draw(0..count, |number| Shown {
        number: String::new(),
        link: String::new(),
        fold: String::new(),
        states: String::new(),
        cut: String::new(),
        ..untrack(|| look.shown(&cache, number))
    });
    if drawn.is_err() {
        // The rows below are drawn in any case.
        log.ahead.set(None);
    }
}
