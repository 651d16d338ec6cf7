//! Many jobs at once: the index of a project's list and the search in it, and jobs beside one another, by what they were
//! given, what they printed, and the curves of their numbers.

use jobsphere_api as api;

pub mod comparison;
pub mod finals;
pub mod lineage;
pub mod listing;
pub mod log_difference;
pub mod log_lines;
pub mod overlay;
mod said;
