//! The drafts of a project, to go on with or to delete.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    app::{
        address::{DRAFT_QUERY, new_job_address},
        announce::use_announcer,
        name::Name,
        new_job::state::drafts::saved::{self, Saved},
        task::run_while_mounted,
        text::{use_text, words},
        time::Instant,
    },
    browser::document,
};

/// The other drafts of the project, to go on with or to delete.
#[component]
pub(crate) fn Drafts(
    /// Which project's.
    project: Memo<String>,
    /// The draft in the form, which is not listed.
    current: Option<String>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let listed = RwSignal::new(Vec::<Saved>::new());
    run_while_mounted(async move {
        let mut all = saved::all().await;
        all.retain(|saved| {
            let is_listed = saved.became.is_none() && saved.project == project.get_untracked();
            is_listed && Some(&saved.id) != current.as_ref()
        });
        all.sort_by_key(|saved| std::cmp::Reverse(saved.changed_ms));
        listed.set(all);
    });
    let delete = move |id: String| {
        listed.update(|drafts| drafts.retain(|saved| saved.id != id));
        announcer.say(text.get(words::DRAFT_DELETED));
        document::focus("drafts");
        spawn_local(async move { saved::forget(&id).await });
    };
    let title = move |saved: &Saved| {
        let words = [&saved.draft.name, &saved.draft.cmd];
        let first = words.into_iter().find(|words| !words.trim().is_empty());
        first.map_or_else(|| text.get(words::DRAFT_UNTITLED), |words| words.trim().to_owned())
    };
    let item = move |saved: Saved| {
        let name = title(&saved);
        let label = {
            let name = name.clone();
            move || text.get(words::DraftDelete { name: name.as_str() })
        };
        let address = format!("{}?{DRAFT_QUERY}={}", new_job_address(&saved.project), saved.id);
        let id = saved.id.clone();
        view! {
            <li>
                <a href=address><Name of=name /></a>
                " "
                <span class="quiet"><Instant millis=saved.changed_ms /></span>
                " "
                <button type="button" class="small" aria-label=label on:click=move |_| delete(id.clone())>
                    {text.say(words::DRAFT_DELETE_SHORT)}
                </button>
            </li>
        }
    };
    view! {
        <div id="drafts" tabindex="-1">
            <Show when=move || !listed.read().is_empty()>
                <details class="drafts">
                    <summary>{move || text.get(words::DraftsHeading { count: listed.read().len() })}</summary>
                    <ul>{move || listed.get().into_iter().map(item).collect_view()}</ul>
                </details>
            </Show>
        </div>
    }
}
