//! Identifiers: checked when they enter, opaque afterwards.

use std::fmt;

/// The published services use twenty letters and digits; longer ones than this are never ids.
pub const MAX_ID_LENGTH: usize = 50;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
const NEW_ID_LENGTH: usize = 20;

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to {MAX_ID_LENGTH} letters, digits, `-` or `_`")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Checks `text`: 1 to 50 of `[0-9A-Za-z_-]`, so that an id is also a safe file name.
            ///
            /// # Errors
            /// [`IdError`] for anything else.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                checked(text).map(|id| Self(id.to_owned()))
            }

            /// A new id from `random` bytes: twenty characters, 100 bits.
            pub fn from_random(random: [u8; NEW_ID_LENGTH]) -> Self {
                Self(
                    random
                        .iter()
                        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
                        .collect(),
                )
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(
    /// Id of a job, unique in the service.
    JobId
);
id!(
    /// Id of a project.
    ProjectId
);
id!(
    /// Id of a dataset, unique in the service.
    DatasetId
);
id!(
    /// Id of an operation, unique in the service.
    OperationId
);
id!(
    /// Id of a share link, unique in the service.
    ShareId
);

fn checked(text: &str) -> Result<&str, IdError> {
    let fits = (1..=MAX_ID_LENGTH).contains(&text.len());
    let safe = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits && safe { Ok(text) } else { Err(IdError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_file_names() {
        for bad in ["", ".", "..", "a/b", "a b", "é", &"x".repeat(51)] {
            assert_eq!(JobId::parse(bad), Err(IdError), "{bad:?}");
        }
        assert!(ProjectId::parse("default").is_ok());
        let fresh = JobId::from_random([255; NEW_ID_LENGTH]);
        assert_eq!(JobId::parse(fresh.as_str()), Ok(fresh));
    }
}
