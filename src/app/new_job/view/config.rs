//! The other view of the draft: the text of `config.yaml`.

use leptos::{prelude::*, task::spawn_local};

use super::misfits::sentence;
use crate::{
    app::{
        address::new_job_address,
        announce::use_announcer,
        new_job::state::{form::Form, template::Template},
        text::{Message, use_text, words},
    },
    browser::{document, files},
};
use jobsphere_authoring::config::Note;

const CONFIG: &str = "config";
const NOTES: &str = "config-notes";

/// The text, what is wrong with it, and what can be done with it.
#[component]
pub(crate) fn ConfigView(
    /// The form it is another view of.
    form: Form,
    /// The project in which the job would run.
    project: Memo<String>,
    /// Whether a Run goes on, during which nothing changes.
    is_running: Memo<bool>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let copy = move |content: String, done: Message| {
        spawn_local(async move {
            let message = if files::copy(&content).await.is_ok() {
                done
            } else {
                words::COPY_FAILED
            };
            announcer.say(untrack(|| text.get(message)));
        });
    };
    let save = move |_| {
        // Before the text is taken: it may come to name the file of the requirements.
        let requirements = untrack(|| form.name_requirements());
        let config = ("config.yaml".to_owned(), untrack(|| form.text()));
        let mut saved = std::iter::once(config).chain(requirements);
        if saved.any(|(name, content)| files::save(&name, &content).is_err()) {
            announcer.say(text.get(words::COPY_FAILED));
        }
    };
    let command = move |_| {
        let project = project.get_untracked();
        copy(
            format!("datasphere project job execute -p {project} -c config.yaml"),
            words::COMMAND_COPIED,
        );
    };
    let link = move |_| {
        let path = new_job_address(&project.get_untracked());
        spawn_local(async move {
            let fragment = Template::of_form(form).await.fragment();
            copy(format!("{}{path}#{fragment}", document::origin()), words::LINK_COPIED);
        });
    };
    let is_wrong = move || (!form.is_understood()).to_string();
    view! {
        <section class="config" aria-labelledby="config-heading">
            <h2 id="config-heading">"config.yaml"</h2>
            <p class="hint" id="config-hint">{text.say(words::CONFIG_HINT)}</p>
            <textarea
                id=CONFIG
                class="code"
                rows="22"
                spellcheck="false"
                autocapitalize="off"
                aria-labelledby="config-heading"
                aria-describedby=format!("config-hint {NOTES}")
                aria-invalid=is_wrong
                prop:value=move || form.text()
                disabled=is_running
                on:input=move |event| form.type_text(event_target_value(&event))
            ></textarea>
            <Notes form />
            <div class="config-actions">
                <button type="button" on:click=save>{text.say(words::CONFIG_SAVE)}</button>
                <button type="button" on:click=move |_| copy(untrack(|| form.text()), words::CONFIG_COPIED)>
                    {text.say(words::CONFIG_COPY)}
                </button>
                <button type="button" on:click=command>{text.say(words::COMMAND_COPY)}</button>
                <button type="button" on:click=link>{text.say(words::LINK_COPY)}</button>
            </div>
        </section>
    }
}

/// What of the text does not fit, by line.
#[component]
fn Notes(form: Form) -> impl IntoView {
    let text = use_text();
    let note = move |note: Note| {
        let class = if note.misfit.is_warning() { "warning" } else { "wrong" };
        let line = text.get(words::ProblemLine { line: note.line });
        view! { <li class=class>{format!("{line}: {}", sentence(text, &note.misfit))}</li> }
    };
    view! {
        <div id=NOTES class="config-notes" role="status">
            <Show when=move || !form.is_understood()>
                <p>{text.say(words::CONFIG_NOT_UNDERSTOOD)}</p>
            </Show>
            <ul>{move || form.notes().into_iter().map(note).collect_view()}</ul>
        </div>
    }
}
