//! The outputs that a link names. Their bytes come with the link's own right, and are checked against their hash here.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::share::SharedOutput,
    app::{
        job::shared::state::{looks, watch::Shared},
        name::{Name, SavedAs},
        text::{use_text, words},
    },
    browser::shared_file,
};

/// What became of a download.
#[derive(Debug, Clone, PartialEq)]
enum Fetched {
    Coming,
    Checked,
    Differs,
    Failed(String),
}

/// The type of what is saved. The name says what else it is, and no browser is to guess another.
fn kind_of(output: &SharedOutput) -> &'static str {
    if looks::is_folder(output) {
        "application/zip"
    } else {
        "application/octet-stream"
    }
}

#[component]
pub(crate) fn SharedOutputs(shared: Shared) -> impl IntoView {
    let text = use_text();
    let outputs = Memo::new(move |_| {
        let job = shared.job.read();
        job.as_ref().map(|job| job.outputs.clone()).unwrap_or_default()
    });
    view! {
        <Show when=move || !outputs.read().is_empty()>
            <section aria-labelledby="shared-outputs-heading">
                <h2 id="shared-outputs-heading">{text.say(words::OUTPUTS_HEADING)}</h2>
                <table class="files">
                    <thead class="visually-hidden">
                        <tr>
                            <th scope="col">{text.say(words::PATH_LABEL)}</th>
                            <th scope="col">{text.say(words::COLUMN_SIZE)}</th>
                            <th scope="col">"SHA-256"</th>
                            <th scope="col">{text.say(words::DOWNLOAD)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            outputs
                                .get()
                                .into_iter()
                                .map(|output| view! { <OutputRow shared output /> })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </section>
        </Show>
    }
}

#[component]
fn OutputRow(shared: Shared, output: SharedOutput) -> impl IntoView {
    let text = use_text();
    let size = output.size_bytes as f64;
    let is_there = output.is_there;
    view! {
        <tr>
            <th scope="row"><span class="file-name"><Name of=output.path.clone() /></span></th>
            <td class="number">{move || is_there.then(|| text.size(size))}</td>
            <td><code class="digest" title=output.sha256.clone()>{output.sha256.clone()}</code></td>
            <td>
                {if is_there {
                    view! { <Fetch shared output /> }.into_any()
                } else {
                    view! { <span class="quiet">{text.say(words::SHARED_OUTPUT_MISSING)}</span> }.into_any()
                }}
            </td>
        </tr>
    }
}

#[component]
fn Fetch(shared: Shared, output: SharedOutput) -> impl IntoView {
    let text = use_text();
    let state = RwSignal::new(None::<Fetched>);
    let label = {
        let path = output.path.clone();
        move || text.get(words::DownloadFile { file: path.as_str() })
    };
    let path = output.path.clone();
    let fetch = move |_| {
        let holder = shared
            .holder
            .with_value(|holder| holder.as_ref().map(|holder| holder.credentials().clone()));
        let Some(credentials) = holder.filter(|_| state.get_untracked() != Some(Fetched::Coming)) else {
            return;
        };
        state.set(Some(Fetched::Coming));
        let output = output.clone();
        spawn_local(async move {
            let outcome = match looks::fetch(&credentials, &output).await {
                Err(None) => Fetched::Differs,
                Err(Some(reason)) => Fetched::Failed(reason),
                Ok(file) => match shared_file::save(
                    &file,
                    &jobsphere_names::saved(&looks::file_name(&output)),
                    kind_of(&output),
                ) {
                    Ok(()) => Fetched::Checked,
                    Err(reason) => Fetched::Failed(reason),
                },
            };
            state.try_set(Some(outcome));
        });
    };
    let said = move || match state.get() {
        None => String::new(),
        Some(Fetched::Coming) => text.get(words::SHARED_OUTPUT_COMING),
        Some(Fetched::Checked) => text.get(words::SHARED_OUTPUT_CHECKED),
        Some(Fetched::Differs) => text.get(words::SHARED_OUTPUT_DIFFERS),
        Some(Fetched::Failed(reason)) => text.get(words::SharedOutputFailed { reason }),
    };
    let is_coming = move || (state.get() == Some(Fetched::Coming)).to_string();
    view! {
        <button type="button" aria-label=label aria-busy=is_coming on:click=fetch>
            {text.say(words::DOWNLOAD)}
        </button>
        <span class="hint as-written" role="status">{said}</span>
        {move || (state.get() == Some(Fetched::Checked)).then(|| view! { <SavedAs path=path.clone() /> })}
    }
}
