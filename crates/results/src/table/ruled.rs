//! Tables drawn with rules between their rows, as databases and Markdown write them: `psql`, `mysql`, `| a | b |`.

/// The rule stands among the first lines.
const MAX_ABOVE: usize = 12;
/// Lines below that are left out, such as the count of rows; more are a text with a table in it.
const MAX_BELOW: usize = 2;

/// The same table without its rules and the lines at its sides, its cells parted by `|`; `None` where none are drawn.
pub(super) fn unruled(text: &str) -> Option<String> {
    let mut first = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_ABOVE);
    let rule = first.find(|line| is_rule(line))?;
    let is_sided = rule.trim().starts_with(['|', '+']);
    let mut plain = String::with_capacity(text.len());
    let (mut has_rows, mut below) = (false, 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        // What is said below the table has none of its lines.
        let is_below = has_rows && !bare.contains('|');
        below += usize::from(is_below && !is_rule(line) && !bare.is_empty());
        if is_rule(line) || is_below {
            continue;
        }
        let mut row = bare;
        if is_sided {
            row = row.strip_prefix('|').unwrap_or(row);
            row = row.strip_suffix('|').unwrap_or(row);
        }
        has_rows |= row.contains('|');
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        plain.push_str(&cells.join("|"));
        if line.ends_with('\n') {
            plain.push('\n');
        }
    }
    (has_rows && below <= MAX_BELOW).then_some(plain)
}

/// Whether a line is a rule: dashes, where columns meet a sign for that, at least one of them.
fn is_rule(line: &str) -> bool {
    let bare = line.trim();
    let is_drawn = bare
        .chars()
        .all(|letter| matches!(letter, '-' | '=' | '+' | '|' | ':' | ' '));
    is_drawn && bare.contains("--") && bare.contains(['+', '|'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_sides_are_taken_off() {
        for (text, plain) in [
            (
                " id | name  | amount \n----+-------+--------\n  1 | Anna  |  12.50\n  2 | Berta |   7.25\n(2 rows)\n\n",
                "id|name|amount\n1|Anna|12.50\n2|Berta|7.25\n",
            ),
            (
                "+----+-------+\n| id | name  |\n+----+-------+\n|  1 | Anna  |\n|  2 |       |\n+----+-------+\n2 rows in set (0.00 sec)\n",
                "id|name\n1|Anna\n2|\n",
            ),
            ("| a | b |\n|---|--:|\n| 1 | 2 |\n", "a|b\n1|2\n"),
            (
                "Report\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
                "Report\n\na|b\n1|2\n",
            ),
        ] {
            assert_eq!(unruled(text).as_deref(), Some(plain), "{text:?}");
        }
        let cut = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4";
        assert_eq!(unruled(cut).as_deref(), Some("a|b\n1|2\n3|4"), "it stays cut off");
        let prose = "| a | b |\n|---|---|\n| 1 | 2 |\none\ntwo\nthree\n";
        assert_eq!(unruled(prose), None, "nothing of a text is lost");
        for text in ["a|b\n1|2\n", "a,b\n--,1\n", "a-b\n---\n", "", "+-+\n"] {
            assert_eq!(unruled(text), None, "{text:?}");
        }
    }
}
