//! What the list is asked for: words, states, time, instance type.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::columns::Columns;
use crate::app::jobs::state::list::List;
use crate::{
    api::jobs::JobStatus,
    app::{
        status::message_of,
        text::{use_text, words},
    },
};
use jobsphere_overview::listing::{Day, Period, STATES};

/// The id of the search field.
pub(crate) const SEARCH: &str = "jobs-search";
/// The address follows what is typed after such a pause.
const SETTLES: Duration = Duration::from_millis(300);
const DAYS: &str = "days";

/// The row of filters.
#[component]
pub(crate) fn Filters(list: List) -> impl IntoView {
    let text = use_text();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let write = move || list.go.run((list.query.get_untracked(), true));
    let typed = move |event| {
        list.typed.set(event_target_value(&event));
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(write, SETTLES).ok());
    };
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    view! {
        <search class="filters">
            <label class="filter filter-text">
                <span>{text.say(words::FILTER_TEXT)}</span>
                <input
                    id=SEARCH
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    aria-keyshortcuts="/"
                    placeholder=text.say(words::FILTER_TEXT_HINT)
                    prop:value=list.typed
                    on:input=typed
                />
            </label>
            <States list />
            <Time list />
            <Instance list />
            <Columns list />
        </search>
    }
}

#[component]
fn States(list: List) -> impl IntoView {
    let text = use_text();
    let chosen = Memo::new(move |_| list.query.read().states.clone());
    let summary = move || match chosen.read().as_slice() {
        [] => text.get(words::FILTER_STATES_ALL),
        [one] => text.get(message_of(*one)),
        several => text.get(words::FilterStatesSome { count: several.len() }),
    };
    view! {
        <details class="filter menu">
            <summary>{text.say(words::COLUMN_STATE)} ": " {summary}</summary>
            <fieldset class="menu-body">
                <legend class="visually-hidden">{text.say(words::COLUMN_STATE)}</legend>
                {STATES.map(|state| view! { <StateChoice list state /> }).collect_view()}
            </fieldset>
        </details>
    }
}

#[component]
fn StateChoice(list: List, state: JobStatus) -> impl IntoView {
    let text = use_text();
    let place = STATES.iter().position(|other| *other == state);
    let count = Memo::new(move |_| {
        let found = list.finding.found.read();
        place.and_then(|place| found.as_ref().map(|found| found.states[place]))
    });
    let toggle = move |event| {
        let is_wanted = event_target_checked(&event);
        list.ask(|query| {
            let wanted = |other: &JobStatus| {
                if *other == state {
                    is_wanted
                } else {
                    query.states.contains(other)
                }
            };
            query.states = STATES.into_iter().filter(wanted).collect();
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || list.query.read().states.contains(&state) on:change=toggle />
            <span>{text.say(message_of(state))}</span>
            <span class="quiet number">{move || count.get().map(|count| text.number(count as f64))}</span>
        </label>
    }
}

#[component]
fn Time(list: List) -> impl IntoView {
    let text = use_text();
    // The fields for days stay while they are empty.
    let asks_for_days = RwSignal::new(false);
    let period = Memo::new(move |_| list.query.read().period);
    let value = move || match period.get() {
        Period::Days { .. } => DAYS.to_owned(),
        _ if asks_for_days.get() => DAYS.to_owned(),
        period => period.since().unwrap_or_default(),
    };
    let choose = move |event| {
        let chosen = event_target_value(&event);
        asks_for_days.set(chosen == DAYS);
        if chosen != DAYS {
            list.ask(|query| query.period = Period::read_since(&chosen).unwrap_or_default());
        }
    };
    let days = move || match period.get() {
        Period::Days { from, to } => (from, to),
        _ => (None, None),
    };
    let set_days = move |from: Option<Day>, to: Option<Day>| {
        asks_for_days.set(true);
        let is_any = from.is_none() && to.is_none();
        list.ask(|query| query.period = if is_any { Period::Any } else { Period::Days { from, to } });
    };
    let write = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let names = [words::FILTER_HOUR, words::FILTER_DAY, words::FILTER_WEEK];
    view! {
        <label class="filter">
            <span>{text.say(words::COLUMN_CREATED)}</span>
            <select on:change=choose prop:value=value>
                <option value="" selected=move || value().is_empty()>{text.say(words::FILTER_ANY_TIME)}</option>
                {Period::OFFERED
                    .into_iter()
                    .zip(names)
                    .map(|(period, name)| {
                        let since = period.since().unwrap_or_default();
                        view! { <option value=since.clone() selected=move || value() == since>{text.say(name)}</option> }
                    })
                    .collect_view()}
                <OtherPeriod list />
                <option value=DAYS selected=move || value() == DAYS>{text.say(words::FILTER_DAYS)}</option>
            </select>
        </label>
        <Show when=move || value() == DAYS>
            <label class="filter">
                <span>{text.say(words::FILTER_FROM)}</span>
                <input
                    type="date"
                    prop:value=move || write(days().0)
                    on:change=move |event| set_days(Day::read(&event_target_value(&event)), untrack(days).1)
                />
            </label>
            <label class="filter">
                <span>{text.say(words::FILTER_TO)}</span>
                <input
                    type="date"
                    prop:value=move || write(days().1)
                    on:change=move |event| set_days(untrack(days).0, Day::read(&event_target_value(&event)))
                />
            </label>
        </Show>
    }
}

/// A period that an address asks for and that is not offered by name.
#[component]
fn OtherPeriod(list: List) -> impl IntoView {
    let other = Memo::new(move |_| {
        let period = list.query.read().period;
        period.since().filter(|_| !Period::OFFERED.contains(&period))
    });
    move || {
        other
            .get()
            .map(|since| view! { <option value=since.clone() selected>{since.clone()}</option> })
    }
}

#[component]
fn Instance(list: List) -> impl IntoView {
    let text = use_text();
    let chosen = Memo::new(move |_| list.query.read().instance.clone());
    let known = Memo::new(move |_| {
        let found = list.finding.found.read();
        let types = found.as_ref().map(|found| found.instances.clone()).unwrap_or_default();
        let mut names: Vec<_> = types.into_iter().collect();
        let chosen = chosen.get();
        if !chosen.is_empty() && names.iter().all(|(name, _)| *name != chosen) {
            names.push((chosen, 0));
        }
        names
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        list.ask(|query| query.instance = name);
    };
    let options = move || {
        let option = |(name, count): (String, usize)| {
            let label = format!("{name} ({})", text.number(count as f64));
            let is_chosen = *chosen.read() == name;
            view! { <option value=name selected=is_chosen>{label}</option> }
        };
        known.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || !known.read().is_empty()>
            <label class="filter">
                <span>{text.say(words::COLUMN_INSTANCE)}</span>
                <select on:change=choose>
                    <option value="" selected=move || chosen.read().is_empty()>
                        {text.say(words::FILTER_ANY_INSTANCE)}
                    </option>
                    {options}
                </select>
            </label>
        </Show>
    }
}
