//! What an input holds, as far as it is known.

/// What an input holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum InputContent {
    /// Nobody has chosen it yet.
    #[default]
    Missing,
    /// A chosen file or folder.
    Chosen {
        /// The page's own number of it.
        number: u64,
        /// Size of what is sent.
        size_bytes: i64,
        /// Lower-case hexadecimal SHA-256 of what is sent, once it is known.
        sha256: Option<String>,
    },
    /// Something that a service held when it was taken over from a job.
    Held {
        /// Lower-case hexadecimal SHA-256.
        sha256: String,
        /// Its size.
        size_bytes: i64,
    },
}

impl InputContent {
    /// What a service holds; missing where the digest is empty.
    pub fn held(sha256: impl Into<String>, size_bytes: i64) -> Self {
        match sha256.into() {
            sha256 if sha256.is_empty() => Self::Missing,
            sha256 => Self::Held { sha256, size_bytes },
        }
    }

    /// Whether there is nothing to send.
    pub fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    /// The page's number of a chosen file or folder.
    pub fn chosen(&self) -> Option<u64> {
        match self {
            Self::Chosen { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// Its size; 0 where nothing is known.
    pub fn size_bytes(&self) -> i64 {
        match self {
            Self::Missing => 0,
            Self::Chosen { size_bytes, .. } | Self::Held { size_bytes, .. } => *size_bytes,
        }
    }

    /// Without the chosen file or folder: what is left is its digest, where that is known.
    pub fn unchosen(&self) -> Self {
        Self::held(self.sha256(), self.size_bytes())
    }

    /// Its digest, in lower-case hexadecimal digits; empty until it is known.
    pub fn sha256(&self) -> &str {
        match self {
            Self::Chosen {
                sha256: Some(sha256), ..
            }
            | Self::Held { sha256, .. } => sha256,
            _ => "",
        }
    }
}

/// An input as it is written down: a number of 0 and an empty digest stand for what is not there.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    path: String,
    var: String,
    source: u64,
    size_bytes: i64,
    sha256: String,
    is_folder: bool,
}

impl From<Stored> for super::InputRow {
    fn from(stored: Stored) -> Self {
        let content = match stored.source {
            0 => InputContent::held(stored.sha256, stored.size_bytes),
            number => InputContent::Chosen {
                number,
                size_bytes: stored.size_bytes,
                sha256: Some(stored.sha256).filter(|sha256| !sha256.is_empty()),
            },
        };
        Self {
            path: stored.path,
            var: stored.var,
            content,
            is_folder: stored.is_folder,
        }
    }
}

impl From<super::InputRow> for Stored {
    fn from(row: super::InputRow) -> Self {
        Self {
            source: row.content.chosen().unwrap_or_default(),
            size_bytes: row.content.size_bytes(),
            sha256: row.content.sha256().to_owned(),
            path: row.path,
            var: row.var,
            is_folder: row.is_folder,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::draft::InputRow;

    #[test]
    fn rows_that_were_written_down_are_read_and_written_alike() {
        for (source, sha256) in [(0, ""), (0, "ab"), (7, ""), (7, "ab")] {
            let written = format!(
                r#"{{"path":"a","var":"A","source":{source},"size_bytes":3,"sha256":"{sha256}","is_folder":true}}"#
            );
            let row: InputRow = serde_json::from_str(&written).expect("a row");
            assert_eq!(row.content.chosen().unwrap_or_default(), source);
            assert_eq!(row.content.sha256(), sha256);
            assert_eq!(row.content.is_missing(), (source, sha256) == (0, ""));
            let size_bytes = if row.content.is_missing() { 0 } else { 3 };
            let again = written.replace(r#""size_bytes":3"#, &format!(r#""size_bytes":{size_bytes}"#));
            assert_eq!(serde_json::to_string(&row).expect("a row"), again);
        }
    }
}
