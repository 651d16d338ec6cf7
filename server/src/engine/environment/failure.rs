//! What a tool said at last, when it failed.

const MAX_LINES: usize = 6;
const MAX_CHARS: usize = 1000;

/// The last meaningful lines: from the tool's last error on, without advice that is not about it.
pub(super) fn meaning(output: &str) -> String {
    let lines: Vec<&str> = output
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.trim().is_empty() && !is_noise(line))
        .collect();
    let begins = |line: &&str| {
        let line = line.trim_start().to_lowercase();
        line.starts_with("error") || line.starts_with('×') || line.starts_with("critical")
    };
    let last_error = lines.iter().rposition(begins);
    // Tools repeat themselves: the first of several errors in a row is the cause.
    let mut from = last_error.unwrap_or(lines.len().saturating_sub(MAX_LINES));
    while from > 0 && last_error.is_some() && begins(&lines[from - 1]) {
        from -= 1;
    }
    let text = lines[from..]
        .iter()
        .take(MAX_LINES)
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ");
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn is_noise(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("[notice]") || line.starts_with("WARNING: You are using pip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pips_two_errors_are_one_message() {
        let output = "Looking in indexes: http://x/simple\n\
                      ERROR: Could not find a version that satisfies the requirement nope (from versions: none)\n\
                      ERROR: No matching distribution found for nope\n\n\
                      [notice] A new release of pip is available\n";
        assert_eq!(
            meaning(output),
            "ERROR: Could not find a version that satisfies the requirement nope (from versions: none) \
             ERROR: No matching distribution found for nope"
        );
    }

    #[test]
    fn uvs_tree_of_causes_is_kept() {
        let output = "Using CPython 3.11\n  × No solution found when resolving dependencies:\n  \
                      ╰─▶ Because nope was not found in the package registry and you require nope,\n      \
                      we can conclude that your requirements are unsatisfiable.\n";
        let message = meaning(output);
        assert!(
            message.starts_with("× No solution") && message.ends_with("unsatisfiable."),
            "{message}"
        );
    }

    #[test]
    fn without_an_error_the_last_lines_are_taken_and_long_ones_cut() {
        assert_eq!(meaning("a\nb\n\nc\nd\ne\nf\ng\n"), "b c d e f g");
        assert_eq!(meaning(""), "");
        assert_eq!(meaning(&"й".repeat(5000)).chars().count(), MAX_CHARS + 1);
    }
}
