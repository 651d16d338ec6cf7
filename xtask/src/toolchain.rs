//! The Rust toolchain for the app: rustup's wasm target where it can be had, else Debian's.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::debian;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// The target the app is built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Which toolchain builds everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The toolchain `cargo xtask` was called with.
    Active,
    /// Debian's rustc and cargo in /usr/bin.
    Debian,
}

impl Route {
    /// Puts a command on this toolchain.
    pub(crate) fn apply(self, command: &mut Command) {
        if self == Self::Debian {
            // rustup takes a folder for a toolchain, so nothing has to be registered with it.
            command.env("RUSTUP_TOOLCHAIN", "/usr");
        }
    }
}

/// What has to be there besides the wasm target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Building only.
    Build,
    /// Also clippy and rustfmt.
    Checks,
}

/// What is known so far about this machine.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    active_ready: bool,
    debian_ready: bool,
    has_rustup: bool,
    rustup_tried: bool,
    has_apt: bool,
    debian_tried: bool,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Use(Route),
    AskRustup,
    InstallDebian,
    GiveUp,
}

/// What works is used as it is, the ordinary way is tried before the other, each once.
fn next(facts: Facts) -> Step {
    match facts {
        Facts { active_ready: true, .. } => Step::Use(Route::Active),
        Facts { debian_ready: true, .. } => Step::Use(Route::Debian),
        Facts {
            has_rustup: true,
            rustup_tried: false,
            ..
        } => Step::AskRustup,
        Facts {
            has_apt: true,
            debian_tried: false,
            ..
        } => Step::InstallDebian,
        _ => Step::GiveUp,
    }
}

/// Makes sure that the app can be built (and checked), and says which way was taken.
pub(crate) fn prepare(shell: &Shell, workspace: &Workspace, need: Need) -> Result<Route> {
    let active_ready = ready(shell, workspace, need);
    let mut facts = Facts {
        active_ready,
        debian_ready: !active_ready && debian::is_ready(shell, workspace, need),
        has_rustup: shell.has("rustup"),
        has_apt: shell.has("apt-get"),
        ..Facts::default()
    };
    loop {
        match next(facts) {
            Step::Use(route) => {
                if route == Route::Debian {
                    say::note("Building with Debian's Rust in /usr/bin");
                }
                return Ok(route);
            }
            Step::AskRustup => {
                facts.rustup_tried = true;
                match ask_rustup(shell, need) {
                    Ok(()) => say::note("The wasm target comes from rustup"),
                    Err(error) => say::note(&format!(
                        "rustup cannot bring the wasm target ({error}); taking Debian's packages"
                    )),
                }
                facts.active_ready = ready(shell, workspace, need);
            }
            Step::InstallDebian => {
                facts.debian_tried = true;
                debian::install(shell, workspace)?;
                facts.debian_ready = debian::is_ready(shell, workspace, need);
            }
            Step::GiveUp => bail!(
                "no Rust for {WASM}: neither `rustup target add {WASM}` nor Debian's packages \
                 (rustc-web and its like) worked; docs/development.md tells both ways"
            ),
        }
    }
}

fn ask_rustup(shell: &Shell, need: Need) -> Result<()> {
    let _doing = say::doing("Asking rustup for the wasm target", "half a minute, once");
    process::run(shell.command("rustup").args(["target", "add", WASM]))?;
    if need == Need::Checks {
        let components = ["component", "add", "clippy", "rustfmt"];
        process::run(shell.command("rustup").args(components))?;
    }
    Ok(())
}

fn ready(shell: &Shell, workspace: &Workspace, need: Need) -> bool {
    builds_wasm(shell.command("rustc"), workspace) && (need == Need::Build || checks(shell, Route::Active))
}

/// Whether clippy and rustfmt are there.
pub(crate) fn checks(shell: &Shell, route: Route) -> bool {
    ["clippy", "fmt"].into_iter().all(|tool| {
        let mut command = shell.cargo([tool, "--version"]);
        route.apply(&mut command);
        process::succeeds(&mut command)
    })
}

/// Whether this rustc compiles and links for wasm32: the only test that also sees a std of
/// another compiler, or a missing linker.
pub(crate) fn builds_wasm(rustc: Command, workspace: &Workspace) -> bool {
    probe(rustc, workspace).is_ok()
}

fn probe(mut rustc: Command, workspace: &Workspace) -> Result<()> {
    let folder = workspace.scratch().join("probe");
    fs::create_dir_all(&folder).context("target/ is not writable")?;
    let source = folder.join("probe.rs");
    fs::write(&source, "")?;
    rustc
        .args(["--crate-type", "cdylib", "--target", WASM, "--out-dir"])
        .arg(&folder)
        .arg(&source);
    if !process::succeeds(&mut rustc) {
        bail!("no std for {WASM}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_works_is_left_alone() {
        let facts = Facts {
            active_ready: true,
            debian_ready: true,
            has_rustup: true,
            has_apt: true,
            ..Facts::default()
        };
        assert_eq!(next(facts), Step::Use(Route::Active));
    }

    #[test]
    fn debian_once_installed_is_used_without_asking_rustup_again() {
        let facts = Facts {
            debian_ready: true,
            has_rustup: true,
            has_apt: true,
            ..Facts::default()
        };
        assert_eq!(next(facts), Step::Use(Route::Debian));
    }

    #[test]
    fn rustup_is_asked_first_and_once() {
        let facts = Facts {
            has_rustup: true,
            has_apt: true,
            ..Facts::default()
        };
        assert_eq!(next(facts), Step::AskRustup);
        assert_eq!(
            next(Facts {
                rustup_tried: true,
                ..facts
            }),
            Step::InstallDebian
        );
    }

    #[test]
    fn debian_is_the_way_without_rustup() {
        assert_eq!(
            next(Facts {
                has_apt: true,
                ..Facts::default()
            }),
            Step::InstallDebian
        );
    }

    #[test]
    fn when_both_failed_it_ends() {
        let facts = Facts {
            has_rustup: true,
            rustup_tried: true,
            has_apt: true,
            debian_tried: true,
            ..Facts::default()
        };
        assert_eq!(next(facts), Step::GiveUp);
        assert_eq!(next(Facts::default()), Step::GiveUp);
    }

    #[test]
    fn only_the_debian_route_changes_the_environment() {
        let of = |route: Route| {
            let mut command = Command::new("cargo");
            route.apply(&mut command);
            command.get_envs().count()
        };
        assert_eq!((of(Route::Active), of(Route::Debian)), (0, 1));
    }
}
