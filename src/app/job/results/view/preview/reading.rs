//! How a text was read, and the choice of another way.

use leptos::prelude::*;

use crate::app::{
    job::results::state::preview::Manner,
    text::{Message, Text, use_text, words},
};
use jobsphere_results::{
    decoding::{CHOICES, Why},
    look::{Cells, Choice},
    table::Separator,
};

/// What may stand between cells, with the value that stands for it in the page.
const SEPARATORS: [(&str, Separator, Message); 5] = [
    ("comma", Separator::Char(','), words::CELLS_COMMA),
    ("semicolon", Separator::Char(';'), words::CELLS_SEMICOLON),
    ("tab", Separator::Char('\t'), words::CELLS_TAB),
    ("bar", Separator::Char('|'), words::CELLS_BAR),
    ("blanks", Separator::Blanks, words::CELLS_BLANKS),
];
const UNCUT: &str = "uncut";

/// The sentence, and behind it the choices.
#[component]
pub(crate) fn Reading(
    /// How it was read.
    manner: Manner,
    /// What the person wants.
    choice: RwSignal<Choice>,
    /// Whether the choices are seen.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let text = use_text();
    let has_faults = manner.said.has_faults;
    let may_be_table = manner.may_be_table;
    let said = {
        let manner = manner.clone();
        move || said(text, &manner)
    };
    view! {
        <details
            class="reading"
            open=is_open.get_untracked()
            on:toggle=move |event| is_open.set(crate::app::tree::is_open_now(&event))
        >
            <summary class="quiet">{said}</summary>
            <div class="plot-choice">
                <EncodingChoice manner=manner.clone() choice />
                {may_be_table.then(|| view! { <CellsChoice choice /> })}
            </div>
        </details>
        {has_faults.then(|| view! { <p class="hint" role="status">{text.say(words::READ_FAULTS)}</p> })}
    }
}

fn said(text: Text, manner: &Manner) -> String {
    let encoding = manner.said.encoding.as_str();
    let read = match manner.said.why {
        Why::Guessed => text.get(words::ReadGuessed { encoding }),
        Why::Usual | Why::Marked | Why::Chosen => text.get(words::ReadAs { encoding }),
    };
    let mark = manner.separator.map(|separator| {
        let known = SEPARATORS.iter().find(|(_, known, _)| *known == separator);
        match (known, separator) {
            (Some((.., name)), _) => text.get(*name),
            (None, Separator::Char(letter)) => letter.to_string(),
            (None, Separator::Blanks) => String::new(),
        }
    });
    match mark {
        Some(mark) => format!("{read} {}", text.get(words::ReadCells { mark: mark.as_str() })),
        None => read,
    }
}

#[component]
fn EncodingChoice(manner: Manner, choice: RwSignal<Choice>) -> impl IntoView {
    let text = use_text();
    let chosen = choice.read_untracked().encoding.clone();
    let choose = move |event| {
        let name = event_target_value(&event);
        choice.update(|choice| choice.encoding = (!name.is_empty()).then_some(name));
    };
    let guess = manner.said.encoding;
    let is_guessed = chosen.is_none();
    let guessed = move || match is_guessed {
        true => text.get(words::ReadingFound { name: guess.as_str() }),
        false => text.get(words::READING_FIND),
    };
    let option = |name: &'static str| {
        let is_chosen = chosen.as_deref() == Some(name);
        view! { <option value=name selected=is_chosen>{name}</option> }
    };
    view! {
        <label>
            {text.say(words::READING_ENCODING)} " "
            <select on:change=choose>
                <option value="" selected=is_guessed>{guessed}</option>
                {CHOICES.map(option).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn CellsChoice(choice: RwSignal<Choice>) -> impl IntoView {
    let text = use_text();
    let chosen = choice.read_untracked().cells;
    let choose = move |event| {
        let value = event_target_value(&event);
        let at = SEPARATORS.iter().find(|(name, ..)| *name == value);
        let cells = match at {
            Some((_, separator, _)) => Some(Cells::At(*separator)),
            None => (value == UNCUT).then_some(Cells::Uncut),
        };
        choice.update(|choice| choice.cells = cells);
    };
    let option = |(name, separator, words): (&'static str, Separator, Message)| {
        let is_chosen = chosen == Some(Cells::At(separator));
        view! { <option value=name selected=is_chosen>{text.say(words)}</option> }
    };
    view! {
        <label>
            {text.say(words::READING_CELLS)} " "
            <select on:change=choose>
                <option value="" selected=chosen.is_none()>{text.say(words::READING_FIND)}</option>
                {SEPARATORS.map(option).collect_view()}
                <option value=UNCUT selected={chosen == Some(Cells::Uncut)}>{text.say(words::CELLS_UNCUT)}</option>
            </select>
        </label>
    }
}
