//! Pictures and tables among the outputs of a link, shown without a press.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::{
    job::{
        results::{
            state::preview::{Address, Shown, show},
            view::preview::table::TableView,
        },
        shared::state::{
            looks::{Look, MAX_BYTES, fetch, looks},
            watch::Shared,
        },
    },
    name::Name,
    task::run_while_mounted,
    text::{use_text, words},
};
use jobsphere_results::table::Table;

/// All outputs together are fetched unasked up to this size.
const MAX_ALL_BYTES: i64 = 64 << 20;

/// A look that is on the page.
#[derive(Clone)]
struct OnPage {
    number: usize,
    path: String,
    what: What,
}

#[derive(Clone)]
enum What {
    Picture(Address),
    Table(Arc<Table>, bool),
}

/// The looks, one after another as they come.
#[component]
pub(crate) fn Looks(shared: Shared) -> impl IntoView {
    let text = use_text();
    let outputs = Memo::new(move |_| {
        let job = shared.job.read();
        job.as_ref().map(|job| job.outputs.clone()).unwrap_or_default()
    });
    let shown = RwSignal::new(Vec::<OnPage>::new());
    Effect::new(move |_| {
        let outputs = outputs.get();
        shown.set(Vec::new());
        let holder = shared.holder.get_value();
        run_while_mounted(async move {
            let Some(holder) = holder else { return };
            let mut left_bytes = MAX_ALL_BYTES;
            for output in outputs.iter().filter(|output| output.is_there) {
                if output.size_bytes > MAX_BYTES.min(left_bytes) {
                    continue;
                }
                left_bytes -= output.size_bytes;
                // Why an output cannot be had is said where it is downloaded.
                let Ok(file) = fetch(holder.credentials(), output).await else {
                    continue;
                };
                for look in looks(&file, output).await {
                    let path = look.path.clone();
                    if let Some(what) = what(look).await {
                        let number = shown.read_untracked().len();
                        shown.update(|shown| shown.push(OnPage { number, path, what }));
                    }
                }
            }
        });
    });
    view! {
        <Show when=move || !shown.read().is_empty()>
            <section class="looks" aria-label=text.say(words::SHARED_LOOKS)>
                <For each=move || shown.get() key=|look| look.number let(look)>
                    <One look />
                </For>
            </section>
        </Show>
    }
}

async fn what(look: Look) -> Option<What> {
    let is_whole = look.is_whole;
    match show(&look.path, &look.bytes, is_whole).await {
        Shown::Image(address) => Some(What::Picture(address)),
        Shown::Table(table) => Some(What::Table(table, !is_whole)),
        _ => None,
    }
}

#[component]
fn One(look: OnPage) -> impl IntoView {
    let OnPage { path, what, .. } = look;
    let alt = path.clone();
    let body = match what {
        What::Picture(address) => {
            let source = address.as_str().to_owned();
            view! { <img class="preview-image" src=source alt=alt /> }.into_any()
        }
        What::Table(table, is_partial) => view! { <TableView table is_partial /> }.into_any(),
    };
    view! {
        <figure class="look">
            <figcaption class="file-name"><Name of=path /></figcaption>
            {body}
        </figure>
    }
}
