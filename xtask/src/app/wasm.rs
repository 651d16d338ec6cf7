//! From Rust to small wasm: cargo, the splitter, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support as split;

use super::page::Source;
use crate::process;
use crate::shell::Shell;
use crate::toolchain::WASM;
use crate::workspace::Workspace;

/// For wasm-opt: as small as it gets. The features are those that rustc uses for this target.
pub(crate) const FLAGS: [&str; 10] = [
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The module that loads the pieces; the splitter's name for it.
pub(super) const LOADER: &str = "__wasm_split.js";

/// What is built: what people get, or what someone who changes it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Taken apart, and as small as it gets.
    Small,
    /// In one piece, as the compiler leaves it.
    Quick,
}

/// The app, taken apart, or in one piece.
pub(super) struct App {
    /// Its name without an ending.
    pub(super) name: String,
    /// The module that starts it.
    pub(super) script: String,
    /// What is always loaded.
    pub(super) wasm: Vec<u8>,
    /// The module that loads the pieces, where there are any.
    pub(super) loader: Option<String>,
    /// Each with its name without an ending.
    pub(super) pieces: Vec<(String, Vec<u8>)>,
}

/// Compiles the app and its workers, in one call, which takes both processors.
pub(super) fn compile(shell: &Shell, source: &Source, form: Form) -> Result<()> {
    let mut build = shell.cargo(["build", "--locked", "--quiet", "--target", WASM]);
    if form == Form::Small {
        build.args(["--release", "--features", "split"]);
    }
    for program in source.workers.iter().chain([&source.app]) {
        build.args(["--bin", program]);
    }
    process::run(&mut build)
}

/// The compiled app, taken apart and made small.
pub(super) fn app(shell: &Shell, workspace: &Workspace, name: &str, scratch: &Path) -> Result<App> {
    let apart = clean(scratch.join("apart"))?;
    let whole = fs::read(compiled(workspace, name, Form::Small)).context("cargo left no app")?;
    let main = apart.join(format!("{name}.wasm"));
    let module = format!("./{name}.js");
    let mut options = split::Options::new(&whole);
    options.output_dir = &apart;
    options.main_out_path = &main;
    options.main_module = &module;
    let parts = split::transform(options).map_err(|error| anyhow!("the app cannot be taken apart: {error:#}"))?;
    ensure!(!parts.split_modules.is_empty(), "the app has no pieces");

    let bound = clean(scratch.join("bound"))?;
    // The pieces take the table of functions from there, which is otherwise nobody's business.
    bind(&main, &bound, |bind| Ok(bind.web(true)?.keep_lld_exports(true)))?;
    // Code of a dependency that comes as JavaScript would have to be named and loaded, too.
    ensure!(
        !bound.join("snippets").exists(),
        "wasm-bindgen has left snippets, which nothing here serves"
    );
    let mut pieces = Vec::new();
    for piece in &parts.split_modules {
        let name = piece.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        pieces.push((name, optimized(shell, piece)?));
    }
    pieces.sort();
    Ok(App {
        name: name.to_owned(),
        script: text(&bound.join(format!("{name}.js")))?,
        wasm: optimized(shell, &bound.join(format!("{name}_bg.wasm")))?,
        loader: Some(text(&apart.join(LOADER))?),
        pieces,
    })
}

/// The compiled app as it is.
pub(super) fn whole_app(workspace: &Workspace, name: &str, scratch: &Path) -> Result<App> {
    let bound = clean(scratch.join("bound"))?;
    bind(&compiled(workspace, name, Form::Quick), &bound, |bind| bind.web(true))?;
    let wasm = bound.join(format!("{name}_bg.wasm"));
    Ok(App {
        name: name.to_owned(),
        script: text(&bound.join(format!("{name}.js")))?,
        wasm: fs::read(wasm).context("the app has no module")?,
        loader: None,
        pieces: Vec::new(),
    })
}

/// A compiled worker: its script and its module, made small if `form` says so.
pub(super) fn worker(
    shell: &Shell,
    workspace: &Workspace,
    name: &str,
    form: Form,
    scratch: &Path,
) -> Result<(String, Vec<u8>)> {
    let bound = clean(scratch.join(name))?;
    bind(&compiled(workspace, name, form), &bound, |bind| bind.no_modules(true))?;
    let script = text(&bound.join(format!("{name}.js")))?;
    let wasm = bound.join(format!("{name}_bg.wasm"));
    let wasm = match form {
        Form::Small => optimized(shell, &wasm)?,
        Form::Quick => fs::read(wasm).with_context(|| format!("{name} has no module"))?,
    };
    Ok((script, wasm))
}

/// Makes the script that calls a module, and the module as the script calls it; `form` says for whom.
fn bind(wasm: &Path, folder: &Path, form: fn(&mut Bindgen) -> Result<&mut Bindgen>) -> Result<()> {
    let mut bind = Bindgen::new();
    bind.input_path(wasm)
        .typescript(false)
        .remove_name_section(true)
        // The script finds the module beside itself.
        .omit_default_module_path(false);
    form(&mut bind)
        .and_then(|bind| bind.generate(folder))
        .with_context(|| format!("{} cannot be bound to JavaScript", wasm.display()))
}

fn optimized(shell: &Shell, wasm: &Path) -> Result<Vec<u8>> {
    let small = wasm.with_extension("small.wasm");
    let mut opt = shell.command("wasm-opt");
    // It warns of a section that it does not know, once for each piece.
    opt.args(FLAGS).arg(wasm).arg("--output").arg(&small);
    process::run_quietly(&mut opt)?;
    fs::read(&small).with_context(|| format!("{} cannot be read", small.display()))
}

fn compiled(workspace: &Workspace, name: &str, form: Form) -> PathBuf {
    let profile = match form {
        Form::Small => "release",
        Form::Quick => "debug",
    };
    workspace.target().join(format!("{WASM}/{profile}/{name}.wasm"))
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// An empty folder.
fn clean(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder).context("target/ is not writable")?;
    }
    fs::create_dir_all(&folder).context("target/ is not writable")?;
    Ok(folder)
}
