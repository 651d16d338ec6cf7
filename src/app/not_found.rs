//! The page for an address that leads nowhere.

use leptos::prelude::*;

use super::{
    address::{DEFAULT_PROJECT, jobs_address},
    page_title::PageTitle,
    text::{use_text, words},
};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let text = use_text();
    view! {
        <PageTitle title=Signal::derive(text.say(words::NOT_FOUND_TITLE)) />
        <h1>{text.say(words::NOT_FOUND_TITLE)}</h1>
        <p>{text.say(words::NOT_FOUND_TEXT)}</p>
        <p><a href=jobs_address(DEFAULT_PROJECT)>{text.say(words::NOT_FOUND_LINK)}</a></p>
    }
}
