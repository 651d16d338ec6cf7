//! The configuration file, `config.yaml`, as users of the published client keep it.
//!
//! [`read`] makes a draft of a text and says what it could not understand, by line. [`write()`] makes a text say what a
//! draft says, and leaves alone what need not change. Reading what was written gives the draft again.

mod command;
mod misfit;
mod read;
mod recognise;
mod requirement;
pub mod units;
mod write;

pub use command::{references, strip};
pub use misfit::Misfit;
pub use read::{Note, Reading, read};
pub use recognise::{MAX_CONFIG_BYTES, is_config, is_usual_name, may_be_config};
pub use requirement::{is_requirement, subject as requirement_subject};
pub use write::write;

/// The key of the lifetime of a job's data. It is ours; the published client passes over keys it does not know.
pub const DATA_TTL: &str = "data-ttl";

#[cfg(test)]
mod tests;
