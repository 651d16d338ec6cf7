//! Building the app into target/app, only when a source of it has changed: compiled, taken apart by pages, made small,
//! named by content, compressed.
//!
//! For the browser tests of someone who changes it, it is also built in one piece and left large: there minutes count.
//! `cargo xtask dev` has trunk build it.

mod assets;
mod compress;
mod page;
mod wasm;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use self::assets::Assets;
use self::page::Source;
pub(crate) use self::wasm::Form;
use crate::freshness;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Brings target/app up to date.
pub(crate) fn build(shell: &Shell, workspace: &Workspace, form: Form) -> Result<()> {
    let rustc = process::answer(shell.command("rustc").arg("--version")).unwrap_or_default();
    let tools = format!("{rustc}, {form:?}, {}", wasm::FLAGS.join(" "));
    // Taken before the build: what is edited meanwhile is built next time.
    let sources = freshness::of_app(workspace.root(), &tools).context("the app's sources cannot be read")?;
    let stamp = workspace.scratch().join("app.stamp");
    let built = fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
    if built && workspace.app().join("index.html").is_file() {
        return Ok(());
    }

    let about = match form {
        Form::Small => "10 minutes on 2 cores",
        Form::Quick => "4 minutes on 2 cores at first",
    };
    let _doing = say::doing("Building the app", about);
    let source = Source::read(workspace.root())?;
    wasm::compile(shell, &source, form)?;
    let scratch = workspace.scratch().join("app");
    let assets = assemble(shell, workspace, &source, form, &scratch)?;
    assets.write(&workspace.app(), form == Form::Small)?;
    fs::remove_dir_all(&scratch).context("target/ is not writable")?;
    fs::write(&stamp, sources).context("target/ is not writable")
}

/// Binds the compiled worker of this name, makes it small if `form` says so, and writes it into `folder`; answers the name
/// of its script.
pub(crate) fn worker(
    shell: &Shell,
    workspace: &Workspace,
    name: &str,
    form: Form,
    scratch: &Path,
    folder: &Path,
) -> Result<String> {
    let (script, wasm) = wasm::worker(shell, workspace, name, form, scratch)?;
    let mut assets = Assets::default();
    let script = assets.add_worker(name, &script, wasm);
    assets.write_beside(folder)?;
    Ok(script)
}

/// Writes a file into `folder` under a name that says its content; answers the name.
pub(crate) fn named(folder: &Path, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
    let mut assets = Assets::default();
    let name = assets.add(stem, extension, content.to_vec());
    assets.write_beside(folder)?;
    Ok(name)
}

/// Everything the page consists of, with the page itself.
fn assemble(shell: &Shell, workspace: &Workspace, source: &Source, form: Form, scratch: &Path) -> Result<Assets> {
    let mut assets = Assets::default();
    let styles = assets.add("jobsphere", "css", source.styles()?);
    let icon = assets.add("icon", "svg", source.icon()?);
    let app = match form {
        Form::Small => wasm::app(shell, workspace, &source.app, scratch)?,
        Form::Quick => wasm::whole_app(workspace, &source.app, scratch)?,
    };
    let app = assets.add_app(app, &source.early()?)?;
    let mut words = Vec::new();
    for (tag, lines) in source.words()? {
        let file = assets.add(&format!("words-{tag}"), "txt", lines.into_bytes());
        words.push((tag, file));
    }
    let mut workers = Vec::new();
    for name in &source.workers {
        let (script, wasm) = wasm::worker(shell, workspace, name, form, scratch)?;
        workers.push((name.clone(), assets.add_worker(name, &script, wasm)));
    }
    let links = page::Links {
        styles,
        icon,
        app,
        words,
        workers,
    };
    assets.add_page(source.page(&links)?);
    Ok(assets)
}
