//! A link that was just made: its secret is shown this once.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::share::{CreateShareResponse, Share},
    app::text::{Message, use_text, words},
    browser::{files, server},
};

/// The link, and what goes into other pages.
#[component]
pub(crate) fn Made(made: CreateShareResponse) -> impl IntoView {
    let text = use_text();
    let CreateShareResponse { share, secret } = made;
    let share: Share = share.unwrap_or_default();
    let origin = server::own();
    let link = format!("{origin}/s/{}#{secret}", share.id);
    let badge = format!(
        "[![{}]({origin}/badge/{}.svg)]({link})",
        share.job_name.replace(['[', ']', '\\'], " "),
        share.id
    );
    let frame = format!(
        "<iframe src=\"{origin}/embed/{}#{secret}\" width=\"480\" height=\"160\"></iframe>",
        share.id
    );
    view! {
        <section class="notice notice-good made" aria-labelledby="made-heading">
            <h2 id="made-heading" tabindex="-1">{text.say(words::SHARE_MADE)}</h2>
            <p>{text.say(words::SHARE_MADE_HINT)}</p>
            <Copied id="share-link" label=words::SHARE_LINK content=link.clone() />
            <p><a href=link target="_blank" rel="noreferrer">{text.say(words::SHARE_OPEN)}</a></p>
            {share
                .allow_badge
                .then(|| view! { <Copied id="share-badge-code" label=words::SHARE_BADGE_CODE content=badge /> })}
            {share
                .allow_embed
                .then(|| view! { <Copied id="share-embed-code" label=words::SHARE_EMBED_CODE content=frame /> })}
        </section>
    }
}

/// A text with a button that copies it.
#[component]
fn Copied(id: &'static str, label: Message, content: String) -> impl IntoView {
    let text = use_text();
    let said = RwSignal::new(None::<Result<(), String>>);
    let shown = content.clone();
    let copy = move |_| {
        let content = content.clone();
        spawn_local(async move { said.set(Some(files::copy(&content).await)) });
    };
    let words = move || match said.get() {
        None => String::new(),
        Some(Ok(())) => text.get(words::COPIED),
        Some(Err(_)) => text.get(words::COPY_FAILED),
    };
    view! {
        <div class="field">
            <label for=id>{text.say(label)}</label>
            <div class="copied">
                <input id=id type="text" readonly prop:value=shown />
                <button type="button" on:click=copy>{text.say(words::COPY)}</button>
            </div>
            <p class="hint" role="status">{words}</p>
        </div>
    }
}
