//! Pages whose code is loaded when they are first opened.

use futures::{FutureExt, future::LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use super::{
    address::is_about_a_share,
    text::{use_text, words},
};
use crate::browser::{document, server};

/// The code of a page did not arrive: there is no network, or the server has another version of the app by now.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the code of the page could not be loaded")]
pub struct NotLoaded;

impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A page whose code is loaded when it is opened.
#[derive(Clone, Copy)]
pub struct Page {
    /// Loads the code, once however often it is called; what failed is tried again by the next call.
    pub load: fn() -> LocalBoxFuture<'static, Result<(), NotLoaded>>,
    /// The page. Ready at once when the code has been loaded.
    pub view: fn() -> LocalBoxFuture<'static, Result<AnyView, NotLoaded>>,
}

/// The pages of the app.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The jobs of a project.
    pub jobs: Page,
    /// The form for a new job.
    pub new_job: Page,
    /// One job.
    pub job: Page,
    /// Jobs side by side.
    pub compare: Page,
    /// Making links to a job.
    pub share: Page,
    /// The links of a project.
    pub shares: Page,
    /// The job of a link.
    pub shared: Page,
    /// The job of a link, in a frame.
    pub embed: Page,
}

impl Pages {
    /// What whoever opened a path may open next. A share link leads to its own page alone.
    pub(crate) fn next_after(self, path: &str) -> Vec<Page> {
        if is_about_a_share(path) {
            Vec::new()
        } else {
            vec![self.new_job, self.job, self.jobs]
        }
    }

    /// The page at a path, see the routes of the app.
    pub(crate) fn at(self, path: &str) -> Option<Page> {
        let names: Vec<&str> = server::below_base(path).split('/').skip(1).collect();
        match names[..] {
            [""] | ["projects", _, "jobs"] => Some(self.jobs),
            ["projects", _, "jobs", "new"] => Some(self.new_job),
            ["projects", _, "jobs", _] => Some(self.job),
            ["projects", _, "jobs", _, "share"] => Some(self.share),
            ["projects", _, "compare"] => Some(self.compare),
            ["projects", _, "shares"] => Some(self.shares),
            _ => None,
        }
    }
}

/// Where the code of a page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    OnItsWay,
    Here,
    Missing,
}

/// A page, as soon as its code is here.
#[component]
pub(crate) fn LoadedPage(page: Page) -> impl IntoView {
    let text = use_text();
    let code = RwSignal::new(Code::OnItsWay);
    let mut loading = (page.load)();
    match loading.as_mut().now_or_never() {
        // What is here already must not show that it was waited for.
        Some(loaded) => code.set(Code::of(loaded)),
        None => spawn_local(async move {
            let loaded = loading.await;
            // The person may have gone to another page.
            code.try_set(Code::of(loaded));
        }),
    }
    let view = move || (page.view)().now_or_never().and_then(Result::ok);
    move || match code.get() {
        Code::OnItsWay => view! { <p class="quiet">{text.say(words::LOADING)}</p> }.into_any(),
        Code::Here => view().into_any(),
        Code::Missing => view! {
            <div class="notice" role="alert">
                <p>{text.say(words::PAGE_NOT_LOADED)}</p>
                <button type="button" on:click=|_| document::reload()>{text.say(words::PAGE_RELOAD)}</button>
            </div>
        }
        .into_any(),
    }
}

impl Code {
    fn of(loaded: Result<(), NotLoaded>) -> Self {
        match loaded {
            Ok(()) => Self::Here,
            Err(NotLoaded) => Self::Missing,
        }
    }
}
