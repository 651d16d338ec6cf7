//! A call that failed, as the person who made it needs it.

use serde::{Deserialize, Serialize};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::between::Between;

/// A field that the service refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldViolation {
    /// The field's path in the request, such as `job_parameters.cmd`.
    pub field: String,
    /// The service's sentence.
    pub description: String,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct CallError {
    /// The gRPC code.
    #[serde(with = "as_number")]
    pub code: Code,
    /// The service's sentence, or the transport's.
    pub message: String,
    /// The refused fields, when the service named them in the status details.
    pub violations: Vec<FieldViolation>,
    /// Who answered in the service's place.
    #[serde(default)]
    pub between: Option<Between>,
}

/// A code as the number that the wire has.
mod as_number {
    use serde::{Deserialize, Deserializer, Serializer};
    use tonic::Code;

    pub(super) fn serialize<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(i32::from(*code))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        i32::deserialize(deserializer).map(Code::from_i32)
    }
}

impl CallError {
    /// An error found on this side of the wire.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            violations: Vec::new(),
            between: None,
        }
    }

    /// Whether the same call may succeed later: the connection or the service is in trouble, not the request.
    pub fn is_transient(&self) -> bool {
        if let Some(between) = &self.between {
            return between.is_passing();
        }
        matches!(
            self.code,
            Code::Unavailable
                | Code::DeadlineExceeded
                | Code::ResourceExhausted
                | Code::Aborted
                | Code::Cancelled
                | Code::Unknown
                | Code::Internal
        )
    }
}

impl From<Status> for CallError {
    fn from(status: Status) -> Self {
        let violations = status
            .get_details_bad_request()
            .map(|details| details.field_violations)
            .unwrap_or_default();
        Self {
            between: Between::take_from(status.metadata()),
            code: status.code(),
            message: status.message().to_owned(),
            violations: violations
                .into_iter()
                .map(|violation| FieldViolation {
                    field: violation.field,
                    description: violation.description,
                })
                .collect(),
        }
    }
}

impl From<crate::api::any::AnyError> for CallError {
    fn from(error: crate::api::any::AnyError) -> Self {
        Self::new(Code::Internal, error.to_string())
    }
}

impl From<crate::api::rpc::Status> for CallError {
    fn from(status: crate::api::rpc::Status) -> Self {
        Self::new(Code::from_i32(status.code), status.message)
    }
}
