//! Whatever a command leaves, its folder goes, and nothing but its folder.

use std::time::{Duration, Instant};

use futures::FutureExt;
use jobsphere_api::jobs::JobParameters;

use super::{
    Attack, EVERYWHERE, Got, SANDBOXED,
    arena::{Arena, Mode, PATIENCE, leaving, python},
    hold,
};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "folders that nobody may write or enter stay behind",
        row: EVERYWHERE,
        // Seen as an ordinary user, with bubblewrap and without.
        run: |mode| left(mode, CLOSED, &["out", "go"]).boxed_local(),
    },
    Attack {
        what: "a tree of 2000 levels stays behind",
        row: EVERYWHERE,
        // Seen as an ordinary user, with bubblewrap and without.
        run: |mode| left(mode, DEEP, &["deep"]).boxed_local(),
    },
    Attack {
        what: "50000 files, and names that are no text, stay behind",
        row: EVERYWHERE,
        // Seen as an ordinary user: no end within 60 s (10 s as root). Why is not known.
        run: |mode| left(mode, MANY, &["odd"]).boxed_local(),
    },
    Attack {
        what: "links that a job leaves lead its removal elsewhere",
        row: EVERYWHERE,
        // Not seen.
        run: |mode| left(mode, LINKS, &[]).boxed_local(),
    },
    Attack {
        what: "a sibling exchanges folders for links while they are removed",
        row: super::USERS_ALONE,
        // Not seen: what removes them follows no link.
        run: |mode| exchanged(mode).boxed_local(),
    },
    Attack {
        what: "a folder that its job has given away or closed keeps the next job from starting",
        row: SANDBOXED,
        // Not seen.
        run: |mode| next(mode).boxed_local(),
    },
];

const CLOSED: &str = r#"
os.makedirs('go/pkg/mod/example@v1'); os.makedirs('out'); os.makedirs('closed/deep/deeper')
for name in ('go/pkg/mod/example@v1/go.mod', 'out/open.txt', 'out/closed.txt', 'closed/deep/deeper/file'):
    open(name, 'w').write('mine')
os.symlink(CANARIES, 'closed/deep/link')
tmp = own_tmp()
os.makedirs(f'{tmp}/closed/deep'); os.symlink(CANARIES, f'{tmp}/closed/link')
os.chmod('go/pkg/mod/example@v1/go.mod', 0o444)
for path, bits in (('out/closed.txt', 0), ('go/pkg/mod/example@v1', 0o555), ('go/pkg/mod', 0o555), ('closed/deep', 0),
                   ('closed', 0o100), (f'{tmp}/closed/deep', 0), (f'{tmp}/closed', 0), (tmp, 0o500), ('.', 0o500)):
    os.chmod(path, bits)
"#;

const DEEP: &str = r#"
here = os.open('.', os.O_RDONLY)
for level in range(2000):
    os.mkdir('deep' if level == 0 else 'd'); os.chdir('deep' if level == 0 else 'd')
    if level % 500 == 499:
        os.symlink(CANARIES, 'link')
        os.chmod('.', 0o500 if level == 1999 else 0o700)
os.fchdir(here)
# And in two steps, so that no path to it fits.
os.makedirs('wide/' + '/'.join(['x' * 200] * 15)); os.chdir('wide/' + '/'.join(['x' * 200] * 15))
os.makedirs('/'.join(['y' * 200] * 15))
os.fchdir(here)
"#;

const MANY: &str = r#"
os.mkdir('odd')
for name in (b'odd/\xff\xfe', b'odd/a\nb', b'odd/\x1b[31m', b'odd/ ', b'odd/-rf', b'odd/*', b'odd/' + b'n' * 255):
    open(name, 'w').close()
os.mkdir(b'odd/\xc3\x28'); open(b'odd/\xc3\x28/\x80', 'w').close()
os.symlink(CANARIES.encode(), b'odd/\xfflink')
for folder in range(50):
    os.mkdir(f'many{folder}')
    at = os.open(f'many{folder}', os.O_RDONLY)
    for number in range(1000):
        os.mknod(f'{number}', dir_fd=at)
    os.close(at)
"#;

const LINKS: &str = r#"
tmp = own_tmp()
for folder in ('.', tmp):
    for name in ('inner', 'secret', ''):
        os.symlink(f'{CANARIES}/{name}', f'{folder}/link-{name}')
    os.mkdir(f'{folder}/folder'); os.symlink('../../../../canaries', f'{folder}/folder/up')
    os.symlink(os.path.dirname(CANARIES), f'{folder}/data')
def instead(path):
    path = os.path.abspath(path)
    os.rename(path, path + '.before')
    os.symlink(CANARIES, path)
# Where the folder around is one's own, that is one's own affair.
for path in ('.', tmp):
    try:
        instead(path)
    except OSError as error:
        print('held:', error)
"#;

async fn left(mode: Mode, program: &str, outputs: &[&str]) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("left");
    let canaries = arena.canaries().display().to_string();
    let job = leaving(python(program, &[("CANARIES", &canaries)]), outputs);
    let (id, operation) = arena.submit(&project, JobParameters { ..job }).await;
    let Some(ended) = arena.end_of(&id, &operation, PATIENCE).await else {
        return Some("the job does not end".into());
    };
    let got = ended.got();
    let told = outputs.len() != arena.outputs(&ended).len() + ended.complaints().len();
    got.or(told.then(|| "an output is lost without a word".to_owned()))
        .or(gone(&arena, &id).await)
        .or(arena.harm())
        .or(arena.lives().await)
}

/// Whether the run's folder has gone, without a restart.
async fn gone(arena: &Arena, id: &str) -> Got {
    let run = arena.run_dir(id);
    let begun = Instant::now();
    while run.exists() {
        if begun.elapsed() > PATIENCE / 4 {
            return Some("the run's folder is still there".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    None
}

/// Learns where another job works, and exchanges what it finds there for links, until it is told to end.
const SIBLING: &str = r#"
disk = os.environ['DS_PROJECT_HOME']
wait_for(f'{disk}/where')
work = open(f'{disk}/where').read()
pairs = [(f'{work}/folder{i}/at'.encode(), f'{work}/folder{i}/link'.encode()) for i in range(300)]
open(f'{disk}/ready', 'w').close()
while not os.path.exists(f'{disk}/end'):
    for one, other in pairs:
        libc.renameat2(-100, one, -100, other, 2)
"#;

const FOLDERS: &str = r#"
disk = os.environ['DS_PROJECT_HOME']
os.umask(0)
for i in range(300):
    os.makedirs(f'folder{i}/at')
    for name in ('secret', 'file', 'progress'):
        open(f'folder{i}/at/{name}', 'w').close()
    os.symlink(f'{CANARIES}/inner' if i % 2 else CANARIES, f'folder{i}/link')
with open(f'{disk}/where.new', 'w') as file:
    file.write(os.getcwd())
os.rename(f'{disk}/where.new', f'{disk}/where')
wait_for(f'{disk}/ready')
"#;

async fn exchanged(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("exchanged");
    let canaries = arena.canaries().display().to_string();
    let on_disk = |program: &str| JobParameters {
        attach_project_disk: true,
        ..python(program, &[("CANARIES", &canaries)])
    };
    let (sibling, operation) = arena.submit(&project, on_disk(SIBLING)).await;
    let (id, ending) = arena.submit(&project, on_disk(FOLDERS)).await;
    arena.end_of(&id, &ending, PATIENCE).await.expect("its end").got();
    let stays = gone(&arena, &id).await;
    std::fs::write(arena.data.join("disks").join(&project).join("end"), "").unwrap();
    arena
        .end_of(&sibling, &operation, PATIENCE)
        .await
        .expect("the end of the sibling");
    arena.harm().or(stays)
}

const CLOSE: &str = r#"
for path in (own_tmp(), os.environ['DS_PROJECT_HOME'], '.'):
    os.chmod(path, 0)
"#;

async fn next(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("next");
    let on_disk = |program: &str| JobParameters {
        attach_project_disk: true,
        ..python(program, &[])
    };
    arena.run(&project, on_disk(CLOSE)).await.got();
    let next = arena
        .run(
            &project,
            on_disk("open(os.environ['DS_PROJECT_HOME'] + '/new', 'w').close()"),
        )
        .await;
    next.got();
    None
}

#[tokio::test]
async fn nothing_stays_behind_and_nothing_else_goes() {
    hold("leftovers").await;
}
