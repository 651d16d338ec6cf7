//! All jobs of a project: read page by page, kept small, searched and sorted in small steps.
//!
//! The service's `List` knows neither text nor order, so both are done here, over an [`Index`] of all rows. Nothing
//! here runs for long: a [`Search`] goes on by steps, between which a page stays responsive.

mod index;
mod names;
mod query;
mod read;
mod search;
#[cfg(test)]
mod tests;
mod value_column;

pub use index::{Entry, Index, Row, Slot};
pub use jobsphere_client::listed::ListedJob;
pub use names::Numbers;
pub use query::{Column, Day, Period, Query, STATES, Sort};
pub use read::{Cursor, PAGE, ask_progress, look_again, newest, older};
pub use search::{Found, Search};
pub use value_column::{MAX_VALUES, ValueColumn};
