//! Which entries of a folder are left out: by its `.gitignore` files, and by rules of one's own in the same language.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder, Glob},
};

/// What nearly nobody wants to send.
pub const USUAL_RULES: &str = ".git/\n__pycache__/\n.venv/\nnode_modules/\n.ipynb_checkpoints/\n.DS_Store\n";

/// Why an entry is left out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LeftOut {
    /// The rule, as it is written.
    pub rule: String,
    /// The file that holds it, by its path in the folder; empty for one's own rules.
    pub file: String,
}

/// The rules of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rules {
    /// One's own, one a line; they win over the others.
    pub own: String,
    /// The texts of the `.gitignore` files by the path of the folder they lie in; empty for the outermost.
    pub git: BTreeMap<String, String>,
}

impl Rules {
    /// For each path of a file in the folder, why it is left out, or `None`. A line that is no rule is passed over, as
    /// git does.
    pub fn left_out(&self, paths: &[String]) -> Vec<Option<LeftOut>> {
        let mut sieve = Sieve {
            own: compile(&self.own),
            git: self
                .git
                .iter()
                .map(|(folder, text)| (folder.as_str(), compile(text)))
                .collect(),
            folders: HashMap::new(),
        };
        paths.iter().map(|path| sieve.judge(path)).collect()
    }
}

fn compile(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    for line in text.lines() {
        // A broken pattern matches nothing, for git too.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

struct Sieve<'a> {
    own: Gitignore,
    git: BTreeMap<&'a str, Gitignore>,
    /// Judged before, by path.
    folders: HashMap<String, Option<LeftOut>>,
}

impl Sieve<'_> {
    fn judge(&mut self, path: &str) -> Option<LeftOut> {
        // Nothing inside a folder that is left out can be taken back in.
        if let Some((folder, _)) = path.rsplit_once('/')
            && let Some(left_out) = self.judge_folder(folder)
        {
            return Some(left_out);
        }
        self.matched(path, false)
    }

    fn judge_folder(&mut self, folder: &str) -> Option<LeftOut> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let outer = folder.rsplit_once('/').and_then(|(outer, _)| self.judge_folder(outer));
        let judged = outer.or_else(|| self.matched(folder, true));
        self.folders.insert(folder.to_owned(), judged.clone());
        judged
    }

    fn matched(&self, path: &str, is_folder: bool) -> Option<LeftOut> {
        if let Some(decided) = verdict(&self.own, path, is_folder, "") {
            return decided;
        }
        // The nearest file speaks first.
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            if let Some(rules) = self.git.get(folder) {
                let (inner, file) = if folder.is_empty() {
                    (path, ".gitignore".to_owned())
                } else {
                    (&path[folder.len() + 1..], format!("{folder}/.gitignore"))
                };
                if let Some(decided) = verdict(rules, inner, is_folder, &file) {
                    return decided;
                }
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
        }
    }
}

/// `None` when the rules say nothing of the path.
fn verdict(rules: &Gitignore, path: &str, is_folder: bool, file: &str) -> Option<Option<LeftOut>> {
    let because = |glob: &Glob| LeftOut {
        rule: glob.original().to_owned(),
        file: file.to_owned(),
    };
    match rules.matched(Path::new(path), is_folder) {
        Match::None => None,
        Match::Ignore(glob) => Some(Some(because(glob))),
        Match::Whitelist(_) => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept<'a>(own: &str, git: &[(&str, &str)], paths: &[&'a str]) -> Vec<&'a str> {
        let rules = Rules {
            own: own.into(),
            git: git
                .iter()
                .map(|(folder, text)| ((*folder).into(), (*text).into()))
                .collect(),
        };
        let owned: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let left_out = rules.left_out(&owned);
        let kept = paths.iter().zip(left_out).filter(|(_, why)| why.is_none());
        kept.map(|(path, _)| *path).collect()
    }

    #[test]
    fn git_rules_hold_where_they_lie_and_the_nearest_wins() {
        let paths = [
            "a.log",
            "keep.log",
            "sub/a.log",
            "sub/b.log",
            "build/x",
            "src/build",
            "data/big.bin",
        ];
        let git = [("", "*.log\n!keep.log\nbuild/\n/data\n"), ("sub", "!b.log\n")];
        assert_eq!(kept("", &git, &paths), ["keep.log", "sub/b.log", "src/build"]);
    }

    #[test]
    fn nothing_comes_back_out_of_a_folder_that_is_left_out() {
        let git = [("", "out/\n!out/keep\n"), ("out", "!keep\n")];
        assert_eq!(kept("", &git, &["out/keep", "x"]), ["x"]);
    }

    #[test]
    fn own_rules_win() {
        let git = [("", "*.bin\n")];
        assert_eq!(
            kept("!need.bin\n*.txt\n", &git, &["need.bin", "a.bin", "b.txt"]),
            ["need.bin"]
        );
        assert_eq!(
            kept(USUAL_RULES, &[], &[".git/HEAD", "a/.venv/bin/x", "main.py"]),
            ["main.py"]
        );
    }

    #[test]
    fn the_rule_is_named() {
        let rules = Rules {
            own: "# mine\n[broken\n*.tmp".into(),
            git: BTreeMap::from([("a/b".into(), "x?".into())]),
        };
        let why = rules.left_out(&["q.tmp".into(), "a/b/xy".into(), "[broken".into()]);
        let text = |why: &Option<LeftOut>| why.as_ref().map(|why| (why.rule.clone(), why.file.clone()));
        assert_eq!(
            why.iter().map(text).collect::<Vec<_>>(),
            [
                Some(("*.tmp".into(), String::new())),
                Some(("x?".into(), "a/b/.gitignore".into())),
                None
            ]
        );
    }
}
