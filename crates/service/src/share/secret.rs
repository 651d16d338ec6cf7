//! The secret of a link, and what is kept of it.

use crate::api::sha256::Sha256;

const LETTERS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
/// Five bits each: 200 bits.
pub(super) const LETTER_COUNT: usize = 40;

/// What stands in the fragment of a link. Its `Debug` tells nothing.
pub(super) struct ShareSecret(String);

impl ShareSecret {
    pub(super) fn from_random(random: [u8; LETTER_COUNT]) -> Self {
        let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        Self(letters.collect())
    }

    pub(super) fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// A random secret of so many bits needs no slow hash.
    pub(super) fn digest(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }

    /// The secret itself, for its maker.
    pub(super) fn reveal(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for ShareSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShareSecret")
    }
}
