//! JSON with one value a line. The text is indented as it stands, so that nothing in it changes: no digit of a number, no
//! order of keys; and so that the beginning of a long text can be shown too.

const INDENT: &str = "  ";
/// Deeper values have no line of their own: what is nested a thousandfold is no more readable for it, and a short text
/// would become a very long one.
const DEEPEST: usize = 16;
/// What is indented becomes so many times as long at most; a little text may.
const MOST_TIMES: usize = 4;
const LEAST_BYTES: usize = 64 * 1024;

/// `text` with a line for each value.
pub fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    // Short values of many rows would be little more than their indents.
    let most = text.len() * MOST_TIMES + LEAST_BYTES;
    let mut depth = 0_usize;
    let mut letters = text.trim_start().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                // To the end of the string, whatever is in it.
                while let Some(inner) = letters.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                let end = if letter == '{' { '}' } else { ']' };
                match letters.next_if_eq(&end) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        line(&mut out, depth, most);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth, most);
                out.push(letter);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth, most);
            }
            ':' => out.push_str(": "),
            // A line may be a value of its own.
            '\n' if depth == 0 => out.push('\n'),
            letter if letter.is_ascii_whitespace() => {}
            letter => out.push(letter),
        }
    }
    out
}

fn line(out: &mut String, depth: usize, most: usize) {
    if depth <= DEEPEST && out.len() < most {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str(INDENT));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_value_has_a_line_and_keeps_its_digits() {
        let text = r#"{"b":1.10,"a":[1,{"c":"x, {y}: \"z\""},[]],"e":{ }}"#;
        let lines = [
            "{",
            r#"  "b": 1.10,"#,
            r#"  "a": ["#,
            "    1,",
            "    {",
            r#"      "c": "x, {y}: \"z\"""#,
            "    },",
            "    []",
            "  ],",
            r#"  "e": {}"#,
            "}",
        ];
        assert_eq!(indented(text), lines.join("\n"));
    }

    #[test]
    fn what_is_nested_deeply_is_not_made_long() {
        let text = "[".repeat(100_000) + "1, 2" + &"]".repeat(100_000);
        let long = indented(&text);
        assert!(long.len() < text.len() + 1000, "{}", long.len());
        assert!(long.contains("[1,2]"), "values stand beside one another");
        let text = "[".repeat(16) + &"1,".repeat(100_000);
        assert!(indented(&text).len() < text.len() * 5 + LEAST_BYTES);
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_changes(text in r#"[\[\]{},:"\\ a\n1]{0,60}"#) {
            let bare = |text: &str| text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&indented(&text)), bare(&text));
        }

        #[test]
        fn a_value_stays_the_same(keys in proptest::collection::btree_map(".{0,6}", any::<i64>(), 0..6)) {
            let text = serde_json::to_string(&keys).unwrap();
            let again: std::collections::BTreeMap<String, i64> = serde_json::from_str(&indented(&text)).unwrap();
            prop_assert_eq!(again, keys);
        }
    }
}
