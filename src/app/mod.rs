//! The app: its pages, and what they share.

// What the component macro writes is `pub`.
#![allow(unreachable_pub)]

mod address;
mod announce;
mod compare;
mod connection;
mod differences;
mod draft_of_job;
mod drops;
mod job;
mod jobs;
mod lifetime;
mod modal;
mod name;
mod new_job;
mod not_found;
mod notice;
mod page_title;
pub mod piece;
mod prefetch;
mod printing;
mod series;
mod servers;
mod service_words;
mod sharing;
mod shell;
mod sign_in;
mod status;
mod task;
mod text;
mod time;
mod tree;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};

use self::{
    announce::Announcer,
    drops::Drops,
    not_found::NotFound,
    notice::SignInAction,
    piece::{LoadedPage, Page, Pages},
    servers::{AskForServer, Servers},
    shell::Shell,
    sign_in::SignIn,
    text::{Language, Text},
    time::Now,
};
use crate::browser::{
    document, log_worker, remembered_servers, server,
    token::{self, LinkToken},
};

/// Puts the app into the page; its pages come from `pages`.
pub fn mount(pages: Pages) {
    console_error_panic_hook::set_once();
    // Where it fails the page asks for the token, as it does without one.
    let brought = token::take_from_address().ok().flatten();
    begin_page(pages, &document::path());
    // By the browser's own turns: there are none of leptos before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        let language = Language::preferred();
        if text::load(language).await.is_err() {
            leptos::mount::mount_to_body(move || view! { <NoWords language /> });
            return;
        }
        // What the page showed before there was an app.
        document::remove("starting");
        leptos::mount::mount_to_body(move || view! { <App pages brought language /> });
        prefetch::begin(pages);
    });
}

/// Begins to load what the first page needs, besides the words.
fn begin_page(pages: Pages, path: &str) {
    if let Some(page) = pages.at(path).filter(|_| remembered_servers::is_agreed()) {
        wasm_bindgen_futures::spawn_local(async move {
            // The page tries again, and says why it fails.
            let _ = (page.load)().await;
        });
    }
    // After the code of the page, which comes first.
    if address::is_of_job(path) {
        log_worker::early::start();
    }
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

/// A page about several jobs of a project, or about their links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectPage {
    /// Compares jobs.
    Compare,
    /// Makes links to a job.
    Share,
    /// The links of the project.
    Shares,
}

/// One of these pages.
pub fn project_page(which: ProjectPage) -> AnyView {
    match which {
        ProjectPage::Compare => view! { <compare::ComparePage /> }.into_any(),
        ProjectPage::Share => view! { <sharing::SharePage /> }.into_any(),
        ProjectPage::Shares => view! { <sharing::SharesPage /> }.into_any(),
    }
}

/// How the page of a link is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPage {
    /// By itself.
    Alone,
    /// In a frame of another page.
    Framed,
}

/// The page that a link opens.
pub fn link_page(which: LinkPage) -> AnyView {
    match which {
        LinkPage::Alone => view! { <job::SharedPage /> }.into_any(),
        LinkPage::Framed => view! { <job::EmbedPage /> }.into_any(),
    }
}

#[component]
fn App(
    pages: Pages,
    /// By the page's address.
    brought: Option<LinkToken>,
    /// Its words are here.
    language: Language,
) -> impl IntoView {
    let (text, announcer) = (Text::new(language), Announcer::new());
    provide_context(text);
    provide_context(announcer);
    provide_context(Drops::new(text, announcer));
    provide_context(Now::new());
    let sign_in = SignIn::new(brought);
    provide_context(sign_in);
    provide_context(SignInAction(Callback::new(move |()| sign_in.ask())));
    provide_context(Servers::new());
    provide_context(new_job::state::fresh::Fresh::new());
    provide_context(jobs::LastList::new());
    let page = |page: Page| move || view! { <LoadedPage page /> };
    if !remembered_servers::is_agreed() {
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
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/projects/:project/jobs") view=page(pages.jobs) />
                    <Route path=path!("/projects/:project/compare") view=page(pages.compare) />
                    <Route path=path!("/projects/:project/jobs/new") view=page(pages.new_job) />
                    <Route path=path!("/projects/:project/jobs/:job") view=page(pages.job) />
                    <Route path=path!("/projects/:project/jobs/:job/share") view=page(pages.share) />
                    <Route path=path!("/projects/:project/shares") view=page(pages.shares) />
                    <Route path=path!("/s/:share") view=page(pages.shared) />
                    <Route path=path!("/embed/:share") view=page(pages.embed) />
                </FlatRoutes>
            </Shell>
        </Router>
    }
    .into_any()
}

/// What is shown in the place of the app when the words of the language did not come.
#[component]
fn NoWords(language: Language) -> impl IntoView {
    let (sentence, again) = language.not_loaded();
    view! {
        <main lang=language.tag()>
            <div class="notice" role="alert">
                <p>{sentence}</p>
                <button type="button" on:click=|_| document::reload()>{again}</button>
            </div>
        </main>
    }
}

#[component]
fn Home() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        // The address is whole.
        resolve: false,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=address::jobs_address(address::DEFAULT_PROJECT) options /> }
}
