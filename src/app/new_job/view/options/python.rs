//! The Python environment: what it is made of, and what was found in the program.

use leptos::prelude::*;

use super::{program::ProgramView, words};
use crate::{
    app::new_job::{
        state::form::Form,
        view::{
            field::{CheckField, ChoiceField, TextField},
            rows::{Rows, Words},
        },
    },
    job::draft::{Column, Item, List, PythonKind},
};

const ROOT_PATHS: Words = words(
    "roots-heading",
    "roots-hint",
    "roots-add",
    &[(Column::First, "path-label")],
);
const LOCAL_PATHS: Words = words(
    "locals-heading",
    "locals-hint",
    "locals-add",
    &[(Column::First, "path-label")],
);
const INDEXES: Words = words(
    "indexes-heading",
    "indexes-hint",
    "indexes-add",
    &[(Column::First, "address-label")],
);
const HOSTS: Words = words(
    "hosts-heading",
    "hosts-hint",
    "hosts-add",
    &[(Column::First, "host-label")],
);

const PYTHONS: &[(&str, &str)] = &[
    ("none", "python-none"),
    ("auto", "python-auto"),
    ("manual", "python-manual"),
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
            label="python-label"
            choices=PYTHONS
            chosen=Signal::derive(move || chosen().to_owned())
            on_choose=choose
        />
        <Show when=move || kind.get() != PythonKind::None>
            <ProgramView form />
            <TextField form item=Item::PythonVersion label="python-version-label" hint="python-version-hint" code=true />
        </Show>
        <Show when=move || kind.get() == PythonKind::Manual>
            <TextField form item=Item::RequirementsFile label="requirements-file-label" hint="requirements-file-hint" code=true />
            <Rows form list=List::LocalPaths words=LOCAL_PATHS />
        </Show>
        <Show when=move || kind.get() != PythonKind::None>
            <TextField form item=Item::Requirements label="requirements-label" hint="requirements-hint" rows=4 code=true />
            <Rows form list=List::RootPaths words=ROOT_PATHS />
            <TextField form item=Item::IndexUrl label="index-label" code=true />
            <Rows form list=List::ExtraIndexUrls words=INDEXES />
            <Rows form list=List::TrustedHosts words=HOSTS />
            <CheckField
                label="no-deps-label"
                checked=Signal::derive(move || form.with(|draft| draft.python.no_deps))
                on_change=move |on| form.edit(|draft| draft.python.no_deps = on)
            />
        </Show>
    }
}
