//! The rule of the app's folders: what a page knows neither shows itself nor names what does, and no two folders import
//! each other, be it by way of others.
//!
//! Read are the paths that begin with `crate`, `super`, `self` or a submodule's name, wherever they stand; a path counts
//! as an import of the deepest file that it names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::portable::sources;
use crate::report::Tally;
use crate::workspace::Workspace;

/// A path, such as `app`, `jobs`, `state`: of a module, or of something in one.
type Path = Vec<String>;

/// What each imports.
type Graph = BTreeMap<Path, BTreeSet<Path>>;

/// One check: every file of the app.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let root = workspace.root().join("src");
    let mut texts = BTreeMap::new();
    for file in sources(&root.join("app"))? {
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
        texts.insert(name, text);
    }
    let found = offences(&texts);
    if !found.is_empty() {
        bail!("{}", found.join("\n"));
    }
    Ok(Tally::one())
}

/// What of these files, by their names below `src`, is against the rule.
fn offences(texts: &BTreeMap<String, String>) -> Vec<String> {
    let modules: BTreeMap<Path, &String> = texts.keys().map(|name| (module(name), name)).collect();
    let files: Graph = modules
        .iter()
        .map(|(path, name)| (path.clone(), imports(path, &texts[*name], &modules)))
        .collect();
    let mut found = Vec::new();
    for (file, imported) in &files {
        let seen = imported.iter().find(|other| has(other, "view"));
        if let Some(view) = seen.filter(|_| has(file, "state")) {
            found.push(format!("{} is state and names {}", file.join("::"), view.join("::")));
        }
        if has(file, "state") && texts[modules[file]].contains("#[component]") {
            found.push(format!("{} is state and has a component", file.join("::")));
        }
    }
    // Files of one folder may know each other.
    let folder = |file: &Path| {
        let depth = file.len() - usize::from(!modules[file].ends_with("/mod.rs"));
        file[..depth].to_vec()
    };
    found.extend(circle(&files, folder));
    let page = |path: &Path| path[..path.len().min(2)].to_vec();
    let mut pages = Graph::new();
    for (file, imported) in &files {
        pages.entry(page(file)).or_default().extend(imported.iter().map(page));
    }
    found.extend(circle(&pages, Path::clone));
    found
}

fn has(path: &Path, name: &str) -> bool {
    path.iter().any(|part| part == name)
}

/// The module in a file: `app/jobs/mod.rs` holds `app::jobs`.
fn module(file: &str) -> Path {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The first circle that leaves its folder.
fn circle(graph: &Graph, folder: impl Fn(&Path) -> Path) -> Option<String> {
    graph.iter().find_map(|(from, imported)| {
        let leaves = |to: &&Path| folder(to) != folder(from);
        let way = imported.iter().filter(leaves).find_map(|to| way(graph, to, from))?;
        let names: Vec<String> = way.iter().map(|path| path.join("::")).collect();
        Some(format!("a circle: {} -> {}", from.join("::"), names.join(" -> ")))
    })
}

/// The shortest way from one module to another.
fn way(graph: &Graph, from: &Path, to: &Path) -> Option<Vec<Path>> {
    let mut seen = BTreeSet::from([from]);
    let mut ways = VecDeque::from([vec![from.clone()]]);
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        for next in graph.get(last).into_iter().flatten().filter(|next| *next != last) {
            if seen.insert(next) {
                ways.push_back([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

/// The other files that a file names.
fn imports(module: &Path, text: &str, modules: &BTreeMap<Path, &String>) -> BTreeSet<Path> {
    let words = words(text);
    let mut named = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_first = at == 0 || !matches!(words[at - 1].as_str(), "::" | "in");
        let is_submodule = || modules.contains_key(&child(module, word));
        let is_ours = matches!(word.as_str(), "crate" | "super" | "self") || is_submodule();
        if is_first && is_ours && words.get(at + 1).is_some_and(|next| next == "::") {
            let (base, at) = base(module, &words, at);
            tree(&words, at, &base, &mut named);
        }
    }
    let file = |path: Path| {
        (1..=path.len())
            .rev()
            .map(|end| path[..end].to_vec())
            .find(|path| modules.contains_key(path))
    };
    named
        .into_iter()
        .filter_map(file)
        .filter(|path| path != module)
        .collect()
}

fn child(module: &Path, name: &str) -> Path {
    [module.as_slice(), &[name.to_owned()]].concat()
}

/// The words of a file that make paths; comments are left out.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut rest = line.split("//").next().unwrap_or_default();
        while let Some(first) = rest.chars().next() {
            let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
            let end = match rest.find(|letter| !is_name(letter)) {
                Some(0) if rest.starts_with("::") => 2,
                Some(0) => first.len_utf8(),
                Some(end) => end,
                None => rest.len(),
            };
            let (word, next) = rest.split_at(end);
            if !word.trim().is_empty() {
                words.push(word.to_owned());
            }
            rest = next;
        }
    }
    words
}

/// The module that a path begins in, and the place of its first name there.
fn base(module: &Path, words: &[String], mut at: usize) -> (Path, usize) {
    let mut base = module.clone();
    loop {
        match words.get(at).map(String::as_str) {
            Some("crate") => base.clear(),
            Some("super") => drop(base.pop()),
            Some("self") => {}
            _ => return (base, at),
        }
        at += 2;
    }
}

/// The paths of a tree such as `a::{b, c::d}`; the place behind it.
fn tree(words: &[String], mut at: usize, base: &Path, named: &mut Vec<Path>) -> usize {
    let mut path = base.clone();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    loop {
        if word(at) == "{" {
            at += 1;
            while !matches!(word(at), "}" | "") {
                at = tree(words, at, &path, named);
                while !matches!(word(at), "," | "}" | "") {
                    at += 1;
                }
                at += usize::from(word(at) == ",");
            }
            return at + 1;
        }
        path.push(word(at).to_owned());
        if word(at + 1) != "::" {
            named.push(path);
            return at + 1;
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let texts = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        offences(&texts.collect())
    }

    #[test]
    fn state_names_no_view() {
        let files = [
            (
                "app/jobs/state/list.rs",
                "use crate::app::{\n    jobs::view::{self, row::Row},\n};\n",
            ),
            ("app/jobs/view/row.rs", "// crate::app::jobs::state::list\n"),
            ("app/job/state.rs", "#[component]\nfn Failure() {}\n"),
        ];
        assert_eq!(
            found(&files),
            [
                "app::job::state is state and has a component",
                "app::jobs::state::list is state and names app::jobs::view::row",
            ]
        );
    }

    #[test]
    fn a_circle_is_named_whole() {
        let files = [
            ("app/shell.rs", "use super::{jobs::Jobs, text};\n"),
            ("app/jobs/mod.rs", "mod view;\nfn all() { view::table::show() }\n"),
            (
                "app/jobs/view/table.rs",
                "use crate::app::shell::{Shell as Around, title};\n",
            ),
            ("app/jobs/view/mod.rs", "pub(crate) mod table;\n"),
            ("app/text.rs", ""),
        ];
        let circles = found(&files);
        assert_eq!(
            circles,
            [
                "a circle: app::jobs -> app::jobs::view::table -> app::shell -> app::jobs",
                "a circle: app::jobs -> app::shell -> app::jobs",
            ]
        );
    }

    #[test]
    fn neighbours_may_know_each_other() {
        let files = [
            ("app/jobs/mod.rs", "pub(in crate::app) use self::view::row::Row;\n"),
            ("app/jobs/view/row.rs", "use super::table::TABLE;\n"),
            ("app/jobs/view/table.rs", "use super::row::Row;\n"),
        ];
        assert!(found(&files).is_empty());
    }
}
