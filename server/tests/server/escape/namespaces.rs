//! The ways out of a sandbox that the kernel offers, and what holds the job from outside.

use std::{fs, os::unix::fs::PermissionsExt};

use futures::FutureExt;

use super::{
    Attack, Got, Row, SANDBOXED,
    arena::{Arena, Mode, PATIENCE, leaving, python},
    hold,
};

/// A job that is root is so without any of this.
const NOT_ROOT_YET: Row = [
    super::Fails,
    super::Fails,
    super::Fails,
    super::NoSuchCase,
    super::NotPromised,
];

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a job makes a user name space, by any of the system calls that can",
        row: SANDBOXED,
        // Seen with bubblewrap as root and as an ordinary user, and with own users.
        run: |mode| alone(mode, USER_NAMESPACE).boxed_local(),
    },
    Attack {
        what: "a job mounts, changes its root, or enters another name space",
        row: SANDBOXED,
        // Seen with bubblewrap and with own users, within a user name space.
        run: |mode| alone(mode, MOUNT).boxed_local(),
    },
    Attack {
        what: "a job becomes root by a program with the setuid bit",
        row: NOT_ROOT_YET,
        // Seen with own users.
        run: |mode| setuid(mode).boxed_local(),
    },
    Attack {
        what: "a job traces, reads or signals what holds it",
        row: SANDBOXED,
        // Seen with own users: in the server's session SIGCONT is anyone's.
        run: |mode| holders(mode).boxed_local(),
    },
    Attack {
        what: "a job kills whatever it can, and with it the server or what collects its outputs",
        row: SANDBOXED,
        // Not seen, since the server collected with its own rights.
        run: |mode| kills(mode).boxed_local(),
    },
    Attack {
        what: "a job writes what its supervisor and the server tell each other, and how it ended",
        row: SANDBOXED,
        // Not seen: the run directory is the server's.
        run: |mode| forged(mode).boxed_local(),
    },
    Attack {
        what: "a job keeps rights, or can make devices",
        row: NOT_ROOT_YET,
        // Seen with bubblewrap as root: two inheritable capabilities were left.
        run: |mode| alone(mode, RIGHTS).boxed_local(),
    },
];

/// A job on a server of its own.
async fn alone(mode: Mode, program: &str) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("alone");
    arena.run(&project, python(program, &[])).await.got()
}

const USER_NAMESPACE: &str = r#"
import mmap, platform
NEWUSER, NEWNS = 0x10000000, 0x00020000
attempt('the program', lambda: subprocess.run(['unshare', '-Ur', 'true'], check=True, capture_output=True) and 'made')
def in_child(action):
    "In a process of its own, since some of it cannot be taken back; 77 says that it was done."
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(77)
    return 'made' if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 77 else None
def call(number, *words):
    result = checked(libc.syscall(number, *words))
    if result == 0 and number in (56, 435):
        os._exit(77)
    return result
attempt('unshare', lambda: in_child(lambda: checked(libc.unshare(NEWUSER))))
attempt('unshare with others', lambda: in_child(lambda: checked(libc.unshare(NEWUSER | NEWNS | 0x20000000))))
if platform.machine() == 'x86_64':
    def clone():
        child = call(56, NEWUSER | 17, 0, 0, 0, 0)
        os.waitpid(child, 0)
    attempt('clone', lambda: in_child(clone))
    def clone3():
        words = (ctypes.c_uint64 * 11)(NEWUSER, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
        child = call(435, ctypes.byref(words), ctypes.sizeof(words))
        os.waitpid(child, 0)
    attempt('clone3', lambda: in_child(clone3))
    # The same calls by their other numbers, which a filter may forget.
    attempt('unshare of x32', lambda: in_child(lambda: checked(libc.syscall(0x40000000 | 272, NEWUSER))))
    def of_32_bits():
        # push rbx; mov eax, 310; mov ebx, NEWUSER; int 0x80; pop rbx; ret
        code = bytes.fromhex('53 b836010000 bb00000010 cd80 5b c3')
        memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        memory.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        if ctypes.CFUNCTYPE(ctypes.c_int)(address)() != 0:
            raise OSError('held')
    attempt('unshare of 32 bits', lambda: in_child(of_32_bits))
"#;

const MOUNT: &str = r#"
if os.getuid() == 0:
    sys.exit('a sandbox of which the job is root holds nothing')
for name in ('at', 'from'):
    os.makedirs(name, exist_ok=True)
def mount(source, target, kind, flags=0):
    return checked(libc.mount(source, target, kind, flags, None)) or 'mounted'
def all_ways():
    attempt('tmpfs', lambda: mount(b'none', b'at', b'tmpfs'))
    attempt('proc', lambda: mount(b'proc', b'at', b'proc'))
    # Of the job's own: what is mounted where a job's folder is removed would be removed with it.
    attempt('bind', lambda: mount(b'from', b'at', None, 4096))
    attempt('remount', lambda: mount(None, b'/', None, 32 | 4096 | 1))
    attempt('umount', lambda: checked(libc.umount2(b'/proc', 2)) or 'unmounted')
    attempt('umount /tmp', lambda: checked(libc.umount2(b'/tmp', 2)) or 'unmounted')
    attempt('chroot', lambda: os.chroot('.') or 'changed')
    attempt('pivot_root', lambda: checked(libc.syscall(155, b'.', b'at')) or 'changed')
    attempt('fsopen', lambda: os.close(checked(libc.syscall(430, b'tmpfs', 0))) or 'opened')
    attempt('open_tree', lambda: os.close(checked(libc.syscall(428, -100, b'/', 1))) or 'cloned')
    for name in ('mnt', 'pid', 'net', 'user', 'ipc', 'uts'):
        for pid in ('1', str(os.getppid())):
            def enter():
                fd = os.open(f'/proc/{pid}/ns/{name}', os.O_RDONLY)
                if os.stat(fd).st_ino == os.stat(f'/proc/self/ns/{name}').st_ino:
                    return None
                return checked(libc.setns(fd, 0)) or 'entered'
            attempt(f'setns {name} of {pid}', enter)
all_ways()
if os.fork() == 0:
    if libc.unshare(0x10000000 | 0x00020000) == 0:
        all_ways()
    os._exit(0)
os.wait()
"#;

const SETUID: &str = r#"
found = [path for folder in ('/usr/bin', '/usr/sbin', '/usr/libexec', '/usr/lib/openssh', ROOM)
         for path in glob.glob(f'{folder}/*') if os.path.isfile(path) and os.stat(path).st_mode & 0o6000]
print('there are', found)
own = [os.getuid(), os.getgid()]
for program in (f'{ROOM}/rootly', f'{ROOM}/grouply'):
    def run():
        numbers = [int(subprocess.run([program, option], capture_output=True, check=True).stdout) for option in ('-u', '-g')]
        return None if numbers == own else f'{own} became {numbers}'
    attempt(program, run)
for words in (['su', '-c', 'id -u'], ['sudo', '-n', 'id', '-u'], ['pkexec', 'id', '-u'], ['newgrp', 'root'], ['sg', 'root', '-c', 'id -g']):
    def run():
        answer = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=10).stdout
        return answer if answer.strip() == b'0' else None
    attempt(words[0], run)
def newuidmap():
    child = os.fork()
    if child == 0:
        libc.unshare(0x10000000)
        signal.pause()
    try:
        done = subprocess.run(['newuidmap', str(child), '0', '0', '1'], capture_output=True).returncode
    finally:
        os.kill(child, 9)
    return 'mapped' if done == 0 else None
attempt('newuidmap', newuidmap)
# A program that has the bit keeps the kernel from showing what it would be.
status = open('/proc/self/status').read()
if 'NoNewPrivs:\t1' not in status:
    got('programs with the setuid bit are obeyed')
"#;

async fn setuid(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    for (name, bits) in [("rootly", 0o4755), ("grouply", 0o2755)] {
        let program = arena.room().join(name);
        fs::copy("/usr/bin/id", &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(bits)).unwrap();
    }
    let project = arena.project("setuid");
    let room = arena.room().display().to_string();
    arena.run(&project, python(SETUID, &[("ROOM", &room)])).await.got()
}

const HOLDERS: &str = r#"
mine = {os.getpid(), os.getppid()}
def parent(pid):
    try:
        return int(open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[1])
    except OSError:
        return 0
# Those above, which outside a name space are the supervisor and the server, and those that the server has started.
above, pid = [], os.getppid()
while pid := parent(pid):
    above.append(pid)
others = [int(pid) for pid in SERVERS.split()]
for pid in sorted({*above, *others} - mine):
    if pid == 1 and WRAPPED:
        # What bubblewrap has left to wait for the job: it has no more rights.
        continue
    attempt(f'memory of {pid}', lambda: os.close(os.open(f'/proc/{pid}/mem', os.O_RDWR)) or 'opened')
    attempt(f'environment of {pid}', lambda: read(f'/proc/{pid}/environ') or None)
    attempt(f'descriptors of {pid}', lambda: os.listdir(f'/proc/{pid}/fd') or None)
    attempt(f'root of {pid}', lambda: os.listdir(f'/proc/{pid}/root/') if pid not in (1,) else None)
    attempt(f'tracing {pid}', lambda: checked(libc.ptrace(16, pid, None, None)) or 'traced')
    attempt(f'seizing {pid}', lambda: checked(libc.ptrace(0x4206, pid, None, None)) or 'traced')
    for number in (0, signal.SIGCONT):
        attempt(f'signal {number} to {pid}', lambda: os.kill(pid, number) or 'sent')
    attempt(f'taking of {pid}', lambda: checked(libc.syscall(438, os.pidfd_open(pid), 0, 0)))
"#;

async fn holders(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("holders");
    // What the job is told: itself is not among them, since it begins later.
    let (sleeper, operation) = arena
        .submit(&arena.project("sleeper"), super::arena::command("sleep 600"))
        .await;
    arena
        .until_status(&sleeper, jobsphere_api::jobs::JobStatus::Executing)
        .await;
    let servers: Vec<String> = [arena.pid()]
        .into_iter()
        .chain(arena.below())
        .map(|pid| pid.to_string())
        .collect();
    let wrapped = if mode.is_bubblewrap() { "yes" } else { "" };
    let job = python(HOLDERS, &[("SERVERS", &servers.join(" ")), ("WRAPPED", &wrapped)]);
    let ended = arena.run(&project, job).await;
    arena.cancel(&sleeper).await;
    arena
        .end_of(&sleeper, &operation, PATIENCE)
        .await
        .expect("the end of the sleeper");
    ended.got().or(arena.lives().await)
}

const KILLS: &str = r#"
if os.getuid() == 0:
    sys.exit('nothing would be left of the machine')
with open('out', 'w') as file:
    file.write('made')
end = time.time() + 0.5
print('TRIED', flush=True)
while time.time() < end:
    for pid in processes():
        # What is this user's own, and what the kernel lets it.
        if pid != 1:
            for number in (signal.SIGSTOP, signal.SIGKILL):
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
"#;

async fn kills(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("kills");
    let job = leaving(python(KILLS, &[]), &["out"]);
    let Some(ended) = arena.run_within(&project, job, PATIENCE / 2).await else {
        return Some("the job does not end".into());
    };
    // How it ends is its own affair; but then its output came, or it is said why not.
    let is_told = !ended.job.status_details.is_empty() || ended.complaints().iter().any(|(path, _)| path == "out");
    let came = arena.outputs(&ended).iter().any(|(_, content)| content == b"made");
    let lost = (!came && !is_told).then(|| "its output is lost without a word".to_owned());
    ended.got().or(lost).or(arena.lives().await)
}

const FORGED: &str = r#"
RUN = f'{DATA}/runs/' + os.environ['DS_JOB_ID']
places = [RUN, '..', os.path.dirname(os.environ['JOB_PROGRESS_FILENAME']), f'{DATA}/logs/' + os.environ['DS_JOB_ID'], '/run/job']
words = {
    'exit.json': {'return_code': 0, 'cancelled': False, 'details': WORD, 'error': None},
    'started.json': {'time_micros': 1},
    'cancel.json': {'signal': None, 'timeout_ms': None},
    'environment.json': WORD,
    'datasets.json': [WORD],
}
for place in places:
    for name in [*words, 'spec.json', 'lock', 'supervisor.log', 'reserve', 'log', 'index']:
        for to in (name, f'{name}.new'):
            try:
                os.replace(f'{place}/{to}', f'{place}/{to}.before')
            except OSError:
                pass
            try:
                with open(f'{place}/{to}', 'w') as file:
                    file.write(json.dumps(words.get(name, WORD)))
            except OSError:
                pass
print('TRIED', flush=True)
os.kill(os.getppid(), 0)
sys.exit(7)
"#;

async fn forged(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("forged");
    let word = format!("forged{:08x}", fastrand::u32(..));
    let data = arena.data.display().to_string();
    // The word must not stand in the command, which is written down.
    let (half, rest) = word.split_at(6);
    let mut job = python(
        &format!("WORD = HALF + REST\n{FORGED}"),
        &[("DATA", &data), ("HALF", &half), ("REST", &rest)],
    );
    // Waits, so that the server's files are looked at while the job is there.
    job.cmd += "code=$?\ntouch done\nuntil [ -e go ]; do sleep 0.02; done\nexit $code\n";
    let (id, operation) = arena.submit(&project, job).await;
    let run = arena.run_dir(&id);
    super::arena::until("the attack", || run.join("work/done").exists()).await;
    let mut found = Vec::new();
    for folder in [run, arena.data.join("logs").join(&id)] {
        for entry in fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().is_file())
        {
            let content = fs::read(entry.path()).unwrap_or_default();
            let is_progress = entry.file_name() == "progress.jsonl";
            if !is_progress && String::from_utf8_lossy(&content).contains(&word) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    arena.tell(&id, "go");
    let Some(ended) = arena.end_of(&id, &operation, PATIENCE / 2).await else {
        return Some("the job does not end".into());
    };
    let code = ended.answer().map(|answer| answer.result.unwrap().return_code);
    let forged = (code != Some(7) || ended.job.status_details.contains(&word))
        .then(|| format!("it ended with {code:?}, {}", ended.job.status_details));
    let written = (!found.is_empty()).then(|| format!("written: {found:?}"));
    ended.got().or(written).or(forged)
}

const RIGHTS: &str = r#"
for line in open('/proc/self/status'):
    name, _, value = line.partition(':')
    if name in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb') and int(value, 16):
        got(line.strip())
    if name == 'Groups' and set(value.split()) - {str(os.getgid())}:
        got(line.strip())
attempt('device', lambda: os.mknod('device', 0o600 | stat.S_IFBLK, os.makedev(8, 0)) or 'made')
attempt('user', lambda: os.setuid(0) or 'root')
attempt('groups', lambda: os.setgroups([0]) or 'set')
attempt('own', lambda: os.chown('.', 0, 0) or 'given away')
attempt('memory of the machine', lambda: os.close(os.open('/dev/mem', os.O_RDONLY)) or 'opened')
attempt('its log', lambda: os.close(os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)) or 'opened')
attempt('its settings', lambda: os.close(os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)) or 'opened')
attempt('its end', lambda: os.close(os.open('/proc/sysrq-trigger', os.O_WRONLY)) or 'opened')
for path in ('/etc/new', '/usr/new', '/bin/new', '/new', '/var/new', '/opt/new'):
    attempt(path, lambda: os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)) or os.unlink(path) or 'made')
"#;

#[tokio::test]
async fn the_kernels_doors_are_closed() {
    hold("namespaces").await;
}
