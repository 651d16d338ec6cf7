//! Secrets of projects: values that the operator sets and every command of the project gets as environment variables.
//!
//! They are kept sealed in the database. On their way to a command they are never written to a disk, and nothing of
//! the server prints them: a value can only be read by the commands it is for.

pub(crate) mod command;
mod handover;
mod seal;
mod table;

use jobsphere_rules::variable;
use secrecy::{ExposeSecret, SecretString};

pub(crate) use handover::{hand_over, receive};
pub(crate) use table::Secrets;

/// Names and values, for the one place that gives them to a command.
pub(crate) fn expose(secrets: &[Secret]) -> impl Iterator<Item = (&str, &str)> {
    secrets
        .iter()
        .map(|secret| (secret.name.as_str(), secret.value.expose_secret()))
}

/// What the service itself tells commands.
const RESERVED: [&str; 3] = ["DS_JOB_ID", "JOB_PROGRESS_FILENAME", variable::PROJECT_HOME];

/// An environment variable whose value nobody is shown.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) name: String,
    pub(crate) value: SecretString,
}
