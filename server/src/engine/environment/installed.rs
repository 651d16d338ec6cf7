//! Which packages an environment has, as its build has printed them at its end. What a build prints is data: packages run
//! while they are installed, and may print the same; only names and versions are taken from it.

use jobsphere_rules::service_line::ServiceLine;

/// As `installed.py` begins its line.
const BEGIN: &str = "Installed: ";
const MOST_CHARACTERS: usize = 4100;

/// The last line of `output` that says what is installed, without its beginning; empty when there is none that is well
/// formed.
pub(super) fn installed(output: &str) -> String {
    let line = output
        .lines()
        .rev()
        .find_map(|line| line.trim_end().strip_prefix(BEGIN));
    line.filter(|line| is_list(line)).unwrap_or_default().to_owned()
}

/// The line for a job's log; none where nothing is known.
pub(super) fn line(installed: &str) -> Option<ServiceLine<'static>> {
    is_list(installed).then(|| ServiceLine::Installed {
        packages: installed.to_owned().into(),
    })
}

fn is_list(line: &str) -> bool {
    let (list, more) = line.split_once(", and ").unwrap_or((line, "1 more"));
    let is_count = more
        .strip_suffix(" more")
        .is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()));
    line.len() <= MOST_CHARACTERS && is_count && list.split(", ").all(is_package)
}

/// A name and a version.
fn is_package(text: &str) -> bool {
    let is_word = |word: &str, more: &str| {
        word.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && word
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
    };
    text.split_once(' ')
        .is_some_and(|(name, version)| is_word(name, "._-") && is_word(version, "._+!-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_and_holds_names_and_versions_alone() {
        for (output, expected) in [
            (
                "Installed: evil 1\nx\nInstalled: six 1.16.0, torch 2.3.1+cu121\nend",
                "six 1.16.0, torch 2.3.1+cu121",
            ),
            ("Installed: a 1, and 7 more\n", "a 1, and 7 more"),
            ("Installed: a 1, <b> 2\n", ""),
            ("Installed: a 1\u{1b}[31m\n", ""),
            ("Installed: a\n", ""),
            ("Installed: \n", ""),
            ("nothing\n", ""),
        ] {
            assert_eq!(installed(output), expected, "{output}");
        }
        assert_eq!(installed(&format!("{BEGIN}{}", "a".repeat(5000) + " 1")), "");
        let said = line("six 1.16.0").map(|line| line.to_string());
        assert_eq!(said.as_deref(), Some("Installed: six 1.16.0"));
        assert_eq!(line(""), None);
    }
}
