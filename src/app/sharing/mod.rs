//! Sharing a job with those who have no access: making links, and ending them.

mod state;
mod view;

pub(crate) use self::view::{links::SharesPage, page::SharePage};
