//! Debian packages, for what neither cargo nor npm nor rustup can bring.

use std::io::IsTerminal as _;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::say;
use crate::shell::Shell;

/// How this user may act as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    /// Is root.
    Already,
    /// Through sudo, which may ask for a password on the terminal.
    Sudo { asks: bool },
    /// Not at all.
    No,
}

/// Installs the packages, or says what an administrator has to type.
pub(crate) fn install(shell: &Shell, packages: &[&str], about: &str) -> Result<()> {
    let list = packages.join(" ");
    let wish = format!("as root: apt-get install {list}");
    if !shell.has("apt-get") {
        bail!("the packages {list} are missing and this machine has no apt-get; install their like by hand");
    }
    let _doing = say::doing(&format!("Installing the Debian packages {list}"), about);
    // The lists of a fresh image are empty, those of an old machine out of date.
    let mut update = as_root(shell, "apt-get").with_context(|| wish.clone())?;
    update.args(["update", "-qq"]);
    if let Err(error) = process::run(&mut update) {
        say::note(&format!("{error}; trying with the package lists that are there"));
    }
    let mut install = as_root(shell, "apt-get").with_context(|| wish.clone())?;
    install
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages);
    process::run(&mut install).context(wish)
}

/// A command that runs as root, or an error where that is not possible.
pub(crate) fn as_root(shell: &Shell, program: &str) -> Result<Command> {
    // Services that a package brings are not started: tests start their own.
    let quiet = ["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
    let mut command = match root(shell) {
        Root::Already => shell.command("env"),
        Root::Sudo { asks } => {
            let mut sudo = shell.command("sudo");
            if !asks {
                sudo.arg("-n");
            }
            sudo.arg("env");
            sudo
        }
        Root::No => bail!("this needs root, and neither root nor sudo is at hand"),
    };
    command.args(quiet).arg(program);
    Ok(command)
}

fn root(shell: &Shell) -> Root {
    let is_root = process::answer(shell.command("id").arg("-u")).as_deref() == Some("0");
    let sudo = shell.has("sudo");
    let silent = sudo && process::succeeds(shell.command("sudo").args(["-n", "true"]));
    choose(is_root, sudo, silent, std::io::stdin().is_terminal())
}

fn choose(is_root: bool, sudo: bool, sudo_is_silent: bool, terminal: bool) -> Root {
    match (is_root, sudo, sudo_is_silent || terminal) {
        (true, _, _) => Root::Already,
        (false, true, true) => Root::Sudo { asks: !sudo_is_silent },
        _ => Root::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_needs_no_sudo() {
        assert_eq!(choose(true, false, false, false), Root::Already);
    }

    #[test]
    fn sudo_asks_only_where_someone_can_answer() {
        assert_eq!(choose(false, true, true, false), Root::Sudo { asks: false });
        assert_eq!(choose(false, true, false, true), Root::Sudo { asks: true });
        assert_eq!(choose(false, true, false, false), Root::No);
    }

    #[test]
    fn without_sudo_there_is_no_root() {
        assert_eq!(choose(false, false, false, true), Root::No);
    }
}
