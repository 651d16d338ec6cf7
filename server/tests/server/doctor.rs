//! What `jobsphere-server doctor` says, by how the server is started and by what the machine has.

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{PermissionsExt, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::geteuid;

use crate::process::BINARY;

/// Nobody has this number on any machine.
const ORDINARY: u32 = 1_234_567;
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A folder that all users can enter, with the program in it.
struct Room(tempfile::TempDir);

impl Room {
    /// `None` where this cannot be tried.
    fn new() -> Option<Self> {
        if !geteuid().is_root() {
            println!("NOT TESTED: doctor is asked as several users, which needs root");
            return None;
        }
        let dir = tempfile::Builder::new()
            .prefix("doctor-")
            .tempdir_in("/var/tmp")
            .unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        fs::copy(BINARY, dir.path().join("jobsphere-server")).unwrap();
        Some(Self(dir))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn folder(&self, name: &str, mode: u32) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        folder
    }

    /// Doctor's answer about a data folder.
    fn ask(&self, data: &Path, options: &[&str], change: impl FnOnce(&mut Command)) -> Answer {
        let mut command = Command::new(self.path("jobsphere-server"));
        command.env_clear().env("PATH", PATH).current_dir("/");
        command.arg("doctor").args(options).arg("--data-dir").arg(data);
        change(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        Answer(String::from_utf8(output.stdout).unwrap())
    }

    /// Programs without bubblewrap.
    fn bare_path(&self) -> PathBuf {
        let folder = self.folder("bin", 0o755);
        for name in ["true", "cat", "setpriv"] {
            let program = PATH
                .split(':')
                .map(|place| Path::new(place).join(name))
                .find(|program| program.exists());
            symlink(program.unwrap(), folder.join(name)).unwrap();
        }
        folder
    }
}

struct Answer(String);

impl Answer {
    /// Whether what is meant by these words holds, and how.
    #[track_caller]
    fn of(&self, words: &str) -> (bool, &str) {
        let mut lines = self.0.lines();
        let line = lines
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("{words}: {}", self.0));
        let how = lines.next().unwrap().trim();
        match line.get(..3) {
            Some("yes") => (true, how),
            Some(" no") => (false, how),
            _ => panic!("{line}"),
        }
    }

    #[track_caller]
    fn assert(&self, words: &str, holds: bool, how: &str) {
        let (found, said) = self.of(words);
        assert!(found == holds && said.contains(how), "{words}: {said}\n\n{}", self.0);
    }
}

fn has_bubblewrap(room: &Room) -> bool {
    let works = jobsphere_server::sandbox::probe(&room.path("data")) == jobsphere_server::sandbox::Sandbox::Bubblewrap;
    if !works {
        println!("NOT TESTED: bubblewrap does not work on this machine");
    }
    works
}

fn as_ordinary(command: &mut Command) {
    command.uid(ORDINARY).gid(ORDINARY);
}

#[test]
fn root_with_own_users_below_a_closed_folder_is_told_which_folder_it_is() {
    let Some(room) = Room::new() else { return };
    let closed = room.folder("closed", 0o700);
    let data = room.folder("closed/deep/data", 0o755);
    let answer = room.ask(&data, &["--sandbox", "user"], |_| {});
    let named = format!("other users cannot enter {},", closed.display());
    for words in [
        "a user of its project's own",
        "can only read environments",
        "cannot make user name spaces",
    ] {
        answer.assert(words, false, &named);
        answer.assert(words, false, "chmod o+x");
    }
    assert!(!answer.0.contains("start the server as root"), "{}", answer.0);

    // A folder that is not there is judged by those above it.
    let answer = room.ask(&data.join("not/there"), &["--sandbox", "user"], |_| {});
    answer.assert("a user of its project's own", false, &named);
    answer.assert(
        "its data folder",
        true,
        &format!("will make it below {}", data.display()),
    );
}

#[test]
fn root_below_a_closed_folder_has_bubblewrap_or_is_told_the_folder() {
    let Some(room) = Room::new() else { return };
    let data = room.path("closed/data");
    let closed = room.folder("closed", 0o700);
    if has_bubblewrap(&room) {
        let answer = room.ask(&data, &[], |_| {});
        answer.assert("a user of its project's own", true, "the server is root");
        answer.assert("no processes but its own", true, "bubblewrap");
    }
    let bare = room.bare_path();
    let answer = room.ask(&data, &[], |command| {
        command.env("PATH", &bare);
    });
    answer.assert(
        "a user of its project's own",
        false,
        &format!("other users cannot enter {},", closed.display()),
    );
    answer.assert("no processes but its own", false, "apt install bubblewrap");
    assert!(!answer.0.contains("start the server as root"), "{}", answer.0);
}

#[test]
fn root_without_bubblewrap_takes_users_also_for_a_folder_that_is_not_there_or_closed_itself() {
    let Some(room) = Room::new() else { return };
    let bare = room.bare_path();
    for data in [room.path("not/there"), room.folder("mine", 0o700)] {
        let answer = room.ask(&data, &[], |command| {
            command.env("PATH", &bare);
        });
        answer.assert("a user of its project's own", true, "the server is root");
        answer.assert("built by another user", true, "the server is root");
        answer.assert("can only read environments", true, "not its user's");
        answer.assert("cannot make user name spaces", true, "filter");
        answer.assert("no processes but its own", false, "apt install bubblewrap");
        answer.assert("number of processes", true, "2048");
        answer.assert("has no terminal", true, "always");
        assert!(
            !data.join("lock").exists() && !room.path("not").exists(),
            "doctor makes nothing"
        );
    }
}

#[test]
fn root_that_asks_for_no_sandbox_is_told_what_it_gave_up() {
    let Some(room) = Room::new() else { return };
    let data = room.folder("data", 0o700);
    let answer = room.ask(&data, &["--sandbox", "none"], |_| {});
    answer.assert("a user of its project's own", false, "without --sandbox none");
    answer.assert("cannot make user name spaces", false, "without --sandbox none");
    answer.assert("has no terminal", true, "always");
    if has_bubblewrap(&room) {
        answer.assert("cannot write outside", false, "start without --sandbox");
    }
}

#[test]
fn an_ordinary_user_has_bubblewrap_alone() {
    let Some(room) = Room::new() else { return };
    let data = room.folder("data", 0o700);
    std::os::unix::fs::chown(&data, Some(ORDINARY), Some(ORDINARY)).unwrap();
    for options in [&["--sandbox", "user"][..], &["--sandbox", "none"]] {
        let answer = room.ask(&data, options, as_ordinary);
        answer.assert("a user of its project's own", false, "start the server as root");
        answer.assert("built by another user", false, "start the server as root");
        answer.assert("cannot make user name spaces", false, "bubblewrap");
        answer.assert("its data folder", true, "it is there");
    }
    let answer = room.ask(&data, &["--sandbox", "bubblewrap"], as_ordinary);
    answer.assert("a user of its project's own", false, "start the server as root");
    let (is_wrapped, _) = answer.of("no processes but its own");
    for words in [
        "can only read environments",
        "cannot make user name spaces",
        "cannot write outside",
    ] {
        assert_eq!(answer.of(words).0, is_wrapped, "{}", answer.0);
    }
    if !is_wrapped {
        println!("NOT TESTED: bubblewrap does not work for ordinary users on this machine");
    }
    // What root can write, and this user cannot.
    let answer = room.ask(&room.path("elsewhere/data"), &["--sandbox", "none"], as_ordinary);
    answer.assert(
        "its data folder",
        false,
        &format!("cannot write to {}", room.0.path().display()),
    );
}

#[test]
fn a_sandbox_that_does_not_work_is_not_praised() {
    let Some(room) = Room::new() else { return };
    let (data, bare) = (room.folder("data", 0o755), room.bare_path());
    let answer = room.ask(&data, &["--sandbox", "bubblewrap"], |command| {
        command.env("PATH", &bare);
    });
    for words in [
        "cannot write outside",
        "no processes but its own",
        "a user of its project's own",
    ] {
        assert!(!answer.of(words).0, "{}", answer.0);
    }
}

/// What is said of control groups is what a job finds: see the tests of groups.
#[test]
fn what_the_kernel_keeps_is_said_with_the_version() {
    let Some(room) = Room::new() else { return };
    let data = room.folder("data", 0o700);
    let answer = room.ask(&data, &[], |_| {});
    for words in [
        "keeps a job's memory",
        "keeps a job's processors",
        "keeps a job's number of processes",
    ] {
        match answer.of(words) {
            (true, how) => assert!(how.contains("control groups, version") || how.contains("2048"), "{how}"),
            (false, how) => assert!(how.contains("docs/server.md"), "{how}"),
        }
    }
    std::os::unix::fs::chown(&data, Some(ORDINARY), Some(ORDINARY)).unwrap();
    let answer = room.ask(&data, &["--sandbox", "none"], as_ordinary);
    answer.assert("keeps a job's memory", false, "measured, ten times a second");
}
