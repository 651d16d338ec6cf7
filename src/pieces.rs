//! Where the app is taken apart: the pages are in pieces, each loaded when a page of it is first opened. Pages that are opened
//! after each other, or seldom, share one: what any two pieces have in common is a file of its own.
//!
//! This stands in the program, not in the library: what is exported here, with everything it needs, would otherwise be
//! in each worker too. Without the feature `split` the pieces are ordinary functions of one module.

use jobsphere::app::{
    self, LinkPage, ProjectPage,
    piece::{NotLoaded, Page, Pages},
};
use leptos::prelude::AnyView;

/// A function of the app in a piece of its own, and the one that loads it.
macro_rules! piece {
    ($name:ident($($which:ident: $Which:ty)?), $load:ident) => {
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, preload($load), fallible)]
        fn $name($($which: $Which)?) -> Result<AnyView, NotLoaded> {
            Ok(app::$name($($which)?))
        }

        #[cfg(not(feature = "split"))]
        async fn $name($($which: $Which)?) -> Result<AnyView, NotLoaded> {
            Ok(app::$name($($which)?))
        }

        #[cfg(not(feature = "split"))]
        async fn $load() -> Result<(), leptos::wasm_split::SplitLoaderError> {
            Ok(())
        }
    };
}

/// A page of a piece.
macro_rules! page {
    ($name:ident($($which:expr)?), $load:ident) => {
        Page {
            load: || Box::pin(async { Ok($load().await?) }),
            view: || Box::pin($name($($which)?)),
        }
    };
}

piece!(jobs_page(), load_jobs_page);
piece!(new_job_page(), load_new_job_page);
piece!(job_page(), load_job_page);
piece!(project_page(which: ProjectPage), load_project_page);
piece!(link_page(which: LinkPage), load_link_page);

/// Every page that is loaded when it is opened.
pub(crate) const PAGES: Pages = Pages {
    jobs: page!(jobs_page(), load_jobs_page),
    new_job: page!(new_job_page(), load_new_job_page),
    job: page!(job_page(), load_job_page),
    compare: page!(project_page(ProjectPage::Compare), load_project_page),
    share: page!(project_page(ProjectPage::Share), load_project_page),
    shares: page!(project_page(ProjectPage::Shares), load_project_page),
    shared: page!(link_page(LinkPage::Alone), load_link_page),
    embed: page!(link_page(LinkPage::Framed), load_link_page),
};
