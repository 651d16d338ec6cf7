//! Jobsphere: run a batch job from a browser tab. The web app; what it stands on lies in `crates/`.

#[cfg(target_arch = "wasm32")]
pub mod app;

#[cfg(target_arch = "wasm32")]
use jobsphere_api as api;
#[cfg(target_arch = "wasm32")]
use jobsphere_browser as browser;
