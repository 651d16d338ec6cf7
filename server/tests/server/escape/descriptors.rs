//! What was open in the server, or in whoever started it, is not open in a job.

use std::{fs, os::fd::OwnedFd, os::unix::process::CommandExt};

use futures::FutureExt;
use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_setfd};

use super::{
    Attack, EVERYWHERE, Got,
    arena::{Arena, Mode, PATIENCE, command, python, until},
    hold,
};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a job reads a descriptor that whoever started the server has left open",
        row: EVERYWHERE,
        // The theme was seen to fail; in which modes is still to be looked at.
        run: |mode| left_open(mode).boxed_local(),
    },
    Attack {
        what: "a descriptor that whoever started the server has left open is open in what the server starts",
        row: EVERYWHERE,
        // The theme was seen to fail; in which modes is still to be looked at.
        run: |mode| beside_the_job(mode).boxed_local(),
    },
    Attack {
        what: "a job whose output a sibling holds never ends",
        row: EVERYWHERE,
        // Seen with own users: neither its end nor a cancel ended it.
        run: |mode| held(mode).boxed_local(),
    },
];

/// Takes what another job hands over, and keeps it.
const HOLDER: &str = r#"
listener = socket.socket(socket.AF_UNIX); listener.bind('\0' + NAME); listener.listen()
open('ready', 'w').close()
kept = socket.recv_fds(listener.accept()[0], 1, 2)
open('has', 'w').close()
wait_for('go')
"#;
const GIVER: &str = r#"
way = socket.socket(socket.AF_UNIX); way.connect('\0' + NAME)
socket.send_fds(way, [b'x'], [1, 2])
"#;

async fn held(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("held");
    let name = format!("held{:016x}", fastrand::u64(..));
    let (holder, of_holder) = arena.submit(&project, python(HOLDER, &[("NAME", &name)])).await;
    let work = arena.run_dir(&holder).join("work");
    until("the holder", || work.join("ready").exists()).await;
    let (giver, of_giver) = arena.submit(&project, python(GIVER, &[("NAME", &name)])).await;
    until("what is held", || work.join("has").exists()).await;
    let ended = arena.end_of(&giver, &of_giver, PATIENCE / 4).await;
    arena.tell(&holder, "go");
    let of_holder = arena.end_of(&holder, &of_holder, PATIENCE / 4).await;
    let Some((ended, of_holder)) = ended.zip(of_holder) else {
        return Some("a job does not end".into());
    };
    ended.got().or(of_holder.got())
}

/// Where the file is open in the server.
const NUMBER: i32 = 9;

/// A server whose parent had the secret open, as a shell does after `exec 9<file`.
async fn with_open_file(mode: Mode) -> Arena {
    Arena::start_with(mode, "", |command, room| {
        let file: OwnedFd = fs::File::open(room.join("data/canaries/secret")).unwrap().into();
        // SAFETY: between fork and exec only system calls are made, which is safe there.
        unsafe {
            command.pre_exec(move || {
                // The lowest number from there on, which is it unless something else has it.
                let high = fcntl_dupfd_cloexec(&file, NUMBER)?;
                fcntl_setfd(&high, FdFlags::empty())?;
                std::mem::forget(high);
                Ok(())
            });
        }
    })
    .await
}

const LEFT_OPEN: &str = r#"
for fd in sorted(int(name) for name in os.listdir('/proc/self/fd')):
    try:
        where = os.readlink(f'/proc/self/fd/{fd}')
    except OSError:
        continue  # That of the list itself.
    if fd > 2:
        got('descriptor', fd, where)
        attempt('content', lambda: os.pread(fd, 100, 0))
    elif where.split(':')[0] not in ('pipe', '/dev/null'):
        got('descriptor', fd, where)
"#;

async fn left_open(mode: Mode) -> Got {
    let mut arena = with_open_file(mode).await;
    let project = arena.project("open");
    let ended = arena.run(&project, python(LEFT_OPEN, &[])).await;
    // The same of a shell that starts nothing before.
    let listed = arena.run(&project, command("exec ls /proc/self/fd")).await;
    let listed: Vec<&str> = listed.out.lines().collect();
    let many = (listed.len() > 4).then(|| format!("descriptors {listed:?}"));
    ended.got().or(many)
}

async fn beside_the_job(mode: Mode) -> Got {
    let mut arena = with_open_file(mode).await;
    let secret = arena.secret();
    let holders = |pids: &[u32]| -> Vec<String> {
        let open = pids
            .iter()
            .flat_map(|pid| fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten());
        open.filter(|link| fs::read_link(link.path()).is_ok_and(|to| to == secret))
            .map(|link| {
                let line = fs::read(link.path().parent().unwrap().with_file_name("cmdline")).unwrap_or_default();
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                format!("{} in {line}", link.path().display())
            })
            .collect()
    };
    assert!(!holders(&[arena.pid()]).is_empty(), "the server has it");
    let project = arena.project("open");
    let cmd = "echo ready > ready; until [ -e go ]; do sleep 0.02; done";
    let (job, operation) = arena.submit(&project, command(cmd)).await;
    let ready = arena.run_dir(&job).join("work/ready");
    until("the command", || ready.exists()).await;
    let found = holders(&arena.below());
    arena.tell(&job, "go");
    arena.end_of(&job, &operation, PATIENCE).await.expect("its end");
    (!found.is_empty()).then(|| found.join("\n"))
}

#[tokio::test]
async fn no_descriptor_reaches_a_job() {
    hold("descriptors").await;
}
