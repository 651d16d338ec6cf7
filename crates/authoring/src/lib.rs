//! What only someone who writes a job needs: the draft and its two views, `config.yaml`, what a Python program needs,
//! folders and what is left out of them, and how one job differs from another.

use jobsphere_api as api;

pub mod config;
pub mod difference;
pub mod draft;
pub mod folder;
pub mod project;
pub mod python;
pub mod yaml;
