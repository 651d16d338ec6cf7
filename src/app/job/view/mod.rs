//! The job on its page.

pub(crate) mod cancel;
pub(crate) mod charts;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod head;
pub(crate) mod lifetime;
pub(crate) mod lineage;
pub(crate) mod notify;
pub(crate) mod paper;
pub(crate) mod parameters;
pub(crate) mod progress;
pub(crate) mod tab;
pub(crate) mod timeline;
