//! The environment every other program is started in: the checkout, PATH, the toolchain.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use crate::toolchain::Route;
use crate::workspace::Workspace;

/// Makes commands that see the project's own tools before anything else on PATH.
pub(crate) struct Shell {
    root: PathBuf,
    path: OsString,
    route: Option<Route>,
}

impl Shell {
    /// A shell with the toolchain that `cargo xtask` itself was called with.
    pub(crate) fn new(workspace: &Workspace) -> Self {
        let npm = workspace.tools().join("npm/node_modules/.bin");
        let mut folders = vec![workspace.tools().join("bin"), npm];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path = env::join_paths(&folders).unwrap_or_else(|_| {
            // A folder of the checkout has a colon in its name: PATH cannot hold it.
            env::var_os("PATH").unwrap_or_default()
        });
        Self {
            root: workspace.root().to_path_buf(),
            path,
            route: None,
        }
    }

    /// The same shell on the toolchain that can build the app.
    pub(crate) fn on(self, route: Route) -> Self {
        Self {
            route: Some(route),
            ..self
        }
    }

    /// A command in the checkout's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(self.find(program.as_ref()));
        command.current_dir(&self.root).env("PATH", &self.path);
        // The cargo that started this program must not decide for the cargo below it.
        command.env_remove("CARGO");
        if let Some(route) = self.route {
            route.apply(&mut command);
        }
        command
    }

    /// A cargo call in the checkout's root.
    pub(crate) fn cargo<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// Looked up here, because `Command` would search the caller's PATH, not the one given to it.
    fn find(&self, program: &OsStr) -> OsString {
        if program.as_encoded_bytes().contains(&b'/') {
            return program.to_owned();
        }
        env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|candidate| candidate.is_file())
            .map_or_else(|| program.to_owned(), PathBuf::into_os_string)
    }

    /// Whether a program of this name is on PATH.
    pub(crate) fn has(&self, program: &str) -> bool {
        env::split_paths(&self.path).any(|folder| folder.join(program).is_file())
    }
}
