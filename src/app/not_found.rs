//! The page for an address that leads nowhere.

use leptos::prelude::*;

use super::{
    address::{DEFAULT_PROJECT, jobs_address},
    page_title::PageTitle,
    text::use_text,
};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let text = use_text();
    view! {
        <PageTitle title=Signal::derive(text.say("not-found-title")) />
        <h1>{text.say("not-found-title")}</h1>
        <p>{text.say("not-found-text")}</p>
        <p><a href=jobs_address(DEFAULT_PROJECT)>{text.say("not-found-link")}</a></p>
    }
}
