//! Changing a text so that it says something else, and leaving alone what need not change.

use std::ops::Range;

use super::{
    Value,
    parse::parse,
    tree::{Content, Node},
    write,
};

/// Longest lists that are compared entry by entry, as a product of their lengths.
const MAX_COMPARED: usize = 250_000;

/// A text that says `target`: `text` with the entries that differ written anew, in their old places. Comments, order and
/// style of everything else stay. A text that cannot be changed so is written anew as a whole.
///
/// `target` is a mapping.
pub fn patch(text: &str, target: &Value) -> String {
    let says_target = |text: &str| matches!(parse(text), Ok(Some(node)) if node.value() == *target);
    let anew = || {
        let mut out = String::new();
        if let Value::Map(entries) = target {
            for (key, value) in entries {
                write::entry(&mut out, key, value, 0);
                out.push('\n');
            }
        }
        out
    };
    let Ok(root) = parse(text) else { return anew() };
    let Some(root) = root else {
        // Nothing but comments, perhaps.
        let mut kept = text.trim_end().to_owned();
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(&anew());
        return if says_target(&kept) { kept } else { anew() };
    };
    if root.value() == *target {
        return text.to_owned();
    }
    let mut edits = Edits {
        text,
        found: Vec::new(),
    };
    if edits.node(&root, target).is_some() {
        let changed = edits.apply();
        if says_target(&changed) {
            return changed;
        }
    }
    anew()
}

struct Edits<'a> {
    text: &'a str,
    /// Ranges and what takes their place; `\n` ends lines.
    found: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn apply(mut self) -> String {
        self.found.sort_by_key(|(range, _)| (range.start, range.end));
        let crlf = self.text.contains("\r\n");
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for (range, replacement) in &self.found {
            if range.start < from {
                // Overlapping: the result will not say the target, and is thrown away.
                continue;
            }
            out.push_str(&self.text[from..range.start]);
            if crlf {
                out.push_str(&replacement.replace('\n', "\r\n"));
            } else {
                out.push_str(replacement);
            }
            from = range.end;
        }
        out.push_str(&self.text[from..]);
        out
    }

    /// Notes what makes `node` say `target`; `None` when that takes writing it anew.
    fn node(&mut self, node: &Node, target: &Value) -> Option<()> {
        if node.value() == *target {
            return Some(());
        }
        if !node.is_block || node.is_shared || target.is_hollow() {
            return None;
        }
        match (&node.content, target) {
            (Content::Map(entries), Value::Map(targets)) => self.map(node, entries, targets),
            (Content::List(items), Value::List(targets)) => self.list(node, items, targets),
            _ => None,
        }
    }

    fn map(&mut self, node: &Node, entries: &[(Node, Node)], targets: &[(String, Value)]) -> Option<()> {
        let indent = self.column(node.range.start)?;
        let mut places = targets
            .iter()
            .map(|(key, _)| entries.iter().rposition(|(name, _)| name.as_text() == Some(key)));
        if !places.by_ref().is_sorted_by_key(|place| place.unwrap_or(usize::MAX)) {
            return None;
        }
        let mut added = String::new();
        for (key, target) in targets {
            match node.entry(key) {
                Some((name, value)) => {
                    let before = self.found.len();
                    if self.node(value, target).is_none() {
                        self.found.truncate(before);
                        self.replace(name, value, key, target, indent);
                    }
                }
                None => {
                    write::entry(&mut added, key, target, indent);
                    added.push('\n');
                }
            }
        }
        let is_wanted = |name: &Node| targets.iter().any(|(key, _)| name.as_text() == Some(key));
        let kept = entries.iter().filter(|(name, _)| is_wanted(name)).count();
        for (name, value) in entries.iter().filter(|(name, _)| !is_wanted(name)) {
            self.remove(name.range.start, self.end_of(name, value), indent, kept > 0)?;
        }
        if !added.is_empty() {
            let end = entries.iter().map(|(name, value)| self.end_of(name, value)).max()?;
            self.insert_below(end, added);
        }
        Some(())
    }

    fn replace(&mut self, name: &Node, value: &Node, key: &str, target: &Value, indent: usize) {
        let mut written = String::new();
        write::entry(&mut written, key, target, indent);
        let written = written.trim_start_matches(' ').to_owned();
        self.found.push((name.range.start..self.end_of(name, value), written));
    }

    fn list(&mut self, node: &Node, items: &[Node], targets: &[Value]) -> Option<()> {
        if items.len().saturating_mul(targets.len()) > MAX_COMPARED {
            return None;
        }
        let indent = self.column(node.range.start)?;
        let values: Vec<Value> = items.iter().map(Node::value).collect();
        let kept = common(&values, targets);
        if kept.is_empty() && items.len() != targets.len() {
            return None;
        }
        let mut old = 0;
        let mut new = 0;
        for (next_old, next_new) in kept.into_iter().chain([(items.len(), targets.len())]) {
            self.gap(items, targets, old..next_old, new..next_new, indent)?;
            (old, new) = (next_old + 1, next_new + 1);
        }
        Some(())
    }

    /// Makes the items `old` into the targets `new`; what stands around them stays.
    fn gap(
        &mut self,
        items: &[Node],
        targets: &[Value],
        old: Range<usize>,
        new: Range<usize>,
        indent: usize,
    ) -> Option<()> {
        let pairs = old.len().min(new.len());
        for (item, target) in items[old.clone()].iter().zip(&targets[new.clone()]).take(pairs) {
            let before = self.found.len();
            if self.node(item, target).is_none() {
                self.found.truncate(before);
                let mut written = String::new();
                write::item(&mut written, target, indent);
                let dash = self.dash(item)?;
                let written = written.trim_start_matches(' ').to_owned();
                self.found.push((dash..self.trimmed(item.range.end), written));
            }
        }
        for item in &items[old.start + pairs..old.end] {
            self.remove(self.dash(item)?, self.trimmed(item.range.end), indent, true)?;
        }
        let mut added = String::new();
        for target in &targets[new.start + pairs..new.end] {
            write::item(&mut added, target, indent);
            added.push('\n');
        }
        if !added.is_empty() {
            let above = (old.start + pairs).checked_sub(1).and_then(|place| items.get(place));
            match above {
                Some(above) => self.insert_below(self.trimmed(above.range.end), added),
                None => {
                    let start = self.line_start(self.dash(items.first()?)?);
                    self.found.push((start..start, added));
                }
            }
        }
        Some(())
    }

    /// Takes away the lines from `start` to `end`, where `start` is the first thing in its line.
    fn remove(&mut self, start: usize, end: usize, indent: usize, others_stay: bool) -> Option<()> {
        let line = self.line_start(start);
        if !others_stay || start - line != indent || !self.text[line..start].chars().all(|letter| letter == ' ') {
            return None;
        }
        self.found.push((line..self.line_end(end), String::new()));
        Some(())
    }

    fn insert_below(&mut self, end: usize, mut lines: String) {
        let at = self.line_end(end);
        if at == self.text.len() && !self.text.ends_with('\n') {
            lines.insert(0, '\n');
            lines.pop();
        }
        self.found.push((at..at, lines));
    }

    /// Behind the last visible character of an entry.
    fn end_of(&self, name: &Node, value: &Node) -> usize {
        let colon = self.text[name.range.end..]
            .find(':')
            .map_or(name.range.end, |at| name.range.end + at + 1);
        self.trimmed(value.range.end.max(colon))
    }

    fn trimmed(&self, end: usize) -> usize {
        self.text[..end].trim_end().len()
    }

    /// The dash before an item.
    fn dash(&self, item: &Node) -> Option<usize> {
        let before = self.text[..item.range.start].trim_end();
        before.ends_with('-').then(|| before.len() - 1)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(self.margin(), |newline| newline + 1)
    }

    /// A byte order mark belongs to no line.
    fn margin(&self) -> usize {
        if self.text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        }
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The place of `at` in its line, in characters.
    fn column(&self, at: usize) -> Option<usize> {
        Some(self.text.get(self.line_start(at)..at)?.chars().count())
    }
}

/// The longest common subsequence, as pairs of places.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            lengths[i][j] = if left == right {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# What this is for
name: Mean   # shown in lists

cmd: >
  python main.py
  ${DATA}

inputs:
  # the table
  - data.csv: DATA   # big
  - main.py
  - old.txt
env:
  vars:
  - A: '1'
  - B
  python: auto
# the end
";

    fn value(text: &str) -> Value {
        parse(text).unwrap().unwrap().value()
    }

    fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut target = value(text);
        change(&mut target);
        let patched = patch(text, &target);
        assert_eq!(value(&patched), target, "{patched}");
        patched
    }

    fn lines_that_differ<'a>(old: &'a str, new: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
        let gone = old
            .lines()
            .filter(|line| !new.lines().any(|other| other == *line))
            .collect();
        let come = new
            .lines()
            .filter(|line| !old.lines().any(|other| other == *line))
            .collect();
        (gone, come)
    }

    #[test]
    fn a_changed_scalar_keeps_its_comment_and_all_else() {
        let new = changed(TEXT, |target| target.set("name", Some(Value::text("Median: all"))));
        let (gone, come) = lines_that_differ(TEXT, &new);
        assert_eq!(gone, ["name: Mean   # shown in lists"]);
        assert_eq!(come, ["name: \"Median: all\"   # shown in lists"]);
    }

    #[test]
    fn list_entries_come_and_go_alone() {
        let new = changed(TEXT, |target| {
            let inputs = [
                Value::pair("data.csv", "DATA"),
                Value::text("new.py"),
                Value::text("old.txt"),
                Value::text("x"),
            ];
            target.set("inputs", Some(Value::List(inputs.into())));
        });
        let (gone, come) = lines_that_differ(TEXT, &new);
        assert_eq!((gone, come), (vec!["  - main.py"], vec!["  - new.py", "  - x"]));
        let new = changed(TEXT, |target| {
            target.set("inputs", Some(Value::List(vec![Value::text("main.py")])));
        });
        let (gone, come) = lines_that_differ(TEXT, &new);
        assert_eq!(gone, ["  - data.csv: DATA   # big", "  - old.txt"]);
        assert!(come.is_empty());
    }

    #[test]
    fn keys_come_and_go_alone_at_any_depth() {
        let new = changed(TEXT, |target| {
            target.set("desc", Some(Value::text("two\nlines")));
            target.set("inputs", None);
            let mut env = target.get("env").unwrap().clone();
            env.set("docker", Some(Value::text("abc")));
            env.set(
                "vars",
                Some(Value::List(vec![Value::pair("A", "1"), Value::pair("C", "3")])),
            );
            target.set("env", Some(env));
        });
        assert!(
            new.contains("  - A: '1'\n  - C: 3\n  python: auto\n  docker: abc\n"),
            "{new}"
        );
        assert!(new.contains("desc: |-\n  two\n  lines\n"), "{new}");
        assert!(
            new.starts_with("# What this is for\nname: Mean   # shown in lists\n\ncmd: >\n  python"),
            "{new}"
        );
        assert!(new.contains("# the end"));
    }

    #[test]
    fn a_folded_command_is_replaced_as_a_whole() {
        let new = changed(TEXT, |target| target.set("cmd", Some(Value::text("true"))));
        assert!(new.contains("\ncmd: true\n\ninputs:\n  # the table\n"), "{new}");
    }

    #[test]
    fn other_line_ends_and_marks_stay() {
        let text = "\u{feff}name: a\r\ncmd: b\r\n";
        let new = changed(text, |target| {
            target.set("name", None);
            target.set("inputs", Some(Value::List(vec![Value::text("x")])));
        });
        assert_eq!(new, "\u{feff}cmd: b\r\ninputs:\r\n  - x\r\n");
    }

    #[test]
    fn what_is_in_brackets_or_shared_is_written_anew_alone() {
        let text = "a: &x [1, 2]\nb: *x # same\nc: {d: e}\n";
        let new = changed(text, |target| {
            target.set("b", Some(Value::List(vec![Value::text("1")])));
            target.set("c", Some(Value::pair("d", "f")));
        });
        assert_eq!(new, "a: &x [1, 2]\nb:\n  - 1 # same\nc:\n  d: f\n");
    }

    #[test]
    fn lines_under_a_bar_are_replaced_up_to_the_comment_below() {
        let text = "a:\n  - |-\n    x\n    y\n# end\n";
        let new = changed(text, |target| {
            target.set("a", Some(Value::List(vec![Value::text("z")])))
        });
        assert_eq!(new, "a:\n  - z\n# end\n");
    }

    #[test]
    fn an_empty_text_is_filled_and_comments_stay() {
        let target = Value::pair("cmd", "true");
        assert_eq!(patch("", &target), "cmd: true\n");
        assert_eq!(patch("# mine\n", &target), "# mine\ncmd: true\n");
        assert_eq!(patch("{", &target), "cmd: true\n");
    }
}
