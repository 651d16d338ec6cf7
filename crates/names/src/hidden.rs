//! Which letters cannot be seen, and which are written from right to left.

/// Whether nothing in the text needs a look: ASCII without control characters.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Whether a letter between these two shows nothing by itself. Joiners and variants that belong to the writing of Persian,
/// of Indian languages, or to an emoji, are seen in what they do.
pub(crate) fn is_any(before: Option<char>, letter: char, after: Option<char>) -> bool {
    match letter {
        '\u{200c}' | '\u{200d}' => !(is_joined(before) && is_joined(after)),
        '\u{fe00}'..='\u{fe0f}' => !before.is_some_and(takes_variant),
        _ => letter.is_control() || turns(letter) || is_empty(letter),
    }
}

/// Marks that turn the direction of writing, or end a turn.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Letters without ink: Unicode's `Default_Ignorable_Code_Point`, ends of lines, interlinear and shorthand controls.
fn is_empty(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether it is written from right to left, or is a digit of such a writing.
pub(crate) fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// Whether a joiner beside it may belong to it: no letter of Latin, Greek or Cyrillic, and no sign.
fn is_joined(letter: Option<char>) -> bool {
    let joined = |letter: char| {
        matches!(letter, '\u{600}'..='\u{1fff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fefc}' | '\u{11000}'..='\u{11fff}')
            || is_pictured(letter)
    };
    letter.is_some_and(joined)
}

fn takes_variant(letter: char) -> bool {
    is_pictured(letter) || matches!(letter, '0'..='9' | '#' | '*' | '\u{2e80}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether it may begin or end an emoji.
fn is_pictured(letter: char) -> bool {
    matches!(letter, '©' | '®' | '\u{203c}'..='\u{2049}' | '\u{2100}'..='\u{2bff}' | '\u{3030}'..='\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}
