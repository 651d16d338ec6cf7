//! The name of a file's content.

use std::fmt;

/// A SHA-256 digest; as text 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256([u8; 32]);

/// A text that is not a SHA-256 digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written as 64 lower-case hexadecimal digits")]
pub struct Sha256Error;

impl Sha256 {
    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`Sha256Error`] for another length, upper case or other characters.
    pub fn parse(text: &str) -> Result<Self, Sha256Error> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(Sha256Error);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }

    /// The digest of `content`, for what is in memory anyway.
    pub fn of(content: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(content).into())
    }

    /// Whether both are equal, found in a time that does not tell where they differ.
    pub fn equals_in_constant_time(&self, other: &Self) -> bool {
        let differing = self
            .0
            .iter()
            .zip(&other.0)
            .fold(0, |differing, (one, other)| differing | (one ^ other));
        std::hint::black_box(differing) == 0
    }

    /// The digest of everything `hasher` has seen.
    pub fn finish(hasher: sha2::Sha256) -> Self {
        use sha2::Digest;
        Self(hasher.finalize().into())
    }
}

fn nibble(digit: u8) -> Result<u8, Sha256Error> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(Sha256Error),
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_digest_are_one() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256::of(b"").to_string(), empty);
        assert_eq!(Sha256::parse(empty), Ok(Sha256::of(b"")));
        assert!(Sha256::of(b"").equals_in_constant_time(&Sha256::of(b"")));
        assert!(!Sha256::of(b"").equals_in_constant_time(&Sha256::of(b"x")));
        for bad in ["", &empty.to_uppercase(), &empty[1..], &empty.replace('e', "g")] {
            assert_eq!(Sha256::parse(bad), Err(Sha256Error), "{bad:?}");
        }
    }
}
