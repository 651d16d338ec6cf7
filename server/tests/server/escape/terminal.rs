//! The operator's terminal is not a job's: nothing is drawn on it, and no keys are typed into the shell behind it.

use std::{
    fs::{self, File},
    io::Read,
    os::fd::{AsFd, OwnedFd},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use futures::FutureExt;
use rustix::{
    fs::{Mode as Bits, OFlags},
    ioctl::{Getter, Setter, ioctl},
    process::{ioctl_tiocsctty, setsid},
};

use super::{
    Attack, EVERYWHERE, Got, SANDBOXED,
    arena::{Arena, Mode, python, until},
    hold,
};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a job opens the terminal of the server as its own, draws on it and types keys",
        row: EVERYWHERE,
        // Seen with own users and without a sandbox: `/dev/tty` opened, keys taken (TIOCSTI); bubblewrap still to be looked at.
        run: |mode| own_terminal(mode).boxed_local(),
    },
    Attack {
        what: "a job opens the terminal of the server by its name or by the server's descriptors",
        row: SANDBOXED,
        // Not seen with own users; bubblewrap still to be looked at.
        run: |mode| named_terminal(mode).boxed_local(),
    },
    Attack {
        what: "a job stays in the session of the server, or has a controlling terminal",
        row: EVERYWHERE,
        // Seen with own users and without a sandbox: the command had the server's terminal; bubblewrap still to be looked at.
        run: |mode| session(mode).boxed_local(),
    },
];

const TIOCSPTLCK: u32 = 0x4004_5431;
const TIOCGPTN: u32 = 0x8004_5430;

/// A terminal: the side of whoever looks at it, and its name.
struct Terminal {
    master: File,
    name: PathBuf,
}

impl Terminal {
    fn open() -> Self {
        let master = rustix::fs::open(
            "/dev/ptmx",
            OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC,
            Bits::empty(),
        )
        .unwrap();
        // SAFETY: both take the address of an integer, as tty_ioctl(2) says.
        let number = unsafe {
            ioctl(&master, Setter::<TIOCSPTLCK, i32>::new(0)).unwrap();
            ioctl(&master, Getter::<TIOCGPTN, u32>::new()).unwrap()
        };
        Self {
            master: File::from(master),
            name: format!("/dev/pts/{number}").into(),
        }
    }

    fn side(&self) -> OwnedFd {
        rustix::fs::open(
            &self.name,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Bits::empty(),
        )
        .unwrap()
    }

    /// What was drawn so far, and what keys were echoed.
    fn seen(&mut self) -> String {
        let mut seen = Vec::new();
        // It has no end, only nothing more to read.
        let _ = self.master.read_to_end(&mut seen);
        String::from_utf8_lossy(&seen).into_owned()
    }
}

/// A server that was started in a terminal, as from a shell.
async fn in_terminal(mode: Mode) -> (Arena, Terminal) {
    let terminal = Terminal::open();
    let side = terminal.side();
    if !mode.is_root {
        // As login does it.
        rustix::fs::fchown(&side, Some(rustix::process::Uid::from_raw(mode.uid())), None).unwrap();
    }
    let change = |command: &mut Command, _: &Path| {
        let [input, log] = [(); 2].map(|()| side.try_clone().unwrap());
        command.stdin(input).stderr(log);
        // SAFETY: between fork and exec only system calls are made, which is safe there.
        unsafe {
            command.pre_exec(|| {
                setsid()?;
                // Standard input.
                Ok(ioctl_tiocsctty(std::io::stdin().as_fd())?)
            });
        }
    };
    let arena = Arena::start_with(mode, "", change).await;
    let stat = stat(arena.pid()).unwrap();
    assert!(
        stat.session == arena.pid() && stat.terminal != 0,
        "the server has a terminal"
    );
    (arena, terminal)
}

const OWN: &str = r#"
import fcntl, termios
for fd in range(1024):
    if os.isatty(fd):
        got('descriptor', fd, 'is a terminal')
def draw():
    fd = os.open('/dev/tty', os.O_RDWR)
    os.write(fd, TOKEN.encode())
    return 'opened'
def type_keys():
    fd = os.open('/dev/tty', os.O_RDWR)
    for key in TOKEN:
        fcntl.ioctl(fd, termios.TIOCSTI, key.encode())
    return 'typed'
attempt('drawing', draw)
attempt('typing', type_keys)
"#;

async fn own_terminal(mode: Mode) -> Got {
    let (mut arena, mut terminal) = in_terminal(mode).await;
    let project = arena.project("terminal");
    let ended = arena.run(&project, python(OWN, &[("TOKEN", &arena.token)])).await;
    let seen = terminal.seen();
    let drawn = seen
        .contains(&arena.token)
        .then(|| format!("the terminal shows: {seen}"));
    ended.got().or(drawn)
}

const NAMED: &str = r#"
import fcntl, termios
for path in [NAME, f'/proc/{SERVER}/fd/0', f'/proc/{SERVER}/fd/2', '/dev/console', '/proc/1/fd/0', '/proc/1/fd/2']:
    def draw():
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        if os.isatty(fd):
            os.write(fd, TOKEN.encode())
            fcntl.ioctl(fd, termios.TIOCSCTTY, 1)
            for key in TOKEN:
                fcntl.ioctl(fd, termios.TIOCSTI, key.encode())
            return 'typed'
    attempt(path, draw)
"#;

async fn named_terminal(mode: Mode) -> Got {
    let (mut arena, mut terminal) = in_terminal(mode).await;
    let project = arena.project("terminal");
    let name = terminal.name.display().to_string();
    let names: [(&str, &dyn std::fmt::Display); 3] =
        [("TOKEN", &arena.token), ("NAME", &name), ("SERVER", &arena.pid())];
    let ended = arena.run(&project, python(NAMED, &names)).await;
    let seen = terminal.seen();
    let drawn = seen
        .contains(&arena.token)
        .then(|| format!("the terminal shows: {seen}"));
    ended.got().or(drawn)
}

async fn session(mode: Mode) -> Got {
    let (mut arena, _terminal) = in_terminal(mode).await;
    let project = arena.project("terminal");
    let mark = format!("86400.{}", fastrand::u32(..));
    let server = arena.pid();
    let (job, operation) = arena
        .submit(&project, super::arena::command(&format!("sleep {mark} & wait")))
        .await;
    until("the command", || !with_argument(&mark).is_empty()).await;
    let sleeping = with_argument(&mark)[0];
    let found = stat(sleeping).unwrap();
    arena.cancel(&job).await;
    arena.end_of(&job, &operation, super::arena::PATIENCE).await.unwrap();
    if found.terminal != 0 {
        return Some(format!("its terminal is device {}", found.terminal));
    }
    (found.session == server).then(|| "its session is the server's".to_owned())
}

struct Stat {
    session: u32,
    terminal: i32,
}

fn stat(pid: u32) -> Option<Stat> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(Stat {
        session: fields[3].parse().ok()?,
        terminal: fields[4].parse().ok()?,
    })
}

/// The processes that have the word as an argument of its own.
fn with_argument(word: &str) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let found = all.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read_to_string(entry.path().join("cmdline")).ok()?;
        line.split('\0').any(|argument| argument == word).then_some(pid)
    });
    found.collect()
}

#[tokio::test]
async fn the_operators_terminal_is_not_a_jobs() {
    hold("terminal").await;
}
