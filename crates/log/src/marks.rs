//! Marks that a program writes by plain `echo`, as GitHub reads them: `::group::NAME`, `::endgroup::`, `::error::TEXT`,
//! `::warning file=a.py,line=3::TEXT`.

/// What a line marks, and where the text begins that is shown for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Group(usize),
    EndGroup,
    Error(usize),
    Note(usize),
}

impl Mark {
    /// Reads a line's first bytes.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        let rest = line.strip_prefix(b"::")?;
        let end = memchr::memmem::find(rest, b"::")?;
        let words = &rest[..end];
        let text = 2 + end + 2;
        let (name, _properties) = words.split_at(words.iter().position(|byte| *byte == b' ').unwrap_or(words.len()));
        match name {
            b"group" => Some(Self::Group(text)),
            b"endgroup" => Some(Self::EndGroup),
            b"error" => Some(Self::Error(text)),
            b"warning" | b"notice" | b"debug" => Some(Self::Note(text)),
            _ => None,
        }
    }

    /// Where the text begins that is shown.
    pub(super) fn text(self) -> usize {
        match self {
            Self::Group(text) | Self::Error(text) | Self::Note(text) => text,
            Self::EndGroup => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_the_others_read_them() {
        assert_eq!(Mark::of(b"::group::Install\n"), Some(Mark::Group(9)));
        assert_eq!(Mark::of(b"::endgroup::"), Some(Mark::EndGroup));
        assert_eq!(Mark::of(b"::error file=a.py,line=1::No"), Some(Mark::Error(26)));
        assert_eq!(Mark::of(b"::warning::x"), Some(Mark::Note(11)));
        for line in [&b"a ::group::b"[..], b"::other::x", b"::group", b"::"] {
            assert_eq!(Mark::of(line), None);
        }
    }
}
