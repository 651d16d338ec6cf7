//! What doing something to jobs frees and breaks, said before it is done.

use leptos::prelude::*;

use crate::app::{
    jobs::state::{bulk_action::Sifted, loaded_jobs::LoadedJobs},
    text::{Message, use_text, words},
};
use jobsphere_rules::lifetime::{Action, Freed};

/// The days that may be typed.
const MOST_DAYS: u32 = 36_500;

/// What will be done: to how many, what it frees, what it breaks.
#[component]
pub(crate) fn WillDo(
    known: LoadedJobs,
    action: RwSignal<Action>,
    /// The jobs it can be done to, and why not to the others.
    sifted: Memo<Sifted>,
) -> impl IntoView {
    let text = use_text();
    let is_about_data = Memo::new(move |_| matches!(action.get(), Action::Delete | Action::DeleteData));
    let refused = move || {
        let reasons = sifted.read().1.clone();
        let one = |(reason, count): (Message, usize)| {
            let reason = text.get(reason);
            view! { <p class="notice notice-warn">{text.get(words::ActLeftOut { count, reason })}</p> }
        };
        reasons.into_iter().map(one).collect_view()
    };
    view! {
        {refused}
        <Show when=move || matches!(action.get(), Action::Cancel)><p>{text.say(words::ACT_CANCEL_TEXT)}</p></Show>
        <Show when=move || matches!(action.get(), Action::Keep { .. })><Days action /></Show>
        <Show when=move || is_about_data.get()>
            <Frees known sifted />
            <Breaks known action sifted />
        </Show>
    }
}

#[component]
fn Days(action: RwSignal<Action>) -> impl IntoView {
    let text = use_text();
    let days = move || match action.get() {
        Action::Keep { days } => days,
        _ => None,
    };
    let last = StoredValue::new(untrack(days).unwrap_or(14));
    let typed = move |event| {
        if let Some(days) = event_target_value(&event)
            .parse()
            .ok()
            .filter(|days| (1..=MOST_DAYS).contains(days))
        {
            last.set_value(days);
            action.set(Action::Keep { days: Some(days) });
        }
    };
    let is_forever = move || days().is_none();
    view! {
        <fieldset class="plain keep">
            <legend class="visually-hidden">{text.say(words::KEEP_LABEL)}</legend>
            <label class="check">
                <input
                    type="radio"
                    name="keep"
                    prop:checked=move || !is_forever()
                    on:change=move |_| action.set(Action::Keep { days: Some(last.get_value()) })
                />
                <span>{text.say(words::KEEP_DAYS)}</span>
            </label>
            <input
                type="number"
                min="1"
                max=MOST_DAYS.to_string()
                aria-label=text.say(words::KEEP_DAYS_LABEL)
                prop:value=untrack(days).unwrap_or(14).to_string()
                on:input=typed
            />
            <label class="check">
                <input
                    type="radio"
                    name="keep"
                    prop:checked=is_forever
                    on:change=move |_| action.set(Action::Keep { days: None })
                />
                <span>{text.say(words::KEEP_FOREVER)}</span>
            </label>
            <p class="hint">{text.say(words::KEEP_HINT)}</p>
        </fieldset>
    }
}

/// The bytes that go, and those that stay because other jobs need them.
#[component]
fn Frees(known: LoadedJobs, sifted: Memo<Sifted>) -> impl IntoView {
    let text = use_text();
    let freed = Memo::new(move |_| {
        known.version.track();
        let sifted = sifted.read();
        known.with(|index| {
            let slots: Vec<_> = sifted.0.iter().filter_map(|target| index.slot_of(&target.id)).collect();
            (slots.len() == sifted.0.len()).then(|| index.freed_by(&slots))
        })
    });
    let said = move || match freed.get() {
        None if !known.is_whole.get() => text.get(words::FREES_COUNTING),
        None => text.get(words::FREES_UNKNOWN),
        Some(Freed { freed_bytes, .. }) => {
            let size = text.size(freed_bytes as f64);
            if known.is_whole.get() {
                text.get(words::Frees { size })
            } else {
                text.get(words::FreesAtMost { size })
            }
        }
    };
    let kept = move || {
        let kept_bytes = freed.get()?.kept_bytes;
        (kept_bytes > 0).then(|| {
            text.get(words::FreesKept {
                size: text.size(kept_bytes as f64),
            })
        })
    };
    view! {
        <p>{said} " " {kept}</p>
        <Show when=move || !known.is_whole.get()>
            <p class="hint">
                {move || text.get(words::FreesRead { count: known.count.get().unwrap_or_default() })}
            </p>
        </Show>
    }
}

/// What cannot be done any more afterwards.
#[component]
fn Breaks(known: LoadedJobs, action: RwSignal<Action>, sifted: Memo<Sifted>) -> impl IntoView {
    let text = use_text();
    let count = Memo::new(move |_| sifted.read().0.iter().filter(|target| !target.cleared).count());
    let copies = Memo::new(move |_| {
        known.version.track();
        let sifted = sifted.read();
        known.with(|index| {
            let slots: Vec<_> = sifted.0.iter().filter_map(|target| index.slot_of(&target.id)).collect();
            index.copies_of(&slots)
        })
    });
    view! {
        <ul class="breaks">
            <Show when=move || matches!(action.get(), Action::Delete)>
                <li>{text.say(words::BREAKS_RECORD)}</li>
            </Show>
            <Show when=move || { count.get() > 0 }>
                <li>{move || text.get(words::BreaksAgain { count: count.get() })}</li>
                <li>{text.say(words::BREAKS_FILES)}</li>
                <li>{text.say(words::BREAKS_LINKS)}</li>
            </Show>
            <Show when=move || { copies.get() > 0 }>
                <li>{move || text.get(words::BreaksNotCopies { count: copies.get() })}</li>
            </Show>
        </ul>
    }
}
