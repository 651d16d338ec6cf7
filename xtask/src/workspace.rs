//! Where things are: the tree, and the folders under target/ that the commands fill.

use std::env;
use std::path::{Path, PathBuf};

/// The folders of this checkout.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout this program was compiled from; honours `CARGO_TARGET_DIR`.
    pub(crate) fn locate() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // Cargo reads a relative folder from where it was called; so does this.
            Some(folder) => std::path::absolute(&folder).unwrap_or_else(|_| folder.into()),
            None => root.join("target"),
        };
        Self { root, target }
    }

    /// The checkout itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder; everything built or downloaded is below it.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The built app: `index.html`, wasm, styles. The server looks for it in the checkout,
    /// wherever cargo's target folder is.
    pub(crate) fn app(&self) -> PathBuf {
        self.root.join("target/app")
    }

    /// The app with the whole service inside, for any host of files.
    pub(crate) fn demo(&self) -> PathBuf {
        self.root.join("target/demo")
    }

    /// The machine of the demo: its program and its saved state.
    pub(crate) fn machine(&self) -> PathBuf {
        self.root.join("target/machine")
    }

    /// The server's binary.
    pub(crate) fn server(&self) -> PathBuf {
        self.target.join("debug/jobsphere-server")
    }

    /// Where `cargo install --root` puts trunk and wasm-bindgen.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Stamps and scratch files of these commands.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }
}
