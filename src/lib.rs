//! Jobsphere: run a batch job from a browser tab.
//!
//! The web app, layered; dependencies point downwards only (see ARCHITECTURE.md):
//! `app → browser, client → job → jobsphere-rules → jobsphere-api`.

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod client;
pub mod job;

pub use jobsphere_api as api;
