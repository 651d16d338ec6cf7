//! The command, with the names it may mention.

use leptos::prelude::*;

use super::field::TextField;
use crate::{
    app::{
        new_job::state::form::Form,
        text::{use_text, words},
    },
    browser::caret,
};
use jobsphere_authoring::draft::{Field, Item};
use jobsphere_rules::command::{mentions, unfinished};

/// The command and what helps in writing it.
#[component]
pub(crate) fn Command(
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    view! {
        <div class="command">
            <TextField form item=Item::Cmd label=words::CMD_LABEL hint=words::CMD_HINT rows=4 code=true />
            <Variables form />
            <Unknown form />
        </div>
    }
}

/// The `${VAR}` texts that the command may use; pressing one puts it where the caret stands.
#[component]
fn Variables(form: Form) -> impl IntoView {
    let text = use_text();
    let variables = Memo::new(move |_| form.with(jobsphere_authoring::draft::Draft::variables));
    let name = move |name: String| {
        let shown = format!("${{{name}}}");
        view! {
            <button type="button" class="small code" on:click=move |_| insert(form, &name)>
                {shown}
            </button>
            " "
        }
    };
    move || {
        let variables = variables.get();
        (!variables.is_empty()).then(|| {
            let names = variables.into_iter().map(name);
            view! { <p class="hint variables">{text.say(words::CMD_VARIABLES)} " " {names.collect_view()}</p> }
        })
    }
}

/// Puts `${name}` at the caret; what was typed of a name there is completed by it.
fn insert(form: Form, name: &str) {
    let id = Field::Item(Item::Cmd).id();
    let range = form.with(|draft| {
        let cmd = &draft.cmd;
        let place = caret::place(&id).map_or(cmd.len(), |units| byte_of(cmd, units));
        let from = unfinished(&cmd[..place]).unwrap_or(place);
        units(&cmd[..from])..units(&cmd[..place])
    });
    caret::write(&id, range, &format!("${{{name}}}"));
}

/// The length in UTF-16 units.
fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The byte at a place counted in UTF-16 units.
fn byte_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(letter.len_utf16());
    }
    text.len()
}

/// Names that the command mentions and nothing defines, said while it is written.
#[component]
fn Unknown(form: Form) -> impl IntoView {
    let text = use_text();
    let unknown = Memo::new(move |_| {
        form.with(|draft| {
            let known = draft.variables();
            let names = mentions(&draft.cmd).into_iter().map(|mention| mention.name.to_owned());
            let mut unknown: Vec<String> = names.filter(|name| !known.contains(name)).collect();
            unknown.dedup();
            unknown
        })
    });
    let mark = |name: String| view! { <mark>{format!("${{{name}}}")}</mark> " " };
    move || {
        let unknown = unknown.get();
        (!unknown.is_empty()).then(|| {
            view! {
                <p class="hint variables">
                    {text.say(words::CMD_UNKNOWN)} " " {unknown.into_iter().map(mark).collect_view()}
                </p>
            }
        })
    }
}
