//! Everything beyond command, inputs and outputs: one step away, and found by its words.

pub(crate) mod program;
pub(crate) mod python;

use leptos::prelude::*;

use self::python::PythonOptions;
use super::{
    field::{CheckField, ChoiceField, TextField},
    rows::{Rows, Words},
};
use crate::{
    app::{
        new_job::state::{form::Form, problems::use_problems},
        text::use_text,
    },
    job::draft::{Column, ImageKind, Item, List},
};

const PATHS: &[(Column, &str)] = &[(Column::First, "path-label"), (Column::Second, "var-label")];
const PAIRS: &[(Column, &str)] = &[(Column::First, "pair-name-label"), (Column::Second, "pair-value-label")];
const IDS: &[(Column, &str)] = &[(Column::First, "id-label"), (Column::Second, "var-label")];
const DATASET: &[(Column, &str)] = &[
    (Column::First, "pair-name-label"),
    (Column::Second, "var-label"),
    (Column::Size, "size-label"),
    (Column::Description, "desc-label"),
    (Column::Labels, "labels-label"),
];

pub(super) const fn words(
    heading: &'static str,
    hint: &'static str,
    add: &'static str,
    columns: &'static [(Column, &'static str)],
) -> Words {
    Words {
        heading,
        hint,
        columns,
        add,
    }
}

/// Messages of the outputs.
pub(crate) const OUTPUTS: Words = words("outputs-heading", "outputs-hint", "outputs-add", PATHS);
const ARGUMENTS: Words = words("arguments-heading", "arguments-hint", "arguments-add", PAIRS);
const ENV: Words = words("env-heading", "env-hint", "env-add", PAIRS);
const S3_MOUNTS: Words = words("s3-heading", "s3-hint", "s3-add", IDS);
const DATASETS: Words = words("datasets-heading", "datasets-hint", "datasets-add", IDS);
const OUTPUT_DATASETS: Words = words(
    "output-datasets-heading",
    "output-datasets-hint",
    "output-datasets-add",
    DATASET,
);
const INSTANCES: Words = words(
    "instances-heading",
    "instances-hint",
    "instances-add",
    &[(Column::First, "instance-label")],
);

const IMAGES: &[(&str, &str)] = &[
    ("none", "image-none"),
    ("id", "image-by-id"),
    ("address", "image-by-address"),
];
const SIGNALS: &[(&str, &str)] = &[
    ("", "signal-default"),
    ("SIGTERM", "SIGTERM"),
    ("SIGINT", "SIGINT"),
    ("SIGHUP", "SIGHUP"),
    ("SIGUSR1", "SIGUSR1"),
    ("SIGUSR2", "SIGUSR2"),
];

/// A group of options, by the messages that a search looks at and the fields that hold it open.
#[derive(Clone, Copy)]
struct Group {
    heading: &'static str,
    messages: &'static [&'static str],
}

const DETAILS: Group = Group {
    heading: "group-details",
    messages: &[
        "desc-label",
        "arguments-heading",
        "arguments-hint",
        "env-heading",
        "env-hint",
    ],
};
const PYTHON: Group = Group {
    heading: "group-python",
    messages: &[
        "python-label",
        "python-version-label",
        "requirements-label",
        "requirements-file-label",
        "roots-heading",
        "locals-heading",
        "index-label",
        "indexes-heading",
        "hosts-heading",
        "no-deps-label",
    ],
};
const IMAGE: Group = Group {
    heading: "group-image",
    messages: &[
        "image-label",
        "image-id-label",
        "image-address-label",
        "image-secret-label",
    ],
};
const MACHINE: Group = Group {
    heading: "group-machine",
    messages: &["instances-heading", "instances-hint", "storage-label", "disk-label"],
};
const DATA: Group = Group {
    heading: "group-data",
    messages: &[
        "s3-heading",
        "datasets-heading",
        "output-datasets-heading",
        "spark-label",
    ],
};
const LIFE: Group = Group {
    heading: "group-life",
    messages: &["shutdown-label", "signal-label", "timeout-label", "ttl-label"],
};

/// All groups, and the field that finds among them.
#[component]
pub(crate) fn Options(
    /// The form they belong to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let wanted = RwSignal::new(String::new());
    view! {
        <section class="options" aria-label=text.say("options-label")>
            <div class="field">
                <label for="find-option">{text.say("options-find")}</label>
                <input id="find-option" type="search" autocomplete="off" bind:value=wanted />
            </div>
            <OptionGroup group=DETAILS wanted>
                <TextField form item=Item::Desc label="desc-label" rows=2 />
                <Rows form list=List::Arguments words=ARGUMENTS />
                <Rows form list=List::Env words=ENV />
            </OptionGroup>
            <OptionGroup group=PYTHON wanted>
                <PythonOptions form />
            </OptionGroup>
            <OptionGroup group=IMAGE wanted>
                <ImageOptions form />
            </OptionGroup>
            <OptionGroup group=MACHINE wanted>
                <Rows form list=List::InstanceTypes words=INSTANCES ranked=true />
                <TextField form item=Item::StorageSize label="storage-label" hint="storage-hint" code=true />
                <CheckField
                    label="disk-label"
                    checked=Signal::derive(move || form.with(|draft| draft.attach_project_disk))
                    on_change=move |on| form.edit(|draft| draft.attach_project_disk = on)
                />
            </OptionGroup>
            <OptionGroup group=DATA wanted>
                <Rows form list=List::S3Mounts words=S3_MOUNTS />
                <Rows form list=List::Datasets words=DATASETS />
                <Rows form list=List::OutputDatasets words=OUTPUT_DATASETS />
                <TextField form item=Item::SparkConnector label="spark-label" hint="spark-hint" code=true />
            </OptionGroup>
            <OptionGroup group=LIFE wanted>
                <LifeOptions form />
            </OptionGroup>
        </section>
    }
}

/// A group that opens by hand, when a search finds something in it, and when something in it is wrong.
#[component]
fn OptionGroup(group: Group, wanted: RwSignal<String>, children: Children) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let body = NodeRef::<leptos::html::Div>::new();
    let is_searched = move || !wanted.read().trim().is_empty();
    let is_found = move || {
        let wanted = wanted.get().trim().to_lowercase();
        let says = |message: &&str| text.get(message).to_lowercase().contains(&wanted);
        says(&group.heading) || group.messages.iter().any(says)
    };
    let holds_problem = move || {
        let elements = problems.elements();
        let holds = |body: &web_sys::HtmlDivElement, id: &str| {
            body.query_selector(&format!("#{id}"))
                .is_ok_and(|found| found.is_some())
        };
        body.get()
            .is_some_and(|body| elements.iter().any(|id| !id.is_empty() && holds(&body, id)))
    };
    view! {
        <details class="group" hidden=move || is_searched() && !is_found() open=move || is_searched() || holds_problem()>
            <summary>{text.say(group.heading)}</summary>
            <div class="group-body" node_ref=body>
                {children()}
            </div>
        </details>
    }
}

#[component]
fn ImageOptions(form: Form) -> impl IntoView {
    let kind = Memo::new(move |_| form.with(|draft| draft.image.kind));
    let chosen = move || match kind.get() {
        ImageKind::None => "none",
        ImageKind::Id => "id",
        ImageKind::Address => "address",
    };
    let choose = move |chosen: String| {
        form.edit(|draft| {
            draft.image.kind = match chosen.as_str() {
                "id" => ImageKind::Id,
                "address" => ImageKind::Address,
                _ => ImageKind::None,
            };
        });
    };
    view! {
        <ChoiceField
            id="field-image-kind"
            label="image-label"
            choices=IMAGES
            chosen=Signal::derive(move || chosen().to_owned())
            on_choose=choose
        />
        <Show when=move || kind.get() == ImageKind::Id>
            <TextField form item=Item::ImageId label="image-id-label" code=true />
        </Show>
        <Show when=move || kind.get() == ImageKind::Address>
            <TextField form item=Item::ImageAddress label="image-address-label" hint="image-address-hint" code=true />
            <TextField form item=Item::ImageUsername label="image-username-label" code=true />
            <TextField form item=Item::ImageSecret label="image-secret-label" hint="image-secret-hint" code=true />
        </Show>
    }
}

#[component]
fn LifeOptions(form: Form) -> impl IntoView {
    let is_on = Memo::new(move |_| form.with(|draft| draft.shutdown.is_on));
    view! {
        <TextField form item=Item::DataTtl label="ttl-label" hint="ttl-hint" code=true />
        <CheckField
            label="shutdown-label"
            checked=is_on
            on_change=move |on| form.edit(|draft| draft.shutdown.is_on = on)
        />
        <Show when=move || is_on.get()>
            <SignalField form />
            <TextField form item=Item::ShutdownTimeout label="timeout-label" hint="timeout-hint" code=true />
        </Show>
    }
}

#[component]
fn SignalField(form: Form) -> impl IntoView {
    view! {
        <ChoiceField
            id="field-shutdown-signal"
            label="signal-label"
            choices=SIGNALS
            chosen=Signal::derive(move || form.with(|draft| draft.shutdown.signal.clone()))
            on_choose=move |signal| form.edit(|draft| draft.shutdown.signal = signal)
        />
    }
}
