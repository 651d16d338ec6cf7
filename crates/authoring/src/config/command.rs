//! The command of a configuration file, with the eyes of the published client.

pub use jobsphere_rules::variable::references;

/// `text` without the blanks around it, as Python sees them: the four separators of ASCII are among them.
pub fn strip(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_those_of_python() {
        assert_eq!(strip(" \u{1c}\u{a0}a b\u{85}\u{2028}\u{1f}\n"), "a b");
        assert_eq!(strip("\u{1b}a\u{200b}"), "\u{1b}a\u{200b}");
    }
}
