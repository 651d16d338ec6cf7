//! What a command leaves is collected with no more rights than the command has, whatever it turns into meanwhile.

use std::{
    io::{Cursor, Read},
    time::Duration,
};

use futures::FutureExt;
use jobsphere_api::jobs::{ExecuteProjectJobMetadata, JobParameters};

use super::{
    Attack, EVERYWHERE, Got, SANDBOXED, USERS_ALONE,
    arena::{Arena, Ended, Mode, PATIENCE, leaving, python},
    hold,
};
use crate::process::{desc, file};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a sibling exchanges an output for a link while it is collected, and gets the server's file",
        row: USERS_ALONE,
        // Seen as root with own users: 2 and 4 of 300 tries brought it in two runs.
        run: |mode| exchanged(mode, Exchange::Link).boxed_local(),
    },
    Attack {
        what: "a sibling exchanges an output for a pipe while it is collected, and keeps the server waiting",
        row: USERS_ALONE,
        // Seen as root with own users, each time.
        run: |mode| exchanged(mode, Exchange::Pipe).boxed_local(),
    },
    Attack {
        what: "an output that is a link, or lies behind one, brings the server's file",
        row: SANDBOXED,
        // Seen in no sandbox.
        run: |mode| linked(mode).boxed_local(),
    },
    Attack {
        what: "an output that is a link tells whether something is there, or where it leads to",
        row: SANDBOXED,
        // Seen with bubblewrap as root and as an ordinary user, and with own users.
        run: |mode| told(mode).boxed_local(),
    },
    Attack {
        what: "an output that is missing behind a link lists the server's folder",
        row: SANDBOXED,
        // Seen with bubblewrap as root and as an ordinary user, and with own users.
        run: |mode| listed(mode).boxed_local(),
    },
    Attack {
        what: "an output that is a pipe, a socket or a device is read, or waited for",
        row: EVERYWHERE,
        // Not seen: refused before.
        run: |mode| special(mode).boxed_local(),
    },
    Attack {
        what: "an output that is another name of the server's file brings it",
        row: SANDBOXED,
        // Not seen where the kernel protects hard links, nor from inside bubblewrap.
        run: |mode| hard(mode).boxed_local(),
    },
    Attack {
        what: "links in an output folder bring the server's files",
        row: SANDBOXED,
        // Not seen: left out before, when nobody changes them meanwhile.
        run: |mode| linked_inside(mode).boxed_local(),
    },
    Attack {
        what: "a job changes a stored file through its input",
        row: EVERYWHERE,
        // Not seen: inputs are copies. It would be seen with hard links.
        run: |mode| input(mode).boxed_local(),
    },
    Attack {
        what: "the file of a job's progress is exchanged for the server's, or for a pipe",
        row: SANDBOXED,
        // Not seen: the folder around it is the server's.
        run: |mode| progress(mode).boxed_local(),
    },
];

/// What an output becomes while it is looked at.
#[derive(Clone, Copy, PartialEq)]
enum Exchange {
    Link,
    Pipe,
}

/// Of each kind of output in one job; each changes in one or two places.
const EACH: usize = 25;
const PLACES: usize = 4;
const JOBS: usize = 3;

/// Exchanges what it is told, as fast as it can, until it is told to end.
const SIBLING: &str = r#"
DISK = os.environ['DS_PROJECT_HOME']
def exchange(one, other):
    # renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE)
    libc.renameat2(-100, one, -100, other, 2)
open(f'{DISK}/ready', 'w').close()
while not os.path.exists(f'{DISK}/end'):
    pairs = []
    for name in os.listdir(DISK):
        if name.startswith('victim'):
            pairs += [[path.encode() for path in pair] for pair in json.load(open(f'{DISK}/{name}'))]
    for _ in range(20):
        for one, other in pairs:
            exchange(one, other)
"#;

/// Makes outputs, and beside each what it is exchanged for: a whole output, or something within.
const VICTIM: &str = r#"
DISK = os.environ['DS_PROJECT_HOME']
os.umask(0)
pairs = []
def write(path):
    with open(path, 'w') as file:
        file.write(f'own {path}' * 100)
def folder(path):
    os.mkdir(path)
    for name in ('secret', 'file'):
        write(f'{path}/{name}')
def instead(path, is_folder):
    other = '.' + path.replace('/', '.')
    if LINK:
        os.symlink(f'{CANARIES}/inner' if is_folder else f'{CANARIES}/secret', other)
    elif is_folder:
        os.mkdir(other)
        os.mkfifo(f'{other}/secret')
    else:
        os.mkfifo(other)
    pairs.append((os.path.abspath(path), os.path.abspath(other)))
for i in range(EACH):
    write(f'file{i}'); instead(f'file{i}', False)
    folder(f'folder{i}'); instead(f'folder{i}', True)
    os.mkdir(f'tree{i}')
    for name in range(20):
        write(f'tree{i}/a{name}')
    folder(f'tree{i}/y'); instead(f'tree{i}/y', True)
    write(f'tree{i}/z'); instead(f'tree{i}/z', False)
with open(f'{DISK}/{NAME}', 'w') as file:
    json.dump(pairs, file)
wait_for(f'{DISK}/ready')
os.rename(f'{DISK}/{NAME}', f'{DISK}/victim-{NAME}')
"#;

fn on_disk(parameters: JobParameters) -> JobParameters {
    JobParameters {
        attach_project_disk: true,
        ..parameters
    }
}

async fn exchanged(mode: Mode, exchange: Exchange) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("exchange");
    let (sibling, operation) = arena.submit(&project, on_disk(python(SIBLING, &[]))).await;
    let canaries = arena.canaries().display().to_string();
    let disk = arena.data.join("disks").join(&project);
    let outputs: Vec<String> = (0..EACH)
        .flat_map(|i| [format!("file{i}"), format!("folder{i}"), format!("tree{i}")])
        .collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let mut got = Vec::new();
    for number in 0..JOBS {
        let is_link = if exchange == Exchange::Link { "yes" } else { "" };
        let name = number.to_string();
        let victim = python(
            &format!("EACH = {EACH}{VICTIM}"),
            &[("CANARIES", &canaries), ("LINK", &is_link), ("NAME", &name)],
        );
        let victim = leaving(on_disk(victim), &outputs);
        let Some(ended) = arena.run_within(&project, victim, Duration::from_secs(20)).await else {
            return Some("the job does not end: its outputs are waited for".into());
        };
        assert!(
            ended.out.contains("TRIED"),
            "{} {}",
            ended.out,
            ended.job.status_details
        );
        std::fs::remove_file(disk.join(format!("victim-{name}"))).unwrap();
        got.extend(spilt(&arena, &ended));
    }
    std::fs::write(disk.join("end"), "").unwrap();
    arena
        .end_of(&sibling, &operation, PATIENCE)
        .await
        .expect("the end of the sibling");
    let (count, tries) = (got.len(), JOBS * EACH * PLACES);
    got.first()
        .map(|first| format!("{count} of {tries}: {first}"))
        .or(arena.harm())
}

/// The outputs and complaints in which the canary's word is.
fn spilt(arena: &Arena, ended: &Ended) -> Vec<String> {
    let mut found = Vec::new();
    for (path, content) in arena.outputs(ended) {
        let mut contents = vec![content.clone()];
        if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(content)) {
            for index in 0..archive.len() {
                let mut entry = archive.by_index(index).unwrap();
                let mut content = entry.name().as_bytes().to_vec();
                entry.read_to_end(&mut content).unwrap();
                contents.push(content);
            }
        }
        if contents.iter().any(|content| arena.spilt(content)) {
            found.push(format!("`{path}` holds the server's file"));
        }
    }
    let complaints = ended.complaints();
    let said = complaints.iter().filter(|(_, text)| arena.spilt(text.as_bytes()));
    found.extend(said.map(|(path, text)| format!("of `{path}` is said: {text}")));
    found
}

const LINKED: &str = r#"
os.symlink(f'{CANARIES}/secret', 'file')
os.symlink(f'{CANARIES}/inner', 'folder')
os.symlink(CANARIES, 'through')
os.symlink(f'../../../canaries/secret', 'beside')
os.symlink('/proc/self/root' + CANARIES + '/secret', 'magic')
os.symlink('step', 'steps'); os.symlink(f'{CANARIES}', 'step')
os.mkdir('a'); os.symlink('../../../..', 'a/up')
"#;

async fn linked(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("links");
    let outputs = [
        "file",
        "folder",
        "through/secret",
        "through/inner/file",
        "beside",
        "magic",
        "steps/secret",
        "a/up/canaries/secret",
        "a/up/secret.key",
        "a/up/jobsphere.sqlite",
    ];
    // What leads to an output must not be made before.
    let job = python(LINKED, &[("CANARIES", &arena.canaries().display().to_string())]);
    let cmd = format!("rm -rf through steps a\n{}", job.cmd);
    let ended = arena
        .run(&project, leaving(JobParameters { cmd, ..job }, &outputs))
        .await;
    let key = std::fs::read(arena.data.join("secret.key")).unwrap();
    let outputs = arena.outputs(&ended);
    let has_key = outputs
        .iter()
        .any(|(path, content)| *content == key || path.ends_with("sqlite"));
    let got = spilt(&arena, &ended);
    let got = got
        .first()
        .cloned()
        .or(has_key.then(|| "the server's key or database".to_owned()));
    ended.got().or(got).or(arena.harm())
}

const TOLD: &str = r#"
for name in ('secret', 'nothing', 'inner', 'alias'):
    os.symlink(f'{CANARIES}/{name}', name)
"#;

async fn told(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("told");
    let canaries = arena.canaries().display().to_string();
    let outputs = ["secret", "nothing", "inner", "alias"];
    let ended = arena
        .run(&project, leaving(python(TOLD, &[("CANARIES", &canaries)]), &outputs))
        .await;
    let got = spilt(&arena, &ended).into_iter().next();
    // What is there is spoken of as what is not.
    let mut said: Vec<String> = ended
        .complaints()
        .into_iter()
        .map(|(path, text)| {
            text.replace(&format!("{canaries}/{path}"), "WHERE")
                .replace(&path, "NAME")
        })
        .collect();
    said.dedup();
    let differs = (said.len() > 1).then(|| format!("what is there is told from what is not: {said:#?}"));
    ended.got().or(got).or(differs)
}

const LISTED: &str = "
os.symlink(CANARIES, 'through')
os.mkdir('here'); os.symlink(f'{CANARIES}/inner', 'here/inner')
";

async fn listed(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("listed");
    let job = python(LISTED, &[("CANARIES", &arena.canaries().display().to_string())]);
    let cmd = format!("rm -rf through here\n{}", job.cmd);
    let outputs = ["through/secre", "through/inne", "through/inner/fil", "here/inner/fille"];
    let ended = arena
        .run(&project, leaving(JobParameters { cmd, ..job }, &outputs))
        .await;
    let complaints = ended.complaints();
    let names = ["`secret`", "`inner`", "`file`", "secret", "inner/file"];
    let said = complaints.iter().find(|(path, text)| {
        let rest = text.replace(path, "");
        names.iter().any(|name| rest.contains(name))
    });
    ended
        .got()
        .or(said.map(|(path, text)| format!("of `{path}` is said: {text}")))
}

const SPECIAL: &str = r#"
os.mkfifo('pipe')
listener = socket.socket(socket.AF_UNIX)
listener.bind('socket'); listener.listen()
os.mkdir('out'); os.mkfifo('out/pipe'); os.symlink('../pipe', 'out/link')
if os.getuid() != 0:
    os.symlink('/dev/zero', 'out/zero'); os.symlink('/dev/zero', 'zero')
os.symlink('pipe', 'link'); os.symlink('/dev/stdin', 'stdin')
os.symlink('/proc/self/fd/0', 'magic')
try:
    os.mknod('device', 0o666 | stat.S_IFCHR, os.makedev(1, 5))
except OSError:
    os.mkfifo('device')
with open('fine', 'w') as file:
    file.write('fine')
"#;

async fn special(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("special");
    let outputs = [
        "pipe", "socket", "zero", "link", "stdin", "magic", "device", "out", "fine",
    ];
    let job = leaving(python(SPECIAL, &[]), &outputs);
    let Some(ended) = arena.run_within(&project, job, Duration::from_secs(20)).await else {
        return Some("the job does not end".into());
    };
    let came: Vec<String> = arena.outputs(&ended).into_iter().map(|(path, _)| path).collect();
    let more = (came != ["out", "fine"]).then(|| format!("these came: {came:?}"));
    ended.got().or(more)
}

const HARD: &str = r#"
for name in ('secret', 'inner/file'):
    path = f'{CANARIES}/{name}'
    for to in ('file', 'out/file'):
        os.makedirs('out', exist_ok=True)
        try:
            os.link(path, to)
        except OSError as error:
            print('held:', error)
"#;

async fn hard(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("hard");
    let job = python(HARD, &[("CANARIES", &arena.canaries().display().to_string())]);
    let ended = arena.run(&project, leaving(job, &["file", "out"])).await;
    let got = spilt(&arena, &ended).into_iter().next();
    ended.got().or(got).or(arena.harm())
}

const LINKED_INSIDE: &str = r#"
os.mkdir('out'); os.mkdir('out/deep')
os.symlink(f'{CANARIES}/inner/file', 'out/file')
os.symlink('../../../../secret.key', 'out/key')
os.symlink('../../../../../secret.key', 'out/deep/key')
os.symlink(f'{CANARIES}/secret', 'out/secret')
os.symlink(f'{CANARIES}', 'out/folder')
os.symlink(f'/proc/self/cwd/../../../canaries/secret', 'out/magic')
"#;

async fn linked_inside(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("inside");
    let job = python(LINKED_INSIDE, &[("CANARIES", &arena.canaries().display().to_string())]);
    let ended = arena.run(&project, leaving(job, &["out"])).await;
    let got = spilt(&arena, &ended).into_iter().next();
    let mut files = Vec::new();
    for (_, content) in arena.outputs(&ended) {
        let archive = zip::ZipArchive::new(Cursor::new(content)).unwrap();
        files.extend(
            archive
                .file_names()
                .filter(|name| !name.ends_with('/'))
                .map(str::to_owned),
        );
    }
    let more = (!files.is_empty()).then(|| format!("the archive holds {files:?}"));
    ended.got().or(got).or(more)
}

const INPUT: &str = r#"
def change():
    os.chmod('given', 0o777)
    with open('given', 'r+') as file:
        file.write('changed')
    with open('given', 'a') as file:
        file.write('changed')
change()
if os.stat('given').st_nlink > 1:
    got('another name of it')
"#;

async fn input(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("input");
    let content = format!("original {}", arena.project("content"));
    let given = desc("given", "");
    let mut job = python(INPUT, &[]);
    job.input_files = vec![file(&given, content.as_bytes())];
    let (id, operation) = arena.submit_with(&project, job, &[content.as_bytes()]).await;
    let ended = arena.end_of(&id, &operation, PATIENCE).await.expect("its end");
    // As the next job gets it.
    let mut again = super::arena::command("cat given");
    again.input_files = vec![file(&given, content.as_bytes())];
    let (id, operation) = arena.submit_with(&project, again, &[content.as_bytes()]).await;
    let next = arena.end_of(&id, &operation, PATIENCE).await.expect("its end");
    ended
        .got()
        .or((next.out != content).then(|| format!("the next job gets {}", next.out)))
}

const PROGRESS: &str = r#"
path = os.environ['JOB_PROGRESS_FILENAME']
folder = os.path.dirname(path)
def link():
    os.unlink(path)
    os.symlink(f'{CANARIES}/progress', path)
def over():
    os.symlink(f'{CANARIES}/progress', f'{folder}/mine')
    os.rename(f'{folder}/mine', path)
def pipe():
    os.unlink(path)
    os.mkfifo(path)
attempt('a link', link)
attempt('a link over it', over)
if PIPE == 'yes':
    attempt('a pipe', pipe)
"#;

async fn progress(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let canaries = arena.canaries().display().to_string();
    for pipe in ["no", "yes"] {
        let project = arena.project("progress");
        let job = python(PROGRESS, &[("CANARIES", &canaries), ("PIPE", &pipe)]);
        let Some(ended) = arena.run_within(&project, job, Duration::from_secs(20)).await else {
            return Some("the job does not end".into());
        };
        let metadata = ended.operation.metadata.as_ref().unwrap();
        let metadata: ExecuteProjectJobMetadata = jobsphere_api::any::unpack(metadata).unwrap();
        let said = format!("{:?} {} {}", metadata.progress, ended.system, ended.job.status_details);
        if arena.spilt(said.as_bytes()) {
            return Some(format!("the server's file is told: {said}"));
        }
        if let Some(got) = ended.got() {
            return Some(got);
        }
    }
    arena.lives().await.or(arena.harm())
}

#[tokio::test]
async fn outputs_are_no_way_to_the_servers_files() {
    hold("collection").await;
}
