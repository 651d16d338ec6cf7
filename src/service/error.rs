//! The one place where a gRPC code is chosen.

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::{BlobsError, LogsError, Role, StoreError};
use crate::job::{rules::Violation, status::Forbidden};

/// Why a call was not done. `Display` is the sentence the caller gets.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Fields break rules.
    #[error("{}", sentence(.0))]
    Invalid(Vec<Violation>),
    /// A field is wrong in a way that only the service knows.
    #[error("`{field}` {problem}")]
    Field {
        /// The field as the API names it.
        field: &'static str,
        /// What is wrong, to be read after the field's name.
        problem: String,
    },
    /// There is no such thing.
    #[error("there is no {kind} `{id}`")]
    NotFound {
        /// What was looked for, such as "job".
        kind: &'static str,
        /// The id as it was given.
        id: String,
    },
    /// A share link does not show it. The same whatever is wrong, so that nobody learns which links there are.
    #[error("this link shows nothing: it is mistyped, was revoked, has expired, or what it showed is gone")]
    NoShare,
    /// The caller's role does not allow it.
    #[error("{}", denial(project, *needed, *held))]
    Denied {
        /// The project in question.
        project: String,
        /// The role that would do.
        needed: Role,
        /// The role the caller has there.
        held: Option<Role>,
    },
    /// The job's state forbids it.
    #[error("{action} is not possible: {reason}")]
    Forbidden {
        /// What was to be done.
        action: &'static str,
        /// Why not.
        reason: Forbidden,
    },
    /// Files are missing, or the engine cannot do it.
    #[error("{0}")]
    Precondition(String),
    /// Try again.
    #[error("{0}; try again")]
    Unavailable(String),
    /// Something stored cannot be read.
    #[error("{0}")]
    Damaged(String),
}

fn sentence(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|violation| format!("`{}` {}", violation.field, violation.rule))
        .collect::<Vec<_>>()
        .join("; ")
}

fn denial(project: &str, needed: Role, held: Option<Role>) -> String {
    match held {
        Some(held) => format!("this needs the role {needed} in project `{project}`; your token has the role {held}"),
        None => format!("your token gives no access to project `{project}`"),
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            StoreError::Damaged(_) => Self::Damaged(error.to_string()),
        }
    }
}

impl From<BlobsError> for ServiceError {
    fn from(error: BlobsError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<LogsError> for ServiceError {
    fn from(error: LogsError) -> Self {
        match error {
            LogsError::BehindEnd { .. } => Self::Field {
                field: "offset",
                problem: format!("is wrong: {error}"),
            },
            LogsError::Unreadable(_) => Self::Damaged(error.to_string()),
        }
    }
}

impl ServiceError {
    /// The gRPC code of the error.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(_) | Self::Field { .. } => Code::InvalidArgument,
            Self::NotFound { .. } | Self::NoShare => Code::NotFound,
            Self::Denied { .. } => Code::PermissionDenied,
            Self::Forbidden { .. } | Self::Precondition(_) => Code::FailedPrecondition,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Damaged(_) => Code::DataLoss,
        }
    }
}

impl From<ServiceError> for Status {
    fn from(error: ServiceError) -> Self {
        let mut details = ErrorDetails::new();
        match &error {
            ServiceError::Invalid(violations) => {
                for violation in violations {
                    details.add_bad_request_violation(&violation.field, violation.rule.to_string());
                }
            }
            ServiceError::Field { field, problem } => {
                details.add_bad_request_violation(*field, problem);
            }
            _ => return Status::new(error.code(), error.to_string()),
        }
        Status::with_error_details(error.code(), error.to_string(), details)
    }
}
