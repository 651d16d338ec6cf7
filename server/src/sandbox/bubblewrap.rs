//! The command line of bubblewrap.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::homes;
use crate::{engine::run_dir::Spec, sandbox::Mount};

pub(super) const PROGRAM: &str = "bwrap";
/// Where names are looked up on machines whose /etc/resolv.conf leads into /run.
const RESOLVER: &str = "/run/systemd/resolve";

/// Folders that commands see empty, beside the data folder.
const EMPTY: [&str; 4] = ["/home", "/root", "/run", "/tmp"];

/// The command of `spec` inside.
pub(super) fn command(spec: &Spec) -> Command {
    let mut wrap = around(Some(&spec.tmp_dir), &spec.hidden, spec.user.is_some());
    for path in &spec.shown {
        open_way(&mut wrap, &spec.hidden, path);
        wrap.arg("--bind").arg(path).arg(path);
    }
    let emptied: Vec<PathBuf> = spec.hidden.iter().cloned().chain(EMPTY.map(PathBuf::from)).collect();
    // What is neither elsewhere nor hidden is seen anyway.
    let needed =
        |mount: &&Mount| mount.source != mount.target || emptied.iter().any(|folder| mount.target.starts_with(folder));
    for mount in spec.mounts.iter().filter(needed) {
        open_way(&mut wrap, &emptied, &mount.target);
        let bind = if mount.read_only { "--ro-bind" } else { "--bind" };
        wrap.arg(bind).arg(&mount.source).arg(&mount.target);
    }
    wrap.arg("--chdir").arg(&spec.work_dir);
    as_user(&mut wrap, spec.user);
    wrap.args(["/bin/sh", "-c", &spec.cmd]);
    wrap
}

/// Everything but the job's own folders: the machine read-only, `tmp` as /tmp, `hidden` folders and homes empty.
///
/// It does not die with its parent: what a shell has started may finish after the shell has obeyed a signal, and the
/// supervisor ends what is left.
pub(super) fn around(tmp: Option<&Path>, hidden: &[PathBuf], has_own_user: bool) -> Command {
    let mut wrap = Command::new(PROGRAM);
    wrap.args(["--unshare-pid", "--unshare-ipc", "--unshare-uts"]);
    wrap.args(["--unshare-cgroup-try", "--cap-drop", "ALL"]);
    if has_own_user {
        // For setpriv, which gives them up with the user.
        wrap.args(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]);
    }
    wrap.args([
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/run",
    ]);
    if Path::new(RESOLVER).is_dir() {
        wrap.args(["--ro-bind", RESOLVER, RESOLVER]);
    }
    match tmp {
        Some(tmp) => wrap.arg("--bind").arg(tmp).arg("/tmp"),
        None => wrap.args(["--tmpfs", "/tmp"]),
    };
    for home in homes::HOMES {
        wrap.args(["--tmpfs", home]);
    }
    for folder in hidden {
        wrap.arg("--tmpfs").arg(folder);
    }
    let homes = homes::HOMES.map(PathBuf::from);
    for folder in homes::programs() {
        open_way(&mut wrap, &homes, &folder);
        wrap.arg("--ro-bind").arg(&folder).arg(&folder);
    }
    wrap
}

/// Makes the folders between an emptied one and `target`, so that every user can pass; bubblewrap would make them for
/// its own user alone.
fn open_way(wrap: &mut Command, emptied: &[PathBuf], target: &Path) {
    let Some(root) = emptied.iter().find(|root| target.starts_with(root)) else {
        return;
    };
    let above = target.ancestors().skip(1);
    let mut between: Vec<&Path> = above.take_while(|folder| *folder != root).collect();
    between.reverse();
    for folder in between {
        wrap.args(["--perms", "0755", "--dir"]).arg(folder);
    }
}

/// Makes what follows run as `user`.
pub(super) fn as_user(wrap: &mut Command, user: Option<u32>) {
    wrap.arg("--");
    if let Some(user) = user {
        wrap.arg("setpriv")
            .arg(format!("--reuid={user}"))
            .arg(format!("--regid={user}"))
            .arg("--clear-groups");
    }
}
