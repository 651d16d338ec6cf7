//! The Python environment: what it is made of, and what was found in the program.

use crate::app::text::{Message, words};
use leptos::prelude::*;

use super::program::ProgramView;
use crate::app::new_job::{
    state::form::Form,
    view::{
        field::{CheckField, ChoiceField, TextField},
        rows::{Rows, Words},
    },
};
use jobsphere_authoring::draft::{Column, Item, List, PythonKind};

const ROOT_PATHS: Words = Words::new(
    words::ROOTS_HEADING,
    words::ROOTS_HINT,
    words::ROOTS_ADD,
    &[(Column::First, words::PATH_LABEL)],
);
const LOCAL_PATHS: Words = Words::new(
    words::LOCALS_HEADING,
    words::LOCALS_HINT,
    words::LOCALS_ADD,
    &[(Column::First, words::PATH_LABEL)],
);
const INDEXES: Words = Words::new(
    words::INDEXES_HEADING,
    words::INDEXES_HINT,
    words::INDEXES_ADD,
    &[(Column::First, words::ADDRESS_LABEL)],
);
const HOSTS: Words = Words::new(
    words::HOSTS_HEADING,
    words::HOSTS_HINT,
    words::HOSTS_ADD,
    &[(Column::First, words::HOST_LABEL)],
);

const PYTHONS: &[(&str, Option<Message>)] = &[
    ("none", Some(words::PYTHON_NONE)),
    ("auto", Some(words::PYTHON_AUTO)),
    ("manual", Some(words::PYTHON_MANUAL)),
];

/// The Python environment.
#[component]
pub(crate) fn PythonOptions(
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    let kind = Memo::new(move |_| form.with(|draft| draft.python.kind));
    let chosen = move || match kind.get() {
        PythonKind::None => "none",
        PythonKind::Auto => "auto",
        PythonKind::Manual => "manual",
    };
    let choose = move |chosen: String| {
        form.edit(|draft| {
            draft.python.kind = match chosen.as_str() {
                "auto" => PythonKind::Auto,
                "manual" => PythonKind::Manual,
                _ => PythonKind::None,
            };
        });
    };
    view! {
        <ChoiceField
            id="field-python-kind"
            label=words::PYTHON_LABEL
            choices=PYTHONS
            chosen=Signal::derive(move || chosen().to_owned())
            on_choose=choose
        />
        <Show when=move || kind.get() != PythonKind::None>
            <ProgramView form />
            <TextField
                form
                item=Item::PythonVersion
                label=words::PYTHON_VERSION_LABEL
                hint=words::PYTHON_VERSION_HINT
                code=true
            />
        </Show>
        <Show when=move || kind.get() == PythonKind::Manual>
            <TextField
                form
                item=Item::RequirementsFile
                label=words::REQUIREMENTS_FILE_LABEL
                hint=words::REQUIREMENTS_FILE_HINT
                code=true
            />
            <Rows form list=List::LocalPaths words=LOCAL_PATHS />
        </Show>
        <Show when=move || kind.get() != PythonKind::None>
            <TextField
                form
                item=Item::Requirements
                label=words::REQUIREMENTS_LABEL
                hint=words::REQUIREMENTS_HINT
                rows=4
                code=true
            />
            <Rows form list=List::RootPaths words=ROOT_PATHS />
            <TextField form item=Item::IndexUrl label=words::INDEX_LABEL code=true />
            <Rows form list=List::ExtraIndexUrls words=INDEXES />
            <Rows form list=List::TrustedHosts words=HOSTS />
            <CheckField
                label=words::NO_DEPS_LABEL
                checked=Signal::derive(move || form.with(|draft| draft.python.no_deps))
                on_change=move |on| form.edit(|draft| draft.python.no_deps = on)
            />
        </Show>
    }
}
