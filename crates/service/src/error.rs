//! The one place where a gRPC code is chosen.

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::{BlobsError, LogsError, Role, StoreError, bounds};
use crate::job::{rules::Violation, status::Forbidden};

/// A status travels in headers, of which clients take 8 KiB altogether: its sentence, each byte of which may become
/// three, and its details, which hold the sentence again.
const MAX_SENTENCE_BYTES: usize = 1000;
/// Field and rule of all violations.
const MAX_DETAILS_BYTES: usize = 2000;
/// Field or rule of one.
const MAX_DETAIL_BYTES: usize = 300;

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
        held: Role,
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
    /// Too much of the same is being done; a sentence that says when to come again.
    #[error("{0}")]
    Busy(String),
    /// What the service stands on cannot do it now.
    #[error("{what} cannot be reached now; try again")]
    Unavailable {
        /// Such as "the store".
        what: &'static str,
        /// Why, for the operator: it may name places of the machine, which are nobody else's business.
        details: String,
    },
    /// Something stored cannot be read.
    #[error("{what} cannot be read: whoever runs the server finds the reason in its log")]
    Damaged {
        /// Such as "the store".
        what: &'static str,
        /// Why, for the operator, as above.
        details: String,
    },
}

fn sentence(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|violation| format!("`{}` {}", violation.field, violation.rule))
        .collect::<Vec<_>>()
        .join("; ")
}

fn denial(project: &str, needed: Role, held: Role) -> String {
    format!("this needs the role {needed} in project `{project}`; your token has the role {held}")
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        let (what, details) = ("the store", error.to_string());
        match error {
            StoreError::Unavailable(_) => Self::Unavailable { what, details },
            StoreError::Damaged(_) => Self::Damaged { what, details },
        }
    }
}

impl From<BlobsError> for ServiceError {
    fn from(error: BlobsError) -> Self {
        Self::Unavailable {
            what: "the stored files",
            details: error.to_string(),
        }
    }
}

impl From<LogsError> for ServiceError {
    fn from(error: LogsError) -> Self {
        match error {
            LogsError::BehindEnd { .. } => Self::Field {
                field: "offset",
                problem: format!("is wrong: {error}"),
            },
            LogsError::Unreadable(_) => Self::Damaged {
                what: "the log",
                details: error.to_string(),
            },
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
            Self::Busy(_) | Self::Unavailable { .. } => Code::Unavailable,
            Self::Damaged { .. } => Code::DataLoss,
        }
    }

    /// The error with its reason, which is not for callers.
    pub fn for_operator(&self) -> String {
        match self {
            Self::Unavailable { details, .. } | Self::Damaged { details, .. } => details.clone(),
            _ => self.to_string(),
        }
    }
}

/// What a caller gets: the sentence, and what is wrong with which field. What has nothing to do with the caller is told
/// to the operator instead.
impl From<ServiceError> for Status {
    fn from(error: ServiceError) -> Self {
        let sentence = shortened(error.to_string(), MAX_SENTENCE_BYTES);
        let mut details = ErrorDetails::new();
        match &error {
            ServiceError::Invalid(violations) => {
                let mut room = MAX_DETAILS_BYTES;
                for violation in violations {
                    let field = shortened(violation.field.clone(), MAX_DETAIL_BYTES);
                    let rule = shortened(violation.rule.to_string(), MAX_DETAIL_BYTES);
                    let Some(left) = room.checked_sub(field.len() + rule.len()) else {
                        break;
                    };
                    room = left;
                    details.add_bad_request_violation(field, rule);
                }
            }
            ServiceError::Field { field, problem } => {
                details.add_bad_request_violation(*field, shortened(problem.clone(), MAX_DETAIL_BYTES));
            }
            ServiceError::Unavailable { .. } | ServiceError::Damaged { .. } => {
                tracing::error!("a call was answered {:?}: {}", error.code(), error.for_operator());
                return Status::new(error.code(), sentence);
            }
            _ => return Status::new(error.code(), sentence),
        }
        Status::with_error_details(error.code(), sentence, details)
    }
}

/// A text that may repeat what a caller has sent.
fn shortened(mut text: String, max: usize) -> String {
    if text.len() > max {
        text.truncate(bounds::beginning(&text, max).len());
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::rules::Rule;

    #[test]
    fn a_status_fits_into_the_headers_that_clients_take() {
        let violation = |place: usize| Violation {
            field: format!("job_parameters.arguments[{place}].name"),
            rule: Rule::VariableName {
                name: "я".repeat(5000)
            },
        };
        let unknown = ServiceError::NotFound {
            kind: "job",
            id: "x".repeat(1 << 20),
        };
        for error in [ServiceError::Invalid((0..1000).map(violation).collect()), unknown] {
            let status = Status::from(error);
            let mut headers = http::HeaderMap::new();
            status.add_header(&mut headers).unwrap();
            let length: usize = headers
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len())
                .sum();
            assert!(length < 8 * 1024, "{length}");
            assert!(status.message().ends_with('…'));
        }
    }

    #[test]
    fn what_is_the_operators_is_not_told_to_callers() {
        let path = "/srv/jobsphere/jobsphere.sqlite: no space left";
        for error in [
            ServiceError::from(StoreError::Unavailable(path.into())),
            StoreError::Damaged(path.into()).into(),
            BlobsError(path.into()).into(),
            LogsError::Unreadable(path.into()).into(),
        ] {
            assert!(error.for_operator().contains(path));
            let status = Status::from(error);
            assert!(
                !status.message().contains('/') && status.details().is_empty(),
                "{status:?}"
            );
        }
    }
}
