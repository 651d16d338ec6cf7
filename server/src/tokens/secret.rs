//! The secret of a token, and what is kept of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jobsphere_api::sha256::Sha256;

const SECRET_BYTES: usize = 32;
/// Tells programs that look for leaked secrets, and people, what it is.
const PREFIX: &str = "jobsphere_";

/// What a caller sends. Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

/// What a token is known by. A random secret of 256 bits needs no slow hash.
pub(crate) type Digest = Sha256;

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut random = [0; SECRET_BYTES];
        getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random))))
    }

    /// One that was sent.
    pub(crate) fn sent(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub(crate) fn digest(&self) -> Digest {
        Sha256::of(self.0.as_bytes())
    }

    /// The secret itself, to be shown to its owner.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}
