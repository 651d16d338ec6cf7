//! Texts as Excel saves them "for MS-DOS" in Western Europe: code page 850, which the Encoding Standard does not have.

/// Its upper half, from 0x80 on.
const UPPER: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
    "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);

/// The text of bytes; each stands for a letter.
pub(super) fn decode(bytes: &[u8]) -> String {
    let upper: Vec<char> = UPPER.chars().collect();
    let letter = |byte: &u8| match byte.checked_sub(0x80) {
        Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
        None => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// Whether the text is more likely than `other`, which the same bytes are in another encoding: there, signs stand
/// between letters that belong before or behind words.
pub(super) fn is_likelier(text: &str, other: &str) -> bool {
    let are_letters = text
        .chars()
        .all(|letter| letter.is_ascii() || letter.is_alphabetic() || "°§«»·½¼ª\u{a0}".contains(letter));
    are_letters && !has_signs_within(text) && (has_signs_within(other) || has_lone_asians(other))
}

/// Whether letters of East Asia stand in it, each alone among letters of ASCII, as nobody writes them.
fn has_lone_asians(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let is_asian = |letter: &char| *letter >= '\u{2e80}';
    let are_together = |two: &[char]| two.iter().filter(|letter| !letter.is_ascii()).count() > 1;
    letters.iter().any(is_asian) && !letters.windows(2).any(are_together)
}

fn has_signs_within(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let is_odd = |letter: char| letter.is_control() || "„”“‚™ˆ‡†‰¡¢£¤".contains(letter);
    letters.windows(3).any(|three| {
        let [before, sign, behind] = [three[0], three[1], three[2]];
        !sign.is_ascii() && is_odd(sign) && before.is_alphabetic() && behind.is_alphabetic()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_letters_are_those_of_western_europe() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(
            decode(b"M\x81ller, K\x84se, Gr\x94\xe1e, Ren\x82, \x99l"),
            "Müller, Käse, Größe, René, Öl"
        );
    }

    #[test]
    fn signs_between_letters_tell_it_from_that_of_windows() {
        assert!(is_likelier("Käse", "K„se"));
        assert!(!is_likelier("donÆt", "don’t"));
        assert!(
            !is_likelier("ö Käse ö", "„ Käse ”"),
            "quotation marks stand around words, too"
        );
        assert!(is_likelier("prénom", "prＯom"));
        assert!(!is_likelier("A éà B", "A との B"));
    }
}
