//! The app: its pages, and what they share.

// What the component macro writes is `pub`.
#![allow(unreachable_pub)]

mod announce;
mod compare;
mod differences;
mod job;
mod jobs;
mod lifetime;
mod new_job;
mod not_found;
mod notice;
mod servers;
mod sharing;
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
    servers::{AskForServer, Servers},
    shell::Shell,
    sign_in::SignIn,
    text::Text,
    time::Now,
};
use crate::browser::{server, token};

/// Puts the app into the page.
pub fn mount() {
    console_error_panic_hook::set_once();
    // Where it fails the page asks for the token, as it does without one.
    let _ = token::take_from_address();
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    provide_context(Text::new());
    provide_context(Announcer::new());
    provide_context(Now::new());
    provide_context(SignIn::new());
    provide_context(Servers::new());
    provide_context(new_job::Fresh::new());
    provide_context(jobs::LastList::new());
    if !server::is_agreed() {
        return view! {
            <Router base=server::place()>
                <Shell>
                    <AskForServer />
                </Shell>
            </Router>
        }
        .into_any();
    }
    view! {
        <Router base=server::place()>
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/projects/:project/jobs") view=jobs::JobsPage />
                    <Route path=path!("/projects/:project/compare") view=compare::ComparePage />
                    <Route path=path!("/projects/:project/jobs/new") view=new_job::NewJobPage />
                    <Route path=path!("/projects/:project/jobs/:job") view=job::JobPage />
                    <Route path=path!("/projects/:project/jobs/:job/share") view=sharing::SharePage />
                    <Route path=path!("/projects/:project/shares") view=sharing::SharesPage />
                    <Route path=path!("/s/:share") view=job::SharedPage />
                    <Route path=path!("/embed/:share") view=job::EmbedPage />
                </Routes>
            </Shell>
        </Router>
    }
    .into_any()
}

#[component]
fn Home() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        // The address is whole.
        resolve: false,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=shell::jobs_address(shell::DEFAULT_PROJECT) options /> }
}
