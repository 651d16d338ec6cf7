//! The marks within a message. No text of a message holds such a character, see `compile`.

/// A value; its number follows, one digit.
pub(crate) const VALUE: u8 = 1;
/// Forms to choose from by a value, whose number follows; then the variants, and [`END`].
pub(crate) const CHOICE: u8 = 2;
/// A variant: its key, [`KEY_END`], its pattern. The key of the one that is taken where none fits begins with `*`.
pub(crate) const VARIANT: u8 = 3;
/// The end of a variant's key.
pub(crate) const KEY_END: u8 = 4;
/// The end of the variants.
pub(crate) const END: u8 = 5;
/// The end of a line, within a message.
pub(crate) const NEW_LINE: u8 = 6;

/// Whether the letter is a mark.
pub(crate) fn is_mark(letter: char) -> bool {
    (char::from(VALUE)..=char::from(NEW_LINE)).contains(&letter)
}

/// One form of a message.
pub(crate) struct Variant<'t> {
    pub(crate) key: &'t str,
    pub(crate) is_default: bool,
    pub(crate) pattern: &'t str,
}

/// The variants that stand first in `text`, and what stands behind their end.
pub(crate) fn variants(text: &str) -> (Vec<Variant<'_>>, &str) {
    let mut variants = Vec::new();
    let mut rest = text;
    while let Some(behind) = rest.strip_prefix(char::from(VARIANT)) {
        let Some((key, behind)) = behind.split_once(char::from(KEY_END)) else {
            return (variants, "");
        };
        let (pattern, next) = behind.split_at(end_of_pattern(behind));
        let default = key.strip_prefix('*');
        variants.push(Variant {
            key: default.unwrap_or(key),
            is_default: default.is_some(),
            pattern,
        });
        rest = next;
    }
    (variants, rest.strip_prefix(char::from(END)).unwrap_or(rest))
}

/// Where the pattern ends that stands first: at the next variant, or the end of all, of the choice around it.
fn end_of_pattern(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            CHOICE => depth += 1,
            VARIANT | END if depth == 0 => return at,
            END => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
