//! Jobsphere: run a batch job from a browser tab.
//!
//! One crate, layered; dependencies point downwards only (see ARCHITECTURE.md):
//! `app → browser, client → job → api` and `service → job → api`.

pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod client;
pub mod job;
pub mod service;
