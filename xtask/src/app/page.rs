//! `index.html`: what it asks trunk for is the list of what the app consists of, for both ways of building it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use jobsphere_words::compile::{self, FOLDER, LANGUAGES};

use super::assets::AppLinks;

/// How a line begins that is for the builder.
const MARK: &str = "<link data-trunk ";
/// Trunk's word for where the app is. For us it is the root, until a server says that it lies below a path.
const BASE: &str = "<base data-trunk-public-url />";

/// Begins to load the words, in the app's script.
const EARLY: &str = "src/app/text/early.js";

/// The page as it is written, and what it asks for.
pub(super) struct Source {
    root: PathBuf,
    html: String,
    styles: Vec<String>,
    icon: String,
    /// The name of the app's program.
    pub(super) app: String,
    /// The names of the workers' programs.
    pub(super) workers: Vec<String>,
}

/// The addresses that take the place of what the page asks for.
pub(super) struct Links {
    pub(super) styles: String,
    pub(super) icon: String,
    pub(super) app: AppLinks,
    /// By the tag of the language.
    pub(super) words: Vec<(&'static str, String)>,
    /// By the name of the worker.
    pub(super) workers: Vec<(String, String)>,
}

impl Source {
    /// Reads `index.html`.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let html = fs::read_to_string(root.join("index.html")).context("index.html cannot be read")?;
        Self::parse(root, html)
    }

    fn parse(root: &Path, html: String) -> Result<Self> {
        let (mut styles, mut icons, mut apps, mut workers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for line in html.lines().filter(|line| is_for_builder(line)) {
            let value = |name| attribute(line, name).with_context(|| format!("no `{name}` in `{}`", line.trim()));
            match (value("rel")?, attribute(line, "data-type")) {
                ("css", _) => styles.push(value("href")?.to_owned()),
                ("icon", _) => icons.push(value("href")?.to_owned()),
                ("rust", Some("main")) => apps.push(value("data-bin")?.to_owned()),
                ("rust", Some("worker")) => workers.push(value("data-bin")?.to_owned()),
                _ => bail!(
                    "index.html asks for something that is not built here: `{}`",
                    line.trim()
                ),
            }
        }
        ensure!(
            icons.len() == 1 && apps.len() == 1,
            "index.html must ask for one icon and one app"
        );
        Ok(Self {
            root: root.to_owned(),
            html,
            styles,
            icon: icons.remove(0),
            app: apps.remove(0),
            workers,
        })
    }

    /// All styles in one file: each request of its own costs more than what a page does not need of it.
    pub(super) fn styles(&self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        for style in &self.styles {
            all.extend(self.file(style)?);
        }
        Ok(all)
    }

    /// The icon.
    pub(super) fn icon(&self) -> Result<Vec<u8>> {
        self.file(&self.icon)
    }

    /// What a page loads of the words of each language, by its tag.
    pub(super) fn words(&self) -> Result<Vec<(&'static str, String)>> {
        let mut files = Vec::new();
        for language in LANGUAGES {
            let name = format!("{FOLDER}/{language}.ftl");
            let source = fs::read_to_string(self.root.join(&name)).with_context(|| format!("{name} cannot be read"))?;
            files.push((name, source));
        }
        let files: Vec<_> = files.iter().map(|(name, source)| (&**name, &**source)).collect();
        let lines = compile::lines(&files).map_err(|wrong| anyhow!("{}", wrong.join("\n")))?;
        Ok(LANGUAGES.into_iter().zip(lines).collect())
    }

    /// What the app's script does first.
    pub(super) fn early(&self) -> Result<String> {
        fs::read_to_string(self.root.join(EARLY)).with_context(|| format!("{EARLY} cannot be read"))
    }

    fn file(&self, path: &str) -> Result<Vec<u8>> {
        fs::read(self.root.join(path)).with_context(|| format!("{path}, which index.html names, cannot be read"))
    }

    /// The page with `links` in the place of what it asks for.
    pub(super) fn page(&self, links: &Links) -> Result<String> {
        let mut head = vec![
            format!("<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\" />", links.icon),
            format!("<link rel=\"stylesheet\" href=\"{}\" />", links.styles),
            // All at once, although the first names the others.
            format!("<script type=\"module\" src=\"{}\"></script>", links.app.script),
            format!(
                "<link rel=\"preload\" href=\"{}\" as=\"fetch\" type=\"application/wasm\" crossorigin />",
                links.app.wasm
            ),
        ];
        let loader = links.app.loader.iter();
        head.extend(loader.map(|loader| format!("<link rel=\"modulepreload\" href=\"{loader}\" />")));
        let words = links.words.iter();
        head.extend(words.map(|(tag, file)| format!("<meta name=\"words-{tag}\" content=\"{file}\" />")));
        let workers = links.workers.iter();
        head.extend(workers.map(|(name, script)| format!("<meta name=\"worker-{name}\" content=\"{script}\" />")));

        ensure!(self.html.contains(BASE), "index.html has no `{BASE}`");
        let mut page = String::new();
        for line in self.html.lines() {
            if line.trim() == BASE {
                page.extend(
                    ["<base href=\"/\" />"]
                        .into_iter()
                        .chain(head.iter().map(String::as_str))
                        .map(|line| format!("    {line}\n")),
                );
            } else if !is_for_builder(line) {
                page.push_str(line);
                page.push('\n');
            }
        }
        Ok(page)
    }
}

fn is_for_builder(line: &str) -> bool {
    line.trim_start().starts_with(MARK)
}

/// The value of an attribute in a line of the page.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn the_page_is_understood_and_nothing_for_the_builder_is_left_in_it() -> Result<()> {
        let source = Source::read(Workspace::locate().root())?;
        assert!(source.workers.contains(&"hasher".to_owned()));
        let tags: Vec<_> = source.words()?.into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, ["en", "ru"]);
        assert!(source.early()?.contains("words-"));
        assert!(!source.styles()?.is_empty() && !source.icon()?.is_empty());
        let page = source.page(&Links {
            styles: "a.css".into(),
            icon: "b.svg".into(),
            app: AppLinks {
                script: "c.js".into(),
                loader: Some("d.js".into()),
                wasm: "e.wasm".into(),
            },
            words: vec![("en", "g.txt".into())],
            workers: vec![("hasher".into(), "f.js".into())],
        })?;
        assert!(!page.contains("trunk"), "{page}");
        for name in ["a.css", "b.svg", "c.js", "d.js", "e.wasm", "f.js", "g.txt"] {
            assert!(page.contains(&format!("\"{name}\"")), "{name} in {page}");
        }
        Ok(())
    }

    #[test]
    fn what_is_not_built_here_is_refused() {
        let html = "<link data-trunk rel=\"scss\" href=\"a.scss\" />";
        assert!(Source::parse(Path::new("."), html.into()).is_err());
    }
}
