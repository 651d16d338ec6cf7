//! Folders that outlive a job are no way to what is not the job's.

use futures::FutureExt;
use jobsphere_api::jobs::{JobParameters, OutputDatasetDesc};

use super::{
    Attack, EVERYWHERE, Got, SANDBOXED, USERS_ALONE,
    arena::{Arena, Ended, Mode, PATIENCE, python, until},
    hold,
};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a dataset with links to the server's files gives them to the next job, or gives them away",
        row: SANDBOXED,
        // Not seen.
        run: |mode| linked(mode).boxed_local(),
    },
    Attack {
        what: "the folder of a dataset is exchanged for a link to the server's",
        row: SANDBOXED,
        // Not seen: the folder around it is the server's.
        run: |mode| replaced(mode).boxed_local(),
    },
    Attack {
        what: "a dataset changes after it was kept",
        row: USERS_ALONE,
        // Seen as root with own users: a sibling had its file open.
        run: |mode| changed(mode).boxed_local(),
    },
    Attack {
        what: "folders of a dataset that nobody may write or enter stay behind",
        row: EVERYWHERE,
        // Seen as an ordinary user, with bubblewrap and without.
        run: |mode| closed(mode).boxed_local(),
    },
    Attack {
        what: "the project's disk is exchanged for a link, and the next job is given the server's folder",
        row: SANDBOXED,
        // Not seen: the folder around it is the server's.
        run: |mode| disk(mode).boxed_local(),
    },
    Attack {
        what: "a job writes into a dataset that it may only read",
        row: SANDBOXED,
        // Not seen.
        run: |mode| written(mode).boxed_local(),
    },
];

fn making(job: JobParameters) -> JobParameters {
    let dataset = OutputDatasetDesc {
        name: "made".into(),
        size_gb: 1,
        var: "MADE".into(),
        ..Default::default()
    };
    JobParameters {
        output_datasets: vec![dataset],
        cmd: format!("MADE=${{MADE}}; export MADE\n{}", job.cmd),
        ..job
    }
}

fn reading(job: JobParameters, id: &str) -> JobParameters {
    JobParameters {
        dataset_ids: vec![id.to_owned()],
        cmd: format!("READ=${{{id}}}; export READ\n{}", job.cmd),
        ..job
    }
}

fn made(ended: &Ended) -> Option<String> {
    ended.job.output_datasets.first().map(|dataset| dataset.id.clone())
}

const LINK: &str = r#"
made = os.environ['MADE']
os.symlink(f'{CANARIES}/secret', f'{made}/secret')
os.symlink(CANARIES, f'{made}/folder')
os.symlink(f'{CANARIES}/inner', f'{made}/inner')
os.symlink('../../../canaries/secret', f'{made}/beside')
for name in ('secret', 'inner/file', '../secret.key', '../jobsphere.sqlite'):
    try:
        os.link(f'{CANARIES}/{name}', f'{made}/hard-' + os.path.basename(name))
    except OSError as error:
        print('held:', error)
"#;

const READ: &str = r#"
folder = os.environ['READ']
print(os.listdir(folder))
for name in os.listdir(folder):
    attempt(name, lambda: read(f'{folder}/{name}'))
    attempt(name, lambda: os.listdir(f'{folder}/{name}') or None)
"#;

async fn linked(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("linked");
    let canaries = arena.canaries().display().to_string();
    let first = arena
        .run(&project, making(python(LINK, &[("CANARIES", &canaries)])))
        .await;
    if let Some(id) = made(&first) {
        let next = arena.run(&project, reading(python(READ, &[]), &id)).await;
        if let Some(got) = next.got() {
            return Some(got);
        }
    }
    let complaints = format!("{:?}", first.complaints());
    let told = arena.spilt(complaints.as_bytes()).then_some(complaints);
    first.got().or(told).or(arena.harm())
}

const REPLACE: &str = r#"
made = os.environ['MADE']
# Within a name space the folder around may be the job's own, and leads nowhere.
for path in (made, os.path.dirname(made)):
    try:
        try:
            os.rmdir(path)
        except OSError:
            os.rename(path, f'{path}.before')
        os.symlink(CANARIES, path)
        print('replaced', path)
    except OSError as error:
        print('held:', error)
"#;

async fn replaced(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("replaced");
    let canaries = arena.canaries().display().to_string();
    let first = arena
        .run(&project, making(python(REPLACE, &[("CANARIES", &canaries)])))
        .await;
    let complaints = format!("{:?} {}", first.complaints(), first.system);
    let told = arena.spilt(complaints.as_bytes()).then_some(complaints);
    first.got().or(told).or(arena.harm())
}

/// Holds a file of the dataset open while it is kept, and writes later.
const HOLD: &str = r#"
disk = os.environ['DS_PROJECT_HOME']
wait_for(f'{disk}/where')
made = open(f'{disk}/where').read()
held = []
for folder, _, names in os.walk(made):
    held += [os.open(f'{folder}/{name}', os.O_RDWR) for name in names]
    held.append(os.open(folder, os.O_RDONLY))
open(f'{disk}/held', 'w').close()
wait_for(f'{disk}/kept')
for fd in held:
    attempts = [lambda: os.write(fd, b'changed'), lambda: os.fchmod(fd, 0o777), lambda: os.close(os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=fd))]
    for action in attempts:
        try:
            action()
        except OSError as error:
            print('held:', error)
"#;

const MAKE: &str = r#"
made, disk = os.environ['MADE'], os.environ['DS_PROJECT_HOME']
os.umask(0)
os.mkdir(f'{made}/deep')
for name in ('file', 'deep/file'):
    with open(f'{made}/{name}', 'w') as file:
        file.write('original')
with open(f'{disk}/where.new', 'w') as file:
    file.write(made)
os.rename(f'{disk}/where.new', f'{disk}/where')
wait_for(f'{disk}/held')
"#;

async fn changed(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("changed");
    let on_disk = |job: JobParameters| JobParameters {
        attach_project_disk: true,
        ..job
    };
    let (sibling, operation) = arena.submit(&project, on_disk(python(HOLD, &[]))).await;
    let first = arena.run(&project, on_disk(making(python(MAKE, &[])))).await;
    first.got();
    let id = made(&first).expect("a dataset");
    std::fs::write(arena.data.join("disks").join(&project).join("kept"), "").unwrap();
    arena
        .end_of(&sibling, &operation, PATIENCE)
        .await
        .expect("the end of the sibling")
        .got();
    let program = "
folder = os.environ['READ']
for name in ('file', 'deep/file'):
    if read(f'{folder}/{name}') != b'original':
        got(name, read(f'{folder}/{name}'))
if os.path.exists(f'{folder}/new') or os.path.exists(f'{folder}/deep/new'):
    got('something new')
";
    arena.run(&project, reading(python(program, &[]), &id)).await.got()
}

const CLOSE: &str = r#"
made = os.environ['MADE']
os.makedirs(f'{made}/readable/deep'); os.makedirs(f'{made}/closed/deep'); os.makedirs(f'{made}/listless')
for name in ('readable/deep/file', 'closed/deep/file', 'listless/file', 'unreadable'):
    open(f'{made}/{name}', 'w').write('mine')
os.symlink(CANARIES, f'{made}/closed/link')
if LARGE:
    with open(f'{made}/listless/large', 'w') as file:
        os.truncate(file.fileno(), 2 << 30)
for path, bits in (('readable/deep', 0o555), ('readable', 0o555), ('closed', 0), ('listless', 0o111), ('unreadable', 0)):
    os.chmod(f'{made}/{path}', bits)
os.chmod(made, 0o500)
"#;

async fn closed(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("closed");
    let canaries = arena.canaries().display().to_string();
    // The second is larger than it may be, and so is refused.
    for large in ["", "yes"] {
        let job = making(python(CLOSE, &[("CANARIES", &canaries), ("LARGE", &large)]));
        let (id, operation) = arena.submit(&project, job).await;
        let ended = arena.end_of(&id, &operation, PATIENCE).await.expect("its end");
        ended.got();
        let run = arena.run_dir(&id);
        let begun = std::time::Instant::now();
        while run.exists() {
            if begun.elapsed() > PATIENCE / 6 {
                return Some(format!("the run's folder stays: {}", ended.job.status_details));
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        if made(&ended).is_some() != ended.job.file_errors.is_empty() {
            return Some(format!("it is neither kept nor refused: {:?}", ended.job.file_errors));
        }
    }
    arena.harm()
}

const DISK: &str = r#"
disk = os.environ['DS_PROJECT_HOME']
for name in ('secret', 'inner', ''):
    os.symlink(f'{CANARIES}/{name}', f'{disk}/link-{name}')
for name in ('secret', '../secret.key'):
    try:
        os.link(f'{CANARIES}/{name}', f'{disk}/hard-' + os.path.basename(name))
    except OSError as error:
        print('held:', error)
def instead():
    os.rename(disk, f'{disk}.before')
    os.symlink(CANARIES, disk)
    return 'replaced'
attempt('the disk', instead)
def removed():
    os.rmdir(disk)
    return 'removed'
attempt('its removal', removed)
os.chmod(disk, 0)
"#;

const NEXT: &str = r#"
disk = os.environ['DS_PROJECT_HOME']
for name in os.listdir(disk):
    attempt(name, lambda: read(f'{disk}/{name}'))
    attempt(name, lambda: os.listdir(f'{disk}/{name}') or None)
"#;

async fn disk(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("disk");
    let canaries = arena.canaries().display().to_string();
    let on_disk = |program: &str| JobParameters {
        attach_project_disk: true,
        ..python(program, &[("CANARIES", &canaries)])
    };
    let first = arena.run(&project, on_disk(DISK)).await;
    let next = arena.run(&project, on_disk(NEXT)).await;
    first.got().or(next.got()).or(arena.harm())
}

const WRITE: &str = r#"
folder = os.environ['READ']
def write(path):
    with open(path, 'a') as file:
        file.write('changed')
    return path
for name in ('file', 'new', 'deep/file', 'deep/new'):
    attempt(name, lambda: write(f'{folder}/{name}'))
attempt('bits', lambda: os.chmod(f'{folder}/file', 0o777) or 'set')
attempt('folder', lambda: os.chmod(folder, 0o777) or 'set')
attempt('removal', lambda: os.unlink(f'{folder}/file') or 'removed')
attempt('away', lambda: os.rename(folder, f'{folder}.before') or 'moved')
"#;

async fn written(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("written");
    let make = "
made = os.environ['MADE']
os.mkdir(f'{made}/deep'); open(f'{made}/file', 'w').close(); open(f'{made}/deep/file', 'w').close()
os.system(f'chmod -R 777 {made}')
";
    let first = arena.run(&project, making(python(make, &[]))).await;
    first.got();
    let id = made(&first).expect("a dataset");
    let runs = arena.data.join("runs");
    until("the end of its folder", || runs.read_dir().unwrap().next().is_none()).await;
    arena.run(&project, reading(python(WRITE, &[]), &id)).await.got()
}

#[tokio::test]
async fn what_outlives_a_job_leads_nowhere() {
    hold("datasets").await;
}
