#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn marks_are_shown_where_they_stand() {
    assert_eq!(shown("plot\u{202e}gnp.sh"), "plot⟨U+202E⟩gnp.sh");
    assert_eq!(shown("zero\u{200b}width.txt"), "zero⟨U+200B⟩width.txt");
    assert_eq!(
        shown("\u{2067}mixed\u{2069} and \u{202e}open"),
        "⟨U+2067⟩mixed⟨U+2069⟩ and ⟨U+202E⟩open"
    );
    assert_eq!(shown("two\nlines\u{85}\u{7f}"), "two⟨U+000A⟩lines⟨U+0085⟩⟨U+007F⟩");
    assert_eq!(
        shown("\u{feff}a\u{ad}b\u{3164}\u{e0041}"),
        "⟨U+FEFF⟩a⟨U+00AD⟩b⟨U+3164⟩⟨U+E0041⟩"
    );
    assert!(has_marks("a\u{200d}b") && has_marks("а\u{200c}б") && has_marks("x\u{fe0f}"));
}

#[test]
fn what_belongs_to_the_writing_is_no_mark() {
    for name in [
        "train.py",
        "данные й 2026.csv",
        "דוח 2026 (1).csv",
        "می\u{200c}خواهم.txt",
        "क्\u{200d}ष",
        "👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3}.png",
        "👩🏽\u{200d}🚀",
        "中国語 ﾃｽﾄ",
        "",
    ] {
        assert_eq!(shown(name), name);
        assert!(!has_marks(name) && matches!(saved(name), Cow::Borrowed(_)));
    }
}

#[test]
fn what_turns_is_isolated_and_nothing_else() {
    assert_eq!(isolated("דוח 56.csv"), "\u{2068}דוח 56.csv\u{2069}");
    assert_eq!(isolated("تقرير\u{202e}.csv"), "\u{2068}تقرير⟨U+202E⟩.csv\u{2069}");
    assert_eq!(isolated("отчёт.csv"), "отчёт.csv");
    assert_eq!(isolated("plot\u{202e}gnp.sh"), "plot⟨U+202E⟩gnp.sh");
}

#[test]
fn a_sentence_within_a_sentence_is_isolated_once() {
    let name = said("דוח.csv").into_owned();
    assert_eq!(name, "\u{2068}דוח.csv\u{2069}");
    assert_eq!(said(&name), name);
    let list = format!("{name}, a\u{202e}b, {name}");
    assert_eq!(said(&list), format!("{name}, a⟨U+202E⟩b, {name}"));
    assert_eq!(said("one\n\ttwo"), "one\n\ttwo");
}

#[test]
fn what_somebody_isolated_badly_is_a_mark() {
    assert_eq!(said("a\u{2068}b"), "a⟨U+2068⟩b");
    assert_eq!(said("\u{2068}ab\u{2069}"), "⟨U+2068⟩ab⟨U+2069⟩");
    assert_eq!(
        said("\u{2068}א\u{202e}\u{2069}"),
        "⟨U+2068⟩\u{2068}א⟨U+202E⟩⟨U+2069⟩\u{2069}"
    );
    assert_eq!(said("\u{2068}\u{2068}א\u{2069}"), "⟨U+2068⟩\u{2068}א\u{2069}");
}

#[test]
fn a_file_is_saved_under_a_name_that_is_seen() {
    assert_eq!(saved("plot\u{202e}gnp.sh"), "plot_gnp.sh");
    assert_eq!(saved("a\u{200b}\u{2066}b"), "a__b");
}

proptest::proptest! {
    #[test]
    fn nothing_hidden_is_left_and_nothing_is_open(name in "[a-zא-ת\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\n .]{0,12}") {
        let marks = |text: &str| text.contains(|letter| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}'));
        let closed = |text: &str| {
            let depths = text.chars().scan(0, |depth: &mut i32, letter| {
                *depth += i32::from(letter == ISOLATE) - i32::from(letter == END);
                Some(*depth)
            });
            let depths: Vec<i32> = depths.collect();
            depths.iter().all(|depth| (0..=1).contains(depth)) && depths.last().is_none_or(|last| *last == 0)
        };
        for text in [isolated(&name), said(&name)] {
            proptest::prop_assert!(!marks(&text) && closed(&text), "{text:?}");
        }
        let (once, seen) = (said(&name).into_owned(), shown(&name).into_owned());
        proptest::prop_assert_eq!(said(&once), &*once);
        proptest::prop_assert_eq!(shown(&seen), &*seen);
    }
}
