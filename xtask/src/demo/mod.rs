//! `cargo xtask demo`: the app with the whole service inside, as a folder for any host of files.
//!
//! It is the built app, whose page finds out where it lies, and beside it the worker that the service runs in.

mod engine;
mod page;
mod serve;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::app::{self, Form};
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::toolchain::WASM;
use crate::workspace::Workspace;

/// The program of the service's worker.
const SERVICE: &str = "service";
const PACKAGE: &str = "jobsphere-demo-worker";

/// Where files of the page are, in the tree.
const KEEPER: &str = "demo/page/keeper.js";
const PLACE: &str = "demo/page/place.js";

/// What was asked for.
pub(crate) struct Asked {
    form: Form,
    listen: Option<String>,
}

impl Asked {
    /// Reads the words behind the command.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let mut asked = Self {
            form: Form::Small,
            listen: None,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => asked.form = Form::Quick,
                "--serve" => {
                    asked.listen.get_or_insert_with(|| "127.0.0.1:8070".to_owned());
                }
                "--listen" => asked.listen = Some(words.next().context("`--listen` wants ADDR:PORT")?.clone()),
                unknown => anyhow::bail!("`{unknown}` is no option: there are --serve, --listen ADDR:PORT and --quick"),
            }
        }
        Ok(asked)
    }

    /// How the app is built.
    pub(crate) fn form(&self) -> Form {
        self.form
    }
}

/// Makes target/demo, and shows it if asked.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, asked: &Asked) -> Result<()> {
    build(shell, workspace, asked.form)?;
    match &asked.listen {
        Some(listen) => serve::serve(&workspace.demo(), listen),
        None => {
            say::note(&format!("The demo is in {}", workspace.demo().display()));
            Ok(())
        }
    }
}

/// Makes target/demo of the built app, which is brought up to date first.
pub(crate) fn build(shell: &Shell, workspace: &Workspace, form: Form) -> Result<()> {
    app::build(shell, workspace, form)?;
    compile(shell, form)?;
    let scratch = workspace.scratch().join("demo");
    let folder = workspace.demo();
    let fresh = folder.with_extension("new");
    for old in [&scratch, &fresh] {
        if old.exists() {
            fs::remove_dir_all(old).context("target/ is not writable")?;
        }
        fs::create_dir_all(old).context("target/ is not writable")?;
    }
    copy_app(&workspace.app(), &fresh)?;
    let service = app::worker(shell, workspace, SERVICE, form, &scratch, &fresh)?;
    let read =
        |name: &str| fs::read_to_string(workspace.root().join(name)).with_context(|| format!("{name} cannot be read"));
    let keeper = app::named(&fresh, "keeper", "js", read(KEEPER)?.as_bytes())?;
    let plain = fs::read_to_string(workspace.app().join("index.html")).context("the app has no page")?;
    engine::make(shell, workspace);
    let engine = engine::copy(workspace, &fresh)?;
    let programs = page::Programs {
        keeper: &keeper,
        service: &service,
        engine: engine.as_deref(),
    };
    let page = page::demo(&plain, &read(PLACE)?, &programs)?;
    // What a host shows for addresses that are no files.
    for name in ["index.html", "404.html"] {
        fs::write(fresh.join(name), &page).context("target/ is not writable")?;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).context("target/demo cannot be replaced")?;
    }
    fs::rename(&fresh, &folder).context("target/demo cannot be replaced")?;
    fs::remove_dir_all(&scratch).context("target/ is not writable")
}

fn compile(shell: &Shell, form: Form) -> Result<()> {
    let mut build = shell.cargo(["build", "--locked", "--quiet", "--target", WASM, "--package", PACKAGE]);
    build.args(["--bin", SERVICE]);
    if form == Form::Small {
        build.arg("--release");
    }
    process::run(&mut build)
}

/// All but the page, and the copies that only a server of ours gives out.
fn copy_app(app: &Path, into: &Path) -> Result<()> {
    for entry in fs::read_dir(app).context("the app is not built")? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if let Some(name) = path.file_name().filter(|_| !matches!(ending, "br" | "gz" | "html")) {
            fs::copy(&path, into.join(name)).context("target/ is not writable")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() -> Result<()> {
        let read = |words: &[&str]| Asked::read(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert!(read(&[])?.listen.is_none());
        assert_eq!(read(&["--serve"])?.listen.as_deref(), Some("127.0.0.1:8070"));
        let asked = read(&["--quick", "--serve", "--listen", "127.0.0.1:0"])?;
        assert_eq!(
            (asked.listen.as_deref(), asked.form),
            (Some("127.0.0.1:0"), Form::Quick)
        );
        assert!(read(&["--listen"]).is_err() && read(&["--fast"]).is_err());
        Ok(())
    }
}
