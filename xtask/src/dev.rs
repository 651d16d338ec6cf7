//! `cargo xtask dev`: the server, and trunk in front of it, which rebuilds and reloads the app.
//!
//! The app is built in the dev profile into its own folder: seconds after an edit count here,
//! not size. Trunk.toml says which paths trunk hands on to the server.

use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::say;
use crate::server;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Where trunk's proxy, as written in Trunk.toml, expects the server.
const SERVER: &str = "127.0.0.1:8080";

/// How soon the end of one of the two ends the other.
const GLANCE: Duration = Duration::from_millis(200);

/// Runs both until one of them ends; `arguments` go to the server.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument.starts_with("--listen")) {
        bail!("with live reload the server listens on {SERVER}, where Trunk.toml's proxy looks for it");
    }
    let mut server = server::command(workspace, arguments);
    server.args(["--listen", SERVER]);
    let mut trunk = shell.command("trunk");
    trunk.args(["serve", "--dist"]).arg(workspace.target().join("app-dev"));

    say::note("The app with live reload: http://127.0.0.1:8090 (2 minutes the first time)");
    let mut server = start(&mut server, "the server")?;
    let mut trunk = start(&mut trunk, "trunk").inspect_err(|_| stop(&mut server))?;
    let ended = loop {
        if let Some(status) = server.try_wait()? {
            break format!("the server ended with {status}");
        }
        if let Some(status) = trunk.try_wait()? {
            break format!("trunk ended with {status}");
        }
        thread::sleep(GLANCE);
    };
    stop(&mut server);
    stop(&mut trunk);
    bail!("{ended}")
}

fn start(command: &mut Command, name: &str) -> Result<Child> {
    command.spawn().with_context(|| format!("{name} does not start"))
}

/// One that has ended already needs no stopping, so an error means nothing.
fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use toml::{Table, Value};

    use super::*;

    /// `/package.Service/` of every service in a folder of proto files.
    fn services(folder: &Path, found: &mut BTreeSet<String>) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                services(&path, found)?;
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let word = |line: &str, key: &str| {
                let rest = line.strip_prefix(key)?;
                Some(rest.trim_end_matches([' ', ';', '{']).to_owned())
            };
            let package = text.lines().find_map(|line| word(line, "package "));
            for service in text.lines().filter_map(|line| word(line, "service ")) {
                let package = package.clone().unwrap_or_default();
                found.insert(format!("http://{SERVER}/{package}.{service}/"));
            }
        }
        Ok(())
    }

    #[test]
    fn trunk_hands_every_service_and_the_files_to_the_server() -> Result<()> {
        let workspace = Workspace::locate();
        let mut wanted = BTreeSet::from(["files", "shares", "badge"].map(|path| format!("http://{SERVER}/{path}/")));
        services(&workspace.root().join("proto"), &mut wanted)?;

        let config: Table = fs::read_to_string(workspace.root().join("Trunk.toml"))?.parse()?;
        let proxies = config.get("proxies").and_then(Value::as_array);
        let backends: BTreeSet<String> = proxies
            .into_iter()
            .flatten()
            .filter_map(|proxy| Some(proxy.get("backend")?.as_str()?.to_owned()))
            .collect();
        assert_eq!(backends, wanted);
        Ok(())
    }
}
