//! The command of a configuration file, with the eyes of the published client.

/// What stands in each `${…}` of a command, whatever it is: the published client wants a variable of the file there. Two
/// braces count where they stand in one line with something between them, also where a shell would see neither.
pub fn references(cmd: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = cmd;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let line = inside.split('\n').next().unwrap_or_default();
        let first = line.chars().next().map_or(0, char::len_utf8);
        match line[first..].find('}') {
            Some(close) => {
                let end = first + close;
                found.push(&inside[..end]);
                rest = &inside[end + 1..];
            }
            None => rest = inside,
        }
    }
    found
}

/// `text` without the blanks around it, as Python sees them: the four separators of ASCII are among them.
pub fn strip(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_found_wherever_they_stand() {
        for (cmd, found) in [
            ("a ${A} ${b-1}", vec!["A", "b-1"]),
            ("${HOME:-/nowhere} '${#a}'", vec!["HOME:-/nowhere", "#a"]),
            ("${X:-${A}}", vec!["X:-${A"]),
            ("${} ${}}", vec!["} ${"]),
            ("$${A}", vec!["A"]),
            ("${\nA} ${B}", vec!["B"]),
            ("${", vec![]),
            ("${ж}", vec!["ж"]),
            ("${A $A {A}", vec!["A $A {A"]),
        ] {
            assert_eq!(references(cmd), found, "{cmd}");
        }
    }

    #[test]
    fn blanks_are_those_of_python() {
        assert_eq!(strip(" \u{1c}\u{a0}a b\u{85}\u{2028}\u{1f}\n"), "a b");
        assert_eq!(strip("\u{1b}a\u{200b}"), "\u{1b}a\u{200b}");
    }
}
