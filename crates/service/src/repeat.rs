//! `Idempotency-Key`: the same call with the same key, made again, is answered with the same operation.

use prost::Message;
use tonic::Request;

use super::{Caller, Change, JobService, Repeat, Role, ServiceError};
use crate::api::{id::OperationId, operation::Operation, sha256::Sha256};

/// The header that carries the key.
const HEADER: &str = "idempotency-key";
/// The longest key that is taken (ours).
const MAX_KEY_BYTES: usize = 256;

/// A call that is to be done once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Once {
    key: Sha256,
    request: Sha256,
}

impl Once {
    /// Reads the header of a call of `method`; `None` where there is none.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a key that is not text or too long.
    pub(super) fn read<T: Message>(
        request: &Request<T>,
        caller: &Caller,
        method: &str,
    ) -> Result<Option<Self>, ServiceError> {
        let Some(value) = request.metadata().get(HEADER) else {
            return Ok(None);
        };
        let wrong = |problem: &str| ServiceError::Field {
            field: "Idempotency-Key",
            problem: problem.to_owned(),
        };
        let key = value.to_str().map_err(|_| wrong("must be printable ASCII text"))?;
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return Err(wrong("must have 1 to 256 characters"));
        }
        // No part can hold a line feed, so no two calls are told by the same text.
        let text = format!("{method}\n{key}\n{}", caller.id);
        Ok(Some(Self {
            key: Sha256::of(text.as_bytes()),
            request: Sha256::of(&request.get_ref().encode_to_vec()),
        }))
    }

    /// What remembers that the call was answered with `operation`.
    pub(super) fn done(self, operation: OperationId, at_micros: i64) -> Change {
        Change::PutRepeat(Repeat {
            key: self.key,
            request: self.request,
            operation,
            at_micros,
        })
    }
}

impl JobService {
    /// The operation that the call was answered with before.
    ///
    /// # Errors
    /// INVALID_ARGUMENT when the key was used with another request.
    pub(super) async fn answered(
        &self,
        caller: &Caller,
        once: Option<Once>,
    ) -> Result<Option<Operation>, ServiceError> {
        let Some(once) = once else { return Ok(None) };
        let Some(repeat) = self.store.repeat(once.key).await? else {
            return Ok(None);
        };
        if repeat.request != once.request {
            return Err(ServiceError::Field {
                field: "Idempotency-Key",
                problem: "was used with another request; take a new key for each new request".into(),
            });
        }
        let found = self.store.operation(&repeat.operation).await?;
        // Whoever may not see the project any more is not told what came of the first call.
        let seen = found.filter(|record| caller.may(Role::Viewer, &record.project_id));
        Ok(seen.map(|record| record.operation))
    }
}
