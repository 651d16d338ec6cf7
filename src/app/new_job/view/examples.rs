//! The worked examples: whole jobs that run on any server as they are.

use leptos::{prelude::*, task::spawn_local};

use crate::app::{
    announce::use_announcer,
    new_job::state::{drafts::store::DraftStore, form::Form, template::Template},
    text::{Message, use_text, words},
};

/// The message of its name, its configuration, and its files.
type Example = (Message, &'static str, &'static [(&'static str, &'static str)]);

const EXAMPLES: [Example; 5] = [
    (
        words::EXAMPLE_SEARCH,
        include_str!("../../../../examples/search/config.yaml"),
        &[("poem.txt", include_str!("../../../../examples/search/poem.txt"))],
    ),
    (
        words::EXAMPLE_PLOT,
        include_str!("../../../../examples/plot/config.yaml"),
        &[
            ("plot.py", include_str!("../../../../examples/plot/plot.py")),
            ("table.csv", include_str!("../../../../examples/plot/table.csv")),
        ],
    ),
    (
        words::EXAMPLE_PROGRESS,
        include_str!("../../../../examples/progress/config.yaml"),
        &[("count.sh", include_str!("../../../../examples/progress/count.sh"))],
    ),
    (
        words::EXAMPLE_FOLDER,
        include_str!("../../../../examples/folder/config.yaml"),
        &[
            (
                "texts/one.txt",
                include_str!("../../../../examples/folder/texts/one.txt"),
            ),
            (
                "texts/two.txt",
                include_str!("../../../../examples/folder/texts/two.txt"),
            ),
        ],
    ),
    (
        words::EXAMPLE_SHUTDOWN,
        include_str!("../../../../examples/shutdown/config.yaml"),
        &[("worker.sh", include_str!("../../../../examples/shutdown/worker.sh"))],
    ),
];

/// All of them. An example is a draft of its own; what was written before stays one.
#[component]
pub(crate) fn Examples(
    /// The form that an example fills.
    form: Form,
    /// What keeps its draft.
    drafts: DraftStore,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let fill = move |(name, config, files): Example| {
        let template = Template {
            config: config.to_owned(),
            files: files
                .iter()
                .map(|(path, content)| ((*path).to_owned(), (*content).to_owned()))
                .collect(),
        };
        spawn_local(async move {
            drafts.begin_anew().await;
            if form.while_busy(template.fill(form)).await.is_ok() {
                let name = untrack(|| text.get(name));
                announcer.say(untrack(|| text.get(words::ExampleFilled { name })));
            }
        });
    };
    view! {
            <section class="examples" aria-label=text.say(words::EXAMPLES_HEADING)>
                <p class="hint">{text.say(words::EXAMPLES_HINT)}</p>
                <div class="row-actions">
                    {EXAMPLES
                        .map(|example| {
                            view! {
                                <button type="button" class="small" on:click=move |_| fill(example)>
                                    {text.say(example.0)}
                                </button>
                            }
                        })}
                </div>
            </section>
    }
}
