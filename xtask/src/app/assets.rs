//! The files of the app: named by their content, so that browsers keep each for ever, and written with compressed copies.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use super::compress;
use super::wasm::{App, LOADER};

/// Digits of a hash in a name; the server knows names with as many.
const DIGITS: usize = 16;

const INDEX: &str = "index.html";

/// Addresses of what starts the app.
pub(super) struct AppLinks {
    /// The module that starts it.
    pub(super) script: String,
    /// The module that loads its pieces, which the script needs, where it has any.
    pub(super) loader: Option<String>,
    /// What is always loaded.
    pub(super) wasm: String,
}

/// Files by name.
#[derive(Default)]
pub(super) struct Assets(BTreeMap<String, Vec<u8>>);

impl Assets {
    /// Adds a file and answers its name.
    pub(super) fn add(&mut self, stem: &str, extension: &str, content: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{extension}", hash(&content));
        self.0.insert(name.clone(), content);
        name
    }

    /// Adds the app, whose script does `early` first. Script and loader name each other, so both have the hash of both.
    pub(super) fn add_app(&mut self, app: App, early: &str) -> Result<AppLinks> {
        let mut loader = app.loader;
        for (stem, content) in app.pieces {
            let name = self.add(&stem, "wasm", content);
            loader = loader
                .map(|loader| renamed(&loader, &format!("./{stem}.wasm"), &format!("./{name}")))
                .transpose()?;
        }
        let wasm = self.add(&app.name, "wasm", app.wasm);
        let script = renamed(&app.script, &format!("{}_bg.wasm", app.name), &wasm)?;
        let mut script = format!("{early}\n{script}\n__wbg_init();\n");
        // Who asked for a piece hears that it did not come, and says so where that matters.
        let loader = loader.map(|loader| loader.replace("console.error(e);", ""));

        let hash = hash(format!("{script}{}", loader.as_deref().unwrap_or_default()).as_bytes());
        let (script_name, loader_name) = (format!("{}-{hash}.js", app.name), format!("pieces-{hash}.js"));
        if let Some(loader) = &loader {
            script = renamed(&script, &format!("./{LOADER}"), &format!("./{loader_name}"))?;
            let loader = renamed(loader, &format!("./{}.js", app.name), &format!("./{script_name}"))?;
            self.0.insert(loader_name.clone(), loader.into_bytes());
        }
        self.0.insert(script_name.clone(), script.into_bytes());
        Ok(AppLinks {
            script: script_name,
            loader: loader.map(|_| loader_name),
            wasm,
        })
    }

    /// Adds a worker and answers the name of its script, which starts it.
    pub(super) fn add_worker(&mut self, name: &str, script: &str, wasm: Vec<u8>) -> String {
        let wasm = self.add(name, "wasm", wasm);
        let script = format!("{script}\nwasm_bindgen({{ module_or_path: \"./{wasm}\" }});\n");
        self.add(name, "js", script.into_bytes())
    }

    /// Adds the page, the one file that keeps its name.
    pub(super) fn add_page(&mut self, page: String) {
        self.0.insert(INDEX.to_owned(), page.into_bytes());
    }

    /// Writes these files into `folder`, beside what is there.
    pub(super) fn write_beside(&self, folder: &Path) -> Result<()> {
        for (name, content) in &self.0 {
            fs::write(folder.join(name), content).context("target/ is not writable")?;
        }
        Ok(())
    }

    /// Replaces `folder` by these files and, if wished, their compressed copies.
    pub(super) fn write(&self, folder: &Path, with_copies: bool) -> Result<()> {
        let fresh = folder.with_extension("new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        fs::create_dir_all(&fresh).context("target/ is not writable")?;
        for (name, content) in &self.0 {
            fs::write(fresh.join(name), content).context("target/ is not writable")?;
        }
        if with_copies {
            compress::all(&self.0, &fresh)?;
        }
        if folder.exists() {
            fs::remove_dir_all(folder).context("target/app cannot be replaced")?;
        }
        fs::rename(&fresh, folder).context("target/app cannot be replaced")
    }
}

/// The script with another name in the place of `old` wherever it loads that, which it must. The same name as the key of
/// what a module imports stays: it stands in the module, too.
fn renamed(script: &str, old: &str, new: &str) -> Result<String> {
    let loads = ["from ", "new URL("]
        .into_iter()
        .flat_map(|load| [(load, '"'), (load, '\'')]);
    let renamed = loads.fold(script.to_owned(), |script, (load, quote)| {
        script.replace(
            &format!("{load}{quote}{old}{quote}"),
            &format!("{load}{quote}{new}{quote}"),
        )
    });
    ensure!(
        renamed != script,
        "`{old}` is nowhere in the script that should load it"
    );
    Ok(renamed)
}

fn hash(content: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(content).iter().take(DIGITS / 2) {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADS: &str =
        "import { initSync } from \"./app.js\";\nfetch(new URL(\"./split_one.wasm\", import.meta.url));";

    fn app(piece: &[u8]) -> App {
        App {
            name: "app".into(),
            script: "import * as x from \"./__wasm_split.js\";\nnew URL('app_bg.wasm', import.meta.url);\n\
                ({ \"./__wasm_split.js\": x });"
                .into(),
            wasm: b"main".into(),
            loader: Some(LOADS.into()),
            pieces: vec![("split_one".into(), piece.into())],
        }
    }

    fn added(piece: &[u8]) -> (Assets, AppLinks) {
        let mut assets = Assets::default();
        let links = assets.add_app(app(piece), "early();").expect("the names are there");
        (assets, links)
    }

    fn text<'a>(assets: &'a Assets, name: &str) -> &'a str {
        std::str::from_utf8(&assets.0[name]).expect("a script")
    }

    #[test]
    fn what_the_app_loads_is_there_under_the_name_it_uses() {
        let (assets, links) = added(b"piece");
        let loader = links.loader.as_deref().expect("there is a piece");
        assert!(text(&assets, &links.script).contains(&format!("\"./{loader}\"")));
        assert!(text(&assets, &links.script).contains(&format!("'{}'", links.wasm)));
        assert!(text(&assets, &links.script).starts_with("early();\n"));
        assert!(text(&assets, &links.script).ends_with("({ \"./__wasm_split.js\": x });\n__wbg_init();\n"));
        assert!(text(&assets, loader).contains(&format!("\"./{}\"", links.script)));
        let piece = assets
            .0
            .keys()
            .find(|name| name.starts_with("split_one-"))
            .expect("the piece");
        assert!(text(&assets, loader).contains(&format!("\"./{piece}\"")));
        assert_eq!(assets.0.len(), 4);
    }

    #[test]
    fn an_app_in_one_piece_loads_nothing_but_its_module() {
        let mut app = app(b"");
        (app.loader, app.pieces) = (None, Vec::new());
        let mut assets = Assets::default();
        let links = assets.add_app(app, "").expect("the name is there");
        assert_eq!((links.loader, assets.0.len()), (None, 2));
    }

    #[test]
    fn a_change_of_a_piece_renames_what_leads_to_it_and_nothing_else() {
        let ((_, one), (_, other)) = (added(b"piece"), added(b"changed"));
        assert_ne!(one.script, other.script);
        assert_ne!(one.loader, other.loader);
        assert_eq!(one.wasm, other.wasm);
    }

    #[test]
    fn a_script_that_loads_something_else_is_refused() {
        let mut app = app(b"piece");
        app.loader = Some("import { initSync } from \"./app.js\";".into());
        assert!(Assets::default().add_app(app, "").is_err());
    }

    #[test]
    fn a_worker_starts_the_module_that_lies_beside_it() {
        let mut assets = Assets::default();
        let script = assets.add_worker("hasher", "let wasm_bindgen;", b"module".into());
        let wasm = assets
            .0
            .keys()
            .find(|name| name.ends_with(".wasm"))
            .expect("the module");
        assert!(text(&assets, &script).ends_with(&format!("wasm_bindgen({{ module_or_path: \"./{wasm}\" }});\n")));
    }
}
