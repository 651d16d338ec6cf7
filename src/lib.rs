//! Jobsphere: run a batch job from a browser tab. The web app; what it stands on lies in `crates/`.

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
use jobsphere_browser as browser;

use jobsphere_api as api;

#[allow(unreachable_pub)]
mod job {
    pub use jobsphere_authoring::*;
    pub use jobsphere_overview::{comparison, lineage};
    pub use jobsphere_results as results;
    pub use jobsphere_rules::*;
}

#[allow(unreachable_pub)]
mod client {
    pub use jobsphere_client::*;
    pub mod book {
        pub use jobsphere_log::*;
        pub mod words {
            #[cfg(target_arch = "wasm32")]
            pub use jobsphere_browser::book::messages::*;
            pub use jobsphere_log::words::*;
        }
    }
    pub use jobsphere_log::view as log_view;
    pub use jobsphere_overview::{listing, log_difference, log_lines, overlay};
    pub use jobsphere_results::frozen;
}
