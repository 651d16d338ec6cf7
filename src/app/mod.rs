//! The app: its pages, and what they share.

// What the component macro writes is `pub`.
#![allow(unreachable_pub)]

mod announce;
mod job;
mod jobs;
mod new_job;
mod not_found;
mod notice;
pub mod piece;
mod prefetch;
mod shell;
mod sign_in;
mod status;
mod task;
mod text;
mod time;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{Redirect, Route, Router, Routes},
    path,
};

use self::{
    announce::Announcer,
    not_found::NotFound,
    piece::{LoadedPage, Page, Pages},
    shell::Shell,
    sign_in::SignIn,
    text::Text,
    time::Now,
};
use crate::browser::{document, token};

/// Puts the app into the page; its pages come from `pages`.
pub fn mount(pages: Pages) {
    console_error_panic_hook::set_once();
    // Where it fails the page asks for the token, as it does without one.
    let _ = token::take_from_address();
    prefetch::begin(pages);
    // What the page showed before there was an app.
    document::remove("starting");
    leptos::mount::mount_to_body(move || view! { <App pages /> });
}

/// The page of a project's jobs.
pub fn jobs_page() -> AnyView {
    view! { <jobs::JobsPage /> }.into_any()
}

/// The page of the form for a new job.
pub fn new_job_page() -> AnyView {
    view! { <new_job::NewJobPage /> }.into_any()
}

/// The page of one job.
pub fn job_page() -> AnyView {
    view! { <job::JobPage /> }.into_any()
}

#[component]
fn App(pages: Pages) -> impl IntoView {
    provide_context(Text::new());
    provide_context(Announcer::new());
    provide_context(Now::new());
    provide_context(SignIn::new());
    provide_context(new_job::Fresh::new());
    let page = |page: Page| move || view! { <LoadedPage page /> };
    view! {
        <Router>
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/projects/:project/jobs") view=page(pages.jobs) />
                    <Route path=path!("/projects/:project/jobs/new") view=page(pages.new_job) />
                    <Route path=path!("/projects/:project/jobs/:job") view=page(pages.job) />
                </Routes>
            </Shell>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=shell::jobs_address(shell::DEFAULT_PROJECT) options /> }
}
