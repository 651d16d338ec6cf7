//! Where the app is taken apart: each page is a piece of its own, loaded when it is first opened.
//!
//! This stands in the program, not in the library: what is exported here, with everything it needs, would otherwise be
//! in each worker too. Without the feature `split` the pieces are ordinary functions of one module.

use jobsphere::app::{
    self,
    piece::{NotLoaded, Page, Pages},
};
use leptos::prelude::AnyView;

macro_rules! piece {
    ($name:ident, $load:ident) => {
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, preload($load), fallible)]
        fn $name() -> Result<AnyView, NotLoaded> {
            Ok(app::$name())
        }

        #[cfg(not(feature = "split"))]
        async fn $name() -> Result<AnyView, NotLoaded> {
            Ok(app::$name())
        }
    };
    ($name:ident, $load:ident => Page) => {
        Page {
            #[cfg(feature = "split")]
            load: || Box::pin(async { Ok($load().await?) }),
            #[cfg(not(feature = "split"))]
            load: || Box::pin(async { Ok(()) }),
            view: || Box::pin($name()),
        }
    };
}

piece!(jobs_page, load_jobs_page);
piece!(new_job_page, load_new_job_page);
piece!(job_page, load_job_page);
piece!(compare_page, load_compare_page);
piece!(share_page, load_share_page);
piece!(shares_page, load_shares_page);
piece!(shared_page, load_shared_page);
piece!(embed_page, load_embed_page);

/// Every page that is loaded by itself.
pub(crate) const PAGES: Pages = Pages {
    jobs: piece!(jobs_page, load_jobs_page => Page),
    new_job: piece!(new_job_page, load_new_job_page => Page),
    job: piece!(job_page, load_job_page => Page),
    compare: piece!(compare_page, load_compare_page => Page),
    share: piece!(share_page, load_share_page => Page),
    shares: piece!(shares_page, load_shares_page => Page),
    shared: piece!(shared_page, load_shared_page => Page),
    embed: piece!(embed_page, load_embed_page => Page),
};
