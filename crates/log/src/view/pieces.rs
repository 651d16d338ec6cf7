//! The pieces of a row: stretches of its text that look alike.

use std::collections::BTreeSet;

use crate::model::{Row, Styled};

/// A stretch of text that looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its text.
    pub text: &'a str,
    /// How its escape sequences want it; `None` where it is plain.
    pub style: Option<&'a Styled>,
    /// It matches what is looked for.
    pub is_match: bool,
    /// Its letters run from right to left, or it would turn what follows.
    pub is_turned: bool,
}

/// The pieces of a row, in the order of its text; nothing is left out.
pub fn pieces(row: &Row) -> Vec<Piece<'_>> {
    let whole = Piece {
        text: &row.text,
        style: None,
        is_match: false,
        is_turned: false,
    };
    let turned = turned(&row.text);
    if row.styles.is_empty() && row.matches.is_empty() && turned.is_empty() {
        return vec![whole];
    }
    let styled = row.styles.iter().flat_map(|style| [style.start, style.end]);
    let found = row.matches.iter().flat_map(|(start, end)| [*start, *end]);
    let turns = turned.iter().flat_map(|(start, end)| [*start, *end]);
    let borders: BTreeSet<u32> = styled.chain(found).chain(turns).collect();
    let mut pieces = Vec::new();
    let (mut at, mut unit) = (0, 0);
    for border in borders.into_iter().chain([u32::MAX]) {
        let length = bytes(&row.text[at..], border - unit.min(border));
        if length > 0 {
            pieces.push(Piece {
                text: &row.text[at..at + length],
                style: row.styles.iter().find(|style| style.start <= unit && unit < style.end),
                is_match: row.matches.iter().any(|(start, end)| *start <= unit && unit < *end),
                is_turned: turned.iter().any(|(start, end)| *start <= unit && unit < *end),
            });
        }
        at += length;
        unit = border;
    }
    pieces
}

/// Stretches of letters that run from right to left, with the blanks between them, and signs that turn what follows; in
/// units of UTF-16. By themselves, they leave all else in the order in which it was written.
fn turned(text: &str) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let (mut unit, mut goes_on) = (0, false);
    for letter in text.chars() {
        let end = unit + letter.len_utf16() as u32;
        if turns(letter) {
            match found.last_mut().filter(|_| goes_on) {
                Some(last) => last.1 = end,
                None => found.push((unit, end)),
            }
            goes_on = true;
        } else {
            goes_on &= letter == ' ' || letter == '\u{200d}' || ('\u{300}'..'\u{370}').contains(&letter);
        }
        unit = end;
    }
    found
}

fn turns(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}'
            | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// How many bytes the first `units` units of UTF-16 are; a letter is not cut.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = units;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(letter.len_utf16() as u32);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn style(start: u32, end: u32) -> Styled {
        Styled {
            start,
            end,
            is_bold: true,
            ..Styled::default()
        }
    }

    #[test]
    fn styles_and_matches_cut_each_other() {
        let row = Row {
            text: "🦀раз два".into(),
            styles: vec![style(0, 3)],
            matches: vec![(2, 5)],
            ..Row::default()
        };
        let seen: Vec<_> = pieces(&row)
            .into_iter()
            .map(|piece| (piece.text, piece.style.is_some(), piece.is_match))
            .collect();
        assert_eq!(
            seen,
            [
                ("🦀", true, false),
                ("р", true, true),
                ("аз", false, true),
                (" два", false, false)
            ]
        );
    }

    #[test]
    fn words_from_right_to_left_stand_by_themselves() {
        let row = Row {
            text: "é שלום עולם 12:30 END \u{202e}x".into(),
            ..Row::default()
        };
        let seen: Vec<_> = pieces(&row)
            .into_iter()
            .map(|piece| (piece.text, piece.is_turned))
            .collect();
        assert_eq!(
            seen,
            [
                ("é ", false),
                ("שלום עולם", true),
                (" 12:30 END ", false),
                ("\u{202e}", true),
                ("x", false)
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in ".{0,40}", cuts in prop::collection::vec((0_u32..60, 0_u32..60), 0..6)) {
            let matches = cuts.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
            let styles = cuts.iter().map(|(a, b)| style(*a.min(b), a.max(b) + 1)).collect();
            let row = Row { text: text.clone(), styles, matches, ..Row::default() };
            let joined: String = pieces(&row).iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
