//! The worker in which the job service of the demo runs: rows in IndexedDB, contents and logs in the browser's private
//! files, and channels to pages. What of the service needs no browser lies in `jobsphere-demo`.
#![cfg(target_arch = "wasm32")]

mod blobs;
mod files;
mod folder;
mod host;
mod journal;
mod keeping;
mod logs;
mod machines;
mod open;
mod serve;
mod words;

pub use open::begin;
