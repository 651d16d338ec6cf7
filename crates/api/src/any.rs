//! Packing messages into `google.protobuf.Any` and back.

use prost::{Message, Name};
use prost_types::Any;

/// Why an `Any` could not be read as the message that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum AnyError {
    /// The `Any` holds another message.
    #[error("expected {expected}, the answer holds {found}")]
    Type {
        /// Full name of the wanted message.
        expected: String,
        /// Type URL that was found.
        found: String,
    },
    /// The bytes are not a valid encoding of the message.
    #[error("the answer holds bytes that cannot be decoded: {0}")]
    Decode(#[from] prost::DecodeError),
}

/// Packs `message` under `type.googleapis.com/<full name>`.
pub fn pack<M: Message + Name>(message: &M) -> Any {
    Any {
        type_url: M::type_url(),
        value: message.encode_to_vec(),
    }
}

/// Unpacks `any` as `M`.
///
/// # Errors
/// [`AnyError::Type`] when it holds another message, [`AnyError::Decode`] when its bytes are broken.
pub fn unpack<M: Message + Name + Default>(any: &Any) -> Result<M, AnyError> {
    let name = any.type_url.rsplit('/').next().unwrap_or_default();
    if name != M::full_name() {
        return Err(AnyError::Type {
            expected: M::full_name(),
            found: any.type_url.clone(),
        });
    }
    Ok(M::decode(any.value.as_slice())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{CreateProjectJobMetadata, ExecuteProjectJobRequest};

    #[test]
    fn a_packed_message_comes_back_and_another_type_is_named() {
        let sent = CreateProjectJobMetadata {
            project_id: "p".into(),
            job_id: "j".into(),
        };
        let any = pack(&sent);
        assert_eq!(
            any.type_url,
            "type.googleapis.com/yandex.cloud.datasphere.v2.jobs.CreateProjectJobMetadata"
        );
        assert_eq!(unpack::<CreateProjectJobMetadata>(&any).unwrap(), sent);
        let error = unpack::<ExecuteProjectJobRequest>(&any).unwrap_err();
        assert!(error.to_string().contains("ExecuteProjectJobRequest"));
    }
}
