//! What a key stands for. In a layout with Latin letters that is its letter, wherever the layout has it (AZERTY, Dvorak).
//! In any other it is the letter that stands at its place on a keyboard of English: who writes Russian presses `ц` for `w`.

/// The letter or sign of the sheet that was pressed: `key` and `code` are those of the browser's event. A letter is large
/// where the one that was typed is, or, in a writing without large letters, where Shift was held.
pub fn meant(key: &str, code: &str, is_shifted: bool) -> Option<char> {
    let mut letters = key.chars();
    let (Some(typed), None) = (letters.next(), letters.next()) else {
        return None;
    };
    let at_place = match code.strip_prefix("Key") {
        Some(place) => place.chars().next().filter(|_| is_of_another_writing(typed)),
        // A layout of another writing has a stop there, and a comma above it.
        None if code == "Slash" && (matches!(typed, '.' | ',') || is_of_another_writing(typed)) => {
            return Some(if is_shifted { '?' } else { '/' });
        }
        None => None,
    };
    let is_large = typed.is_uppercase() || is_shifted && !typed.is_lowercase();
    match at_place {
        Some(place) if is_large => Some(place.to_ascii_uppercase()),
        Some(place) => Some(place.to_ascii_lowercase()),
        None => typed.is_ascii_graphic().then_some(typed),
    }
}

/// Whether it is a letter, and none of a Latin alphabet.
fn is_of_another_writing(letter: char) -> bool {
    letter.is_alphabetic() && !letter.is_ascii() && !matches!(letter, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_russian_keyboard_has_the_sheet_at_its_places() {
        for (key, code, expected) in [
            ("ц", "KeyW", 'w'),
            ("а", "KeyF", 'f'),
            ("е", "KeyT", 't'),
            ("у", "KeyE", 'e'),
            ("п", "KeyG", 'g'),
            ("т", "KeyN", 'n'),
            ("с", "KeyC", 'c'),
            ("о", "KeyJ", 'j'),
            ("л", "KeyK", 'k'),
            (".", "Slash", '/'),
        ] {
            assert_eq!(meant(key, code, false), Some(expected), "{key}");
        }
        assert_eq!(meant("Т", "KeyN", true), Some('N'));
        assert_eq!(meant(",", "Slash", true), Some('?'));
        assert_eq!(meant("?", "Digit7", true), Some('?'));
        // Capitals are locked.
        assert_eq!(meant("Т", "KeyN", false), Some('N'));
    }

    #[test]
    fn other_writings_go_by_place_too() {
        assert_eq!(meant("ς", "KeyW", false), Some('w'));
        assert_eq!(meant("ش", "KeyA", false), Some('a'));
        assert_eq!(meant("מ", "KeyN", false), Some('n'));
        assert_eq!(meant("ㅜ", "KeyN", true), Some('N'));
    }

    #[test]
    fn latin_layouts_go_by_letter() {
        // AZERTY: `w` stands where English has `z`.
        assert_eq!(meant("w", "KeyZ", false), Some('w'));
        assert_eq!(meant("z", "KeyW", false), Some('z'));
        // Dvorak.
        assert_eq!(meant("n", "KeyL", false), Some('n'));
        assert_eq!(meant(".", "KeyE", false), Some('.'));
        assert_eq!(meant("z", "Slash", false), Some('z'));
        // QWERTZ: `/` is above 7, and its place has a dash.
        assert_eq!(meant("/", "Digit7", true), Some('/'));
        assert_eq!(meant("-", "Slash", false), Some('-'));
        // Turkish F has a letter of its own at the place of `e`.
        assert_eq!(meant("ğ", "KeyE", false), None);
    }

    #[test]
    fn keys_with_names_stand_for_themselves() {
        for key in ["Enter", "Escape", "Dead", "Process", ""] {
            assert_eq!(meant(key, "KeyN", false), None);
        }
    }
}
