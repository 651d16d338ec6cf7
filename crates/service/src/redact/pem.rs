//! Private keys in PEM: hidden from the line that begins one to the line that ends it.

use std::{ops::Range, sync::LazyLock};

use regex::bytes::{Regex, RegexBuilder};

#[allow(clippy::expect_used)]
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    RegexBuilder::new("-----(?:(BEGIN)|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
        .unicode(false)
        .build()
        .expect("the pattern compiles")
});

/// What keys hide in a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) hidden: Vec<Range<usize>>,
    /// Where in the line keys begin.
    pub(super) begun: Vec<usize>,
    /// Whether the end of the line is inside a key.
    pub(super) is_open: bool,
}

/// Looks at a line that begins inside a key, or outside.
pub(super) fn keys(line: &[u8], begins_inside: bool) -> Keys {
    let mut keys = Keys {
        is_open: begins_inside,
        ..Keys::default()
    };
    let mut from = 0;
    for marker in MARKER.captures_iter(line) {
        let Some(whole) = marker.get(0) else { continue };
        let begins = marker.get(1).is_some();
        if keys.is_open {
            keys.hidden.push(from..whole.end());
        }
        if begins {
            keys.begun.push(whole.start());
        }
        keys.is_open = begins;
        from = whole.end();
    }
    if keys.is_open && from < line.len() {
        keys.hidden.push(from..line.len());
    }
    keys
}
