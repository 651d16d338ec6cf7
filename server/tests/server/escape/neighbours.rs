//! Two projects on one server: neither reads, changes, ends or starves the other's jobs.

use std::fs;

use futures::FutureExt;
use jobsphere_api::{
    jobs::{Environment, JobParameters, JobStatus},
    operation::Operation,
};

use super::{
    Attack, Got, OWN_USERS, SANDBOXED, WRAPPED,
    arena::{Arena, Mode, PATIENCE, command, leaving, python, until},
    hold,
};
use crate::process::{desc, file};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a job reads the files of another project's job",
        row: SANDBOXED,
        // Seen with own users: folders of all jobs could be entered.
        run: |mode| files(mode).boxed_local(),
    },
    Attack {
        what: "a job reads the environment, the memory or the descriptors of another project's job",
        row: SANDBOXED,
        // Not seen: the kernel keeps users apart, and name spaces do.
        run: |mode| insides(mode).boxed_local(),
    },
    Attack {
        what: "a job reads the command line of another project's job",
        row: WRAPPED,
        // Not seen in a process name space of one's own.
        run: |mode| command_line(mode).boxed_local(),
    },
    Attack {
        what: "a job ends, stops or traces the processes of another project's job",
        row: SANDBOXED,
        // Not seen: the kernel keeps users apart.
        run: |mode| ended(mode).boxed_local(),
    },
    Attack {
        what: "a job that forks without end keeps another project from running",
        row: OWN_USERS,
        // Not seen: each user has a limit of its own.
        run: |mode| starved(mode, false).boxed_local(),
    },
    Attack {
        what: "a job that forks without end keeps a sibling from its outputs",
        row: OWN_USERS,
        // Not seen, since the server collected with its own rights.
        run: |mode| starved(mode, true).boxed_local(),
    },
];

/// A job that has something of everything and waits.
struct Victim {
    id: String,
    operation: Operation,
    word: String,
    /// Its processes, as the machine numbers them.
    pids: Vec<u32>,
}

async fn victim(arena: &mut Arena, project: &str) -> Victim {
    let word = format!("victim{:016x}", fastrand::u64(..));
    let program = r#"
with open('mine', 'w') as file:
    file.write(WORD)
os.makedirs('out'); open('out/mine', 'w').write(WORD)
open(os.environ.get('TMPDIR', '/tmp') + '/mine', 'w').write(WORD)
open(os.environ['JOB_PROGRESS_FILENAME'], 'a').write(json.dumps({'progress': 10, 'message': WORD}))
kept = open('mine')
os.rename('given', 'read')
open('ready', 'w').close()
wait_for('go')
"#;
    let mut job = leaving(python(program, &[("WORD", &word)]), &["out"]);
    let given = desc("given", "");
    job.input_files = vec![file(&given, word.as_bytes())];
    job.env = Some(Environment {
        vars: [("MINE".to_owned(), word.clone())].into(),
        ..Default::default()
    });
    let (id, operation) = arena.submit_with(project, job, &[word.as_bytes()]).await;
    let ready = arena.run_dir(&id).join("work/ready");
    until("the victim", || ready.exists()).await;
    let has_word = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&word)
    };
    let pids: Vec<u32> = arena.below().into_iter().filter(has_word).collect();
    assert!(!pids.is_empty());
    Victim {
        id,
        operation,
        word,
        pids,
    }
}

impl Victim {
    /// What happened to it.
    async fn harm(&self, arena: &mut Arena) -> Got {
        arena.tell(&self.id, "go");
        let Some(ended) = arena.end_of(&self.id, &self.operation, PATIENCE / 2).await else {
            return Some("the other job does not end".into());
        };
        let outputs = arena.outputs(&ended);
        let is_well = ended.job.status() == JobStatus::Success && ended.out.contains("TRIED") && outputs.len() == 1;
        let (details, complaints) = (&ended.job.status_details, ended.complaints());
        (!is_well).then(|| format!("the other job ends with {details} {complaints:?} {}", ended.out))
    }

    fn pids(&self) -> String {
        let pids: Vec<String> = self.pids.iter().map(u32::to_string).collect();
        pids.join(" ")
    }
}

/// A job of another project beside a victim that runs, and what it got; `names` are RUN, PIDS and WORD.
async fn beside(mode: Mode, program: &str) -> Got {
    let mut arena = Arena::start(mode).await;
    let (one, other) = (arena.project("one"), arena.project("other"));
    let victim = victim(&mut arena, &one).await;
    let run = arena.run_dir(&victim.id).display().to_string();
    let pids = victim.pids();
    // The word must not stand in the attacker's own things.
    let (half, rest) = victim.word.split_at(10);
    let job = python(
        &format!("WORD = HALF + REST\n{program}"),
        &[
            ("RUN", &run),
            ("PIDS", &pids),
            ("HALF", &half),
            ("REST", &rest),
            ("ID", &victim.id),
        ],
    );
    let ended = arena.run(&other, job).await;
    let harm = victim.harm(&mut arena).await;
    ended.got().or(harm).or(arena.lives().await)
}

async fn files(mode: Mode) -> Got {
    beside(mode, r#"
def listed(path):
    # Of one's own there may be a folder on the way.
    return [name for name in os.listdir(path) if name != os.environ['DS_JOB_ID']] or None
data = os.path.dirname(os.path.dirname(RUN))
for folder in (RUN, *(f'{RUN}/{name}' for name in ('work', 'work/out', 'abs', 'tmp', 'datasets')), f'{data}/runs', f'{data}/logs',
               f'{data}/logs/{ID}', f'{data}/blobs', f'{data}/incoming'):
    attempt(folder, lambda: listed(folder))
for name in ('work/mine', 'work/out/mine', 'work/read', 'tmp/mine', 'progress.jsonl', 'spec.json', 'started.json', 'supervisor.log', 'lock'):
    attempt(name, lambda: read(f'{RUN}/{name}'))
for pid in PIDS.split():
    for way in ('cwd', 'root'):
        attempt(way, lambda: listed(f'/proc/{pid}/{way}/'))
def write(path):
    with open(path, 'w') as file:
        file.write('changed')
    return path
for name in ('work/mine', 'work/new', 'work/go', 'tmp/new', 'progress.jsonl', 'cancel.json', 'exit.json'):
    # Within bubblewrap there may be a folder of that name that is nobody's.
    if os.path.exists(f'{RUN}/work'):
        attempt(name, lambda: write(f'{RUN}/{name}'))
# Places that all see.
for folder in ('/tmp', '/var/tmp', '/dev/shm', '/run', '/run/job', '/job'):
    for name in ('mine', 'read', 'out/mine'):
        attempt(f'{folder}/{name}', lambda: read(f'{folder}/{name}'))
"#).await
}

async fn insides(mode: Mode) -> Got {
    beside(mode, r#"
def has_word(content):
    return 'the word' if WORD.encode() in content else None
def whole(path):
    with open(path, 'rb', buffering=0) as file:
        return file.read(1 << 20)
for pid in sorted({*PIDS.split(), *map(str, processes())} - {'1'}):
    for name in ('environ', 'auxv', 'stack', 'syscall', 'smaps', 'maps'):
        attempt(f'{name} of {pid}', lambda: has_word(whole(f'/proc/{pid}/{name}')) or (pid in PIDS.split() and name) or None)
    attempt(f'memory of {pid}', lambda: os.close(os.open(f'/proc/{pid}/mem', os.O_RDONLY)) or 'opened')
    attempt(f'descriptors of {pid}', lambda: os.listdir(f'/proc/{pid}/fd') or None)
    for fd in range(12):
        attempt(f'descriptor {fd} of {pid}', lambda: os.close(os.open(f'/proc/{pid}/fd/{fd}', os.O_RDONLY | os.O_NONBLOCK)) or 'opened')
    for fd in range(4):
        def take():
            pidfd = os.pidfd_open(int(pid))
            return checked(libc.syscall(438, pidfd, fd, 0))
        attempt(f'taking {fd} of {pid}', take)
"#).await
}

async fn command_line(mode: Mode) -> Got {
    beside(mode, r#"
for pid in sorted({*PIDS.split(), *map(str, processes())}):
    attempt(f'command line of {pid}', lambda: 'the word' if WORD.encode() in open(f'/proc/{pid}/cmdline', 'rb').read() else None)
"#).await
}

async fn ended(mode: Mode) -> Got {
    beside(
        mode,
        r#"
for pid in map(int, PIDS.split()):
    if os.path.exists(f'/proc/{pid}') and pid in {os.getpid(), os.getppid()}:
        continue
    for number in (0, signal.SIGSTOP, signal.SIGKILL):
        attempt(f'signal {number} to {pid}', lambda: os.kill(pid, number) or 'sent')
    attempt(f'signal to group {pid}', lambda: os.killpg(pid, signal.SIGKILL) or 'sent')
    attempt(f'tracing {pid}', lambda: checked(libc.ptrace(16, pid, None, None)) or 'traced')
    attempt(f'pidfd {pid}', lambda: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL) or 'sent')
    attempt(f'priority {pid}', lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) or 'set')
    attempt(f'affinity {pid}', lambda: os.sched_setaffinity(pid, {0}) or 'set')
    attempt(f'limits {pid}', lambda: __import__('resource').prlimit(pid, 7, (0, 0)) and 'set')
"#,
    )
    .await
}

/// Has as many processes as it may, and keeps them until it is ended.
const BOMB: &str = r#"
if os.getuid() == 0:
    sys.exit('root has no limit')
count = 0
while count < 5000:
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        signal.pause()
    count += 1
open('ready', 'w').write(str(count))
signal.pause()
"#;

async fn starved(mode: Mode, is_sibling: bool) -> Got {
    let mut arena = Arena::start(mode).await;
    let (one, other) = (arena.project("one"), arena.project("other"));
    let victim = victim(&mut arena, &one).await;
    let bomber = if is_sibling { &one } else { &other };
    let (bomb, operation) = arena.submit(bomber, python(BOMB, &[])).await;
    let ready = arena.run_dir(&bomb).join("work/ready");
    until("the limit", || {
        fs::read_to_string(&ready).is_ok_and(|count| !count.is_empty())
    })
    .await;
    let count: u32 = fs::read_to_string(&ready).unwrap().parse().unwrap();
    let unbounded = (count >= 5000).then(|| format!("it has {count} processes"));
    let harm = victim.harm(&mut arena).await;
    let lives = if is_sibling { None } else { arena.lives().await };
    arena.cancel(&bomb).await;
    let over = arena.end_of(&bomb, &operation, PATIENCE).await.is_none();
    let after = is_alive(&mut arena, &one).await;
    unbounded
        .or(harm)
        .or(lives)
        .or(over.then(|| "it cannot be ended".to_owned()))
        .or(after)
}

async fn is_alive(arena: &mut Arena, project: &str) -> Got {
    let parameters: JobParameters = command("echo alive");
    let ended = arena.run(project, parameters).await;
    (ended.out != "alive\n").then(|| format!("the next job ends with {}", ended.job.status_details))
}

#[tokio::test]
async fn projects_are_kept_apart() {
    hold("neighbours").await;
}
