//! The form as values: the draft and its texts, its files, what its program needs, its submission.

pub(crate) mod drafts;
pub(crate) mod form;
pub(crate) mod fresh;
pub(crate) mod inputs;
pub(crate) mod offers;
pub(crate) mod problems;
pub(crate) mod python;
pub(crate) mod reading_ahead;
pub(crate) mod source_job;
pub(crate) mod submission;
pub(crate) mod template;
