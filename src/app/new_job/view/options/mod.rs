//! Everything beyond command, inputs and outputs: one step away, and found by its words.

mod packages;
pub(crate) mod program;
pub(crate) mod python;
mod unseen;

use leptos::prelude::*;

use self::python::PythonOptions;
use super::{
    field::{CheckField, ChoiceField, TextField},
    rows::{Rows, Words},
};
use crate::app::{
    new_job::state::{form::Form, problems::use_problems},
    text::{Message, Text, use_text, words},
};
use jobsphere_authoring::draft::{Column, Draft, ImageKind, Item, List, PythonKind};

const PATHS: &[(Column, Message)] = &[(Column::First, words::PATH_LABEL), (Column::Second, words::VAR_LABEL)];
const PAIRS: &[(Column, Message)] = &[
    (Column::First, words::PAIR_NAME_LABEL),
    (Column::Second, words::PAIR_VALUE_LABEL),
];
const IDS: &[(Column, Message)] = &[(Column::First, words::ID_LABEL), (Column::Second, words::VAR_LABEL)];
const DATASET: &[(Column, Message)] = &[
    (Column::First, words::PAIR_NAME_LABEL),
    (Column::Second, words::VAR_LABEL),
    (Column::Size, words::SIZE_LABEL),
    (Column::Description, words::DESC_LABEL),
    (Column::Labels, words::LABELS_LABEL),
];

/// Messages of the outputs.
pub(crate) const OUTPUTS: Words = Words::new(words::OUTPUTS_HEADING, words::OUTPUTS_HINT, words::OUTPUTS_ADD, PATHS);
const ARGUMENTS: Words = Words::new(
    words::ARGUMENTS_HEADING,
    words::ARGUMENTS_HINT,
    words::ARGUMENTS_ADD,
    PAIRS,
);
const ENV: Words = Words::new(words::ENV_HEADING, words::ENV_HINT, words::ENV_ADD, PAIRS);
const S3_MOUNTS: Words = Words::new(words::S3_HEADING, words::S3_HINT, words::S3_ADD, IDS);
const DATASETS: Words = Words::new(words::DATASETS_HEADING, words::DATASETS_HINT, words::DATASETS_ADD, IDS);
const OUTPUT_DATASETS: Words = Words::new(
    words::OUTPUT_DATASETS_HEADING,
    words::OUTPUT_DATASETS_HINT,
    words::OUTPUT_DATASETS_ADD,
    DATASET,
);
const INSTANCES: Words = Words::new(
    words::INSTANCES_HEADING,
    words::INSTANCES_HINT,
    words::INSTANCES_ADD,
    &[(Column::First, words::INSTANCE_LABEL)],
);

const IMAGES: &[(&str, Option<Message>)] = &[
    ("none", Some(words::IMAGE_NONE)),
    ("id", Some(words::IMAGE_BY_ID)),
    ("address", Some(words::IMAGE_BY_ADDRESS)),
];
const SIGNALS: &[(&str, Option<Message>)] = &[
    ("", Some(words::SIGNAL_DEFAULT)),
    ("SIGTERM", None),
    ("SIGINT", None),
    ("SIGHUP", None),
    ("SIGUSR1", None),
    ("SIGUSR2", None),
];

/// A group of options, by the messages that a search looks at and the fields that hold it open.
#[derive(Clone, Copy)]
struct Group {
    heading: Message,
    messages: &'static [Message],
    /// How many things are set in it.
    set: fn(&Draft) -> usize,
}

const DETAILS: Group = Group {
    heading: words::GROUP_DETAILS,
    messages: &[
        words::DESC_LABEL,
        words::ARGUMENTS_HEADING,
        words::ARGUMENTS_HINT,
        words::ENV_HEADING,
        words::ENV_HINT,
    ],
    set: |draft| {
        let rows = draft.written(List::Arguments).len() + draft.written(List::Env).len();
        rows + usize::from(is_written(&draft.desc))
    },
};
const PYTHON: Group = Group {
    heading: words::GROUP_PYTHON,
    messages: &[
        words::PYTHON_LABEL,
        words::PYTHON_VERSION_LABEL,
        words::REQUIREMENTS_LABEL,
        words::REQUIREMENTS_FILE_LABEL,
        words::ROOTS_HEADING,
        words::LOCALS_HEADING,
        words::INDEX_LABEL,
        words::INDEXES_HEADING,
        words::HOSTS_HEADING,
        words::NO_DEPS_LABEL,
    ],
    set: |draft| usize::from(draft.python.kind != PythonKind::None),
};
const IMAGE: Group = Group {
    heading: words::GROUP_IMAGE,
    messages: &[
        words::IMAGE_LABEL,
        words::IMAGE_ID_LABEL,
        words::IMAGE_ADDRESS_LABEL,
        words::IMAGE_SECRET_LABEL,
    ],
    set: |draft| usize::from(draft.image.kind != ImageKind::None),
};
const MACHINE: Group = Group {
    heading: words::GROUP_MACHINE,
    messages: &[
        words::INSTANCES_HEADING,
        words::INSTANCES_HINT,
        words::STORAGE_LABEL,
        words::DISK_LABEL,
    ],
    set: |draft| {
        let rows = draft.written(List::InstanceTypes).len();
        rows + usize::from(is_written(&draft.storage_size)) + usize::from(draft.attach_project_disk)
    },
};
const DATA: Group = Group {
    heading: words::GROUP_DATA,
    messages: &[
        words::S3_HEADING,
        words::DATASETS_HEADING,
        words::OUTPUT_DATASETS_HEADING,
        words::SPARK_LABEL,
    ],
    set: |draft| {
        let rows = [List::S3Mounts, List::Datasets, List::OutputDatasets].map(|list| draft.written(list).len());
        rows.iter().sum::<usize>() + usize::from(is_written(&draft.spark_connector))
    },
};
const LIFE: Group = Group {
    heading: words::GROUP_LIFE,
    messages: &[
        words::SHUTDOWN_LABEL,
        words::SIGNAL_LABEL,
        words::TIMEOUT_LABEL,
        words::TTL_LABEL,
    ],
    set: |draft| usize::from(draft.shutdown.is_on) + usize::from(is_written(&draft.data_ttl)),
};

const GROUPS: [Group; 6] = [DETAILS, PYTHON, IMAGE, MACHINE, DATA, LIFE];

impl Group {
    /// Whether a search for `wanted` finds it.
    fn is_found(&self, text: Text, wanted: &str) -> bool {
        let wanted = wanted.trim().to_lowercase();
        let says = |message: &Message| text.get(*message).to_lowercase().contains(&wanted);
        says(&self.heading) || self.messages.iter().any(says)
    }
}

fn is_written(text: &str) -> bool {
    !text.trim().is_empty()
}

/// All groups, and the field that finds among them.
#[component]
pub(crate) fn Options(
    /// The form they belong to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let wanted = RwSignal::new(String::new());
    view! {
        <section class="options" aria-label=text.say(words::OPTIONS_LABEL)>
            <div class="field">
                <label for="find-option">{text.say(words::OPTIONS_FIND)}</label>
                <input id="find-option" type="search" autocomplete="off" bind:value=wanted />
                <p class="hint" role="status">
                    {move || {
                        let is_none = !GROUPS.iter().any(|group| group.is_found(text, &wanted.read()));
                        is_none.then(|| text.get(words::OptionsNone { wanted: wanted.read().trim() }))
                    }}
                </p>
            </div>
            <OptionGroup form group=DETAILS wanted>
                <TextField form item=Item::Desc label=words::DESC_LABEL rows=2 />
                <Rows form list=List::Arguments words=ARGUMENTS />
                <Rows form list=List::Env words=ENV />
            </OptionGroup>
            <OptionGroup form group=PYTHON wanted>
                <PythonOptions form />
            </OptionGroup>
            <OptionGroup form group=IMAGE wanted>
                <ImageOptions form />
            </OptionGroup>
            <OptionGroup form group=MACHINE wanted>
                <Rows form list=List::InstanceTypes words=INSTANCES ranked=true />
                <TextField form item=Item::StorageSize label=words::STORAGE_LABEL hint=words::STORAGE_HINT code=true />
                <CheckField
                    label=words::DISK_LABEL
                    checked=Signal::derive(move || form.with(|draft| draft.attach_project_disk))
                    on_change=move |on| form.edit(|draft| draft.attach_project_disk = on)
                />
            </OptionGroup>
            <OptionGroup form group=DATA wanted>
                <Rows form list=List::S3Mounts words=S3_MOUNTS />
                <Rows form list=List::Datasets words=DATASETS />
                <Rows form list=List::OutputDatasets words=OUTPUT_DATASETS />
                <TextField form item=Item::SparkConnector label=words::SPARK_LABEL hint=words::SPARK_HINT code=true />
            </OptionGroup>
            <OptionGroup form group=LIFE wanted>
                <LifeOptions form />
            </OptionGroup>
        </section>
    }
}

/// A group that opens by hand, when a search finds something in it, and when something in it is wrong.
#[component]
fn OptionGroup(form: Form, group: Group, wanted: RwSignal<String>, children: Children) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let body = NodeRef::<leptos::html::Div>::new();
    let is_searched = move || !wanted.read().trim().is_empty();
    let is_found = move || group.is_found(text, &wanted.read());
    let set = Memo::new(move |_| form.with(group.set));
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
            <summary>
                {text.say(group.heading)}
                {move || {
                    let count = set.get();
                    (count > 0)
                        .then(|| view! { " " <span class="quiet">{text.get(words::OptionsSet { count })}</span> })
                }}
            </summary>
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
            label=words::IMAGE_LABEL
            choices=IMAGES
            chosen=Signal::derive(move || chosen().to_owned())
            on_choose=choose
        />
        <Show when=move || kind.get() == ImageKind::Id>
            <TextField form item=Item::ImageId label=words::IMAGE_ID_LABEL code=true />
        </Show>
        <Show when=move || kind.get() == ImageKind::Address>
            <TextField
                form
                item=Item::ImageAddress
                label=words::IMAGE_ADDRESS_LABEL
                hint=words::IMAGE_ADDRESS_HINT
                code=true
            />
            <TextField form item=Item::ImageUsername label=words::IMAGE_USERNAME_LABEL code=true />
            <TextField
                form
                item=Item::ImageSecret
                label=words::IMAGE_SECRET_LABEL
                hint=words::IMAGE_SECRET_HINT
                code=true
            />
        </Show>
    }
}

#[component]
fn LifeOptions(form: Form) -> impl IntoView {
    let is_on = Memo::new(move |_| form.with(|draft| draft.shutdown.is_on));
    view! {
        <TextField form item=Item::DataTtl label=words::TTL_LABEL hint=words::TTL_HINT code=true />
        <CheckField
            label=words::SHUTDOWN_LABEL
            checked=is_on
            on_change=move |on| form.edit(|draft| draft.shutdown.is_on = on)
        />
        <Show when=move || is_on.get()>
            <SignalField form />
            <TextField form item=Item::ShutdownTimeout label=words::TIMEOUT_LABEL hint=words::TIMEOUT_HINT code=true />
        </Show>
    }
}

#[component]
fn SignalField(form: Form) -> impl IntoView {
    view! {
        <ChoiceField
            id="field-shutdown-signal"
            label=words::SIGNAL_LABEL
            choices=SIGNALS
            chosen=Signal::derive(move || form.with(|draft| draft.shutdown.signal.clone()))
            on_choose=move |signal| form.edit(|draft| draft.shutdown.signal = signal)
        />
    }
}
