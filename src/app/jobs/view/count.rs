//! How many jobs there are, how many are shown, and what else is to be said about that.

use leptos::prelude::*;

use super::filters;
use crate::app::jobs::state::list::List;
use crate::{
    app::text::{use_text, words},
    browser::{document, view_port},
};

/// "12 of 340 jobs; still reading".
#[component]
pub(crate) fn HowMany(list: List) -> impl IntoView {
    let text = use_text();
    let known = list.known;
    let shown = Memo::new(move |_| list.finding.found.read().as_ref().map(|found| found.slots.len()));
    let held = Memo::new(move |_| list.finding.found.read().as_ref().map_or(0, |found| found.held));
    let is_filter = Memo::new(move |_| list.query.read().is_filter());
    let count = Memo::new(move |_| known.count.get().unwrap_or_default());
    let said = move || {
        let (shown, count) = (shown.get()?, count.get());
        Some(if is_filter.get() {
            text.get(words::JobsSome { shown, count })
        } else {
            text.get(words::JobsAll { count })
        })
    };
    let still = move || match (known.is_whole.get(), known.rests.get()) {
        (true, _) => None,
        (false, true) => Some(text.get(words::JOBS_NEWEST_ONLY)),
        (false, false) => Some(text.get(words::JOBS_READING)),
    };
    let clear = move |_| {
        list.go.run((list.query.get_untracked().without_filter(), false));
        document::focus(filters::SEARCH);
    };
    let show_new = move |_| {
        list.finding.up_to_rank.set(i64::MAX);
        view_port::scroll_by(-f64::from(i32::MAX));
    };
    let nothing_fits = move || is_filter.get() && shown.get() == Some(0) && held.get() == 0;
    view! {
        <div class="how-many">
            <p>{said} " " <span class="quiet">{still}</span></p>
            <Show when=move || known.rests.get()>
                <button type="button" on:click=move |_| known.wants_all.set(true)>
                    {text.say(words::JOBS_READ_REST)}
                </button>
            </Show>
            <Show when=move || is_filter.get() && !nothing_fits()>
                <button type="button" on:click=clear>{text.say(words::FILTERS_CLEAR)}</button>
            </Show>
        </div>
        <Show when=nothing_fits>
            <section class="empty">
                <h2>{text.say(words::FILTERS_NOTHING)}</h2>
                <p>
                    {move || {
                        text.get(if known.is_whole.get() {
                            words::FILTERS_NOTHING_TEXT
                        } else {
                            words::FILTERS_NOTHING_YET
                        })
                    }}
                </p>
                <p>
                    <button type="button" class="button-main" on:click=clear>{text.say(words::FILTERS_CLEAR)}</button>
                </p>
            </section>
        </Show>
        <Show when=move || { held.get() > 0 }>
            <button type="button" class="new-jobs" on:click=show_new>
                {move || text.get(words::JobsNew { count: held.get() })}
            </button>
        </Show>
    }
}
