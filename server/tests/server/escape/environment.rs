//! Packages run a stranger's code while an environment is built, and nothing beyond it is theirs.
//!
//! Builds are by a tool that the operator names: one that makes an environment quickly and then runs what a package brings, as
//! conda runs link scripts. One attack takes the long way, by pip from an index.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use futures::FutureExt;
use jobsphere_api::jobs::{Environment, JobParameters, PipOptions, PythonEnv};

use super::{
    Attack, Got, SANDBOXED,
    arena::{Arena, Ended, Mode, PRELUDE, python},
    hold,
};
use crate::package_index::{PackageIndex, zip};

const NO_PROCESS_NOR_USER: super::Row = [
    super::Fails,
    super::Fails,
    super::NoSuchCase,
    super::NotPromised,
    super::NotPromised,
];

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a build plants links where the server writes, and the server's file is overwritten",
        row: SANDBOXED,
        // Seen with own users, at `ready.json.new`; with bubblewrap the outcome is still to be looked at.
        run: |mode| planted(mode).boxed_local(),
    },
    Attack {
        what: "a source package that pip builds plants links where the server writes",
        row: SANDBOXED,
        // Seen with own users; with bubblewrap the outcome is still to be looked at.
        run: |mode| planted_by_pip(mode).boxed_local(),
    },
    Attack {
        what: "a build says what an environment needs, and its jobs see the data folder",
        row: NO_PROCESS_NOR_USER,
        // The outcome of this form is still to be looked at.
        run: |mode| forged_needs(mode).boxed_local(),
    },
    Attack {
        what: "two builds leave pipes where the server reads, and it answers nobody",
        row: SANDBOXED,
        // Seen with own users; with bubblewrap the outcome is still to be looked at.
        run: |mode| pipes(mode).boxed_local(),
    },
    Attack {
        what: "a build puts links in the place of what tools keep, and the next one gives away a foreign folder",
        row: SANDBOXED,
        // Seen with own users: the folder belonged to the project's user.
        run: |mode| replaced(mode).boxed_local(),
    },
    Attack {
        what: "a job changes the environment it runs in",
        row: SANDBOXED,
        // Still to be seen: as first written it ended before it had tried.
        run: |mode| changed(mode).boxed_local(),
    },
    Attack {
        what: "a job becomes who has built its environment, by a program with the setuid bit",
        row: SANDBOXED,
        // Still to be seen: as first written it ended before it had tried.
        run: |mode| setuid(mode).boxed_local(),
    },
    Attack {
        what: "a job of another project reads an environment",
        row: SANDBOXED,
        // Seen with own users.
        run: |mode| read_by_others(mode).boxed_local(),
    },
    Attack {
        what: "a build of another project reads or changes an environment, or what tools keep",
        row: SANDBOXED,
        // Seen with own users: reading.
        run: |mode| built_by_others(mode).boxed_local(),
    },
];

const TOOL: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo 2.0.0; exit; fi
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=$2 ;;
        --file) file=$2 ;;
    esac
    shift
done
/usr/bin/python3 -m venv --without-pip "$prefix" || exit
sed -n 's/^    //p' "$file" > "${TMPDIR:-/tmp}/link-script"
exec /usr/bin/python3 -I "${TMPDIR:-/tmp}/link-script"
"#;

/// What comes first in a stranger's program.
const PLACES: &str = r#"
prefix = os.environ['VIRTUAL_ENV']
key = os.path.dirname(prefix)
project = os.path.dirname(key)
tools = [os.path.dirname(os.environ['PIP_CACHE_DIR']), os.environ['UV_PYTHON_INSTALL_DIR']]
def with_each_start(program):
    "Runs the program whenever the environment's Python starts."
    folder, = glob.glob(f'{prefix}/lib/python3*/site-packages')
    with open(f'{folder}/stranger.py', 'w') as file:
        file.write(program)
    with open(f'{folder}/stranger.pth', 'w') as file:
        file.write('import stranger\n')
"#;

/// A server that builds with the tool.
async fn with_tool(mode: Mode) -> Arena {
    let mut arena = Arena::start(mode).await;
    let tools = arena.room().join("tools");
    fs::create_dir(&tools).unwrap();
    let tool = tools.join("micromamba");
    fs::write(&tool, TOOL).unwrap();
    for path in [&tools, &tool] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let config = format!("[environments]\nuv = \"/nowhere/uv\"\nconda = {:?}\n", tool.display());
    arena.again(Some(&config), |_, _| {}).await;
    arena
}

/// The job with an environment in whose build the program is run.
fn built(job: JobParameters, program: &str, names: &[(&str, &str)]) -> JobParameters {
    let names: String = names
        .iter()
        .map(|(name, text)| format!("{name} = {text:?}\n"))
        .collect();
    let program = format!("{PRELUDE}{names}{PLACES}{program}");
    let lines: String = program.lines().map(|line| format!("    {line}\n")).collect();
    with(
        job,
        PythonEnv {
            conda_yaml: format!("name: stranger\nvariables:\n  PROGRAM: |\n{lines}"),
            ..Default::default()
        },
    )
}

fn with(mut job: JobParameters, python: PythonEnv) -> JobParameters {
    job.env = Some(Environment {
        python_env: Some(python),
        ..Default::default()
    });
    job
}

/// Builds and runs; `None` when that does not end.
async fn build(arena: &mut Arena, project: &str, job: JobParameters) -> Option<Ended> {
    arena.run_within(project, job, Duration::from_secs(40)).await
}

const PLANT: &str = r#"
places = {key, project, os.path.dirname(project), os.path.dirname(os.path.dirname(project)), os.getcwd(), os.path.dirname(os.getcwd())}
for folder, folders, _ in os.walk(project):
    if len(places) < 200:
        places.update(f'{folder}/{name}' for name in folders)
names = ['ready.json.new', 'needs.txt.new', 'exit.json.new', 'cancel.json.new', 'started.json.new', 'environment.json.new',
         'spec.json.new', 'reserve', 'ready.json.tmp', '.ready.json', 'built.json.new', 'log', 'supervisor.log', 'lock']
count = 0
for place in places:
    for name in names:
        try:
            os.symlink(SECRET, f'{place}/{name}')
            count += 1
        except OSError:
            pass
print('PLANTED', count)
"#;

async fn planted(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let project = arena.project("plant");
    let secret = arena.secret().display().to_string();
    let job = built(python("", &[]), PLANT, &[("SECRET", &secret)]);
    let ended = build(&mut arena, &project, job).await.expect("its end");
    assert!(
        ended.system.contains("PLANTED"),
        "{} {}",
        ended.system,
        ended.job.status_details
    );
    arena.harm()
}

/// A way to build from source that needs no other package.
const BACKEND: &str = r#"
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    exec(open(os.path.join(os.path.dirname(__file__), 'stranger.py')).read(), {'__name__': 'stranger'})
    name = 'stranger-1.0-py3-none-any.whl'
    info = 'stranger-1.0.dist-info'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
        wheel.writestr(f'{info}/METADATA', 'Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n')
        wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
        wheel.writestr('later.py', LATER)
        wheel.writestr('later.pth', 'import later\n')
        wheel.writestr(f'{info}/RECORD', f'{info}/METADATA,,\n{info}/WHEEL,,\nlater.py,,\nlater.pth,,\n{info}/RECORD,,\n')
    return name
LATER = '''
import os
key = os.path.dirname(os.environ.get('VIRTUAL_ENV', '/nowhere/env'))
try:
    os.symlink(SECRET, f'{key}/ready.json.new')
except (OSError, NameError):
    pass
'''
"#;

async fn planted_by_pip(mode: Mode) -> Got {
    let mut arena = Arena::start_with(mode, "[environments]\nuv = \"/nowhere/uv\"\n", |_, _| {}).await;
    let project = arena.project("pip");
    let secret = arena.secret().display().to_string();
    let program = format!("{PRELUDE}SECRET = {secret:?}\n{PLACES}{PLANT}");
    let later = BACKEND.replace("symlink(SECRET", &format!("symlink({secret:?}"));
    let files = [
        (
            "pyproject.toml",
            "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n".to_owned(),
        ),
        (
            "PKG-INFO",
            "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n".to_owned(),
        ),
        ("backend.py", later),
        ("stranger.py", program),
    ];
    let files = files.map(|(name, text)| (format!("stranger-1.0/{name}"), text));
    let index = PackageIndex::with_file("stranger", "stranger-1.0.zip", zip(&files));
    let python_env = PythonEnv {
        requirements: vec!["stranger".into()],
        pip_options: Some(PipOptions {
            index_url: index.url.clone(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let ended = build(&mut arena, &project, with(python("", &[]), python_env))
        .await
        .expect("its end");
    let (took, details) = (index.times_asked("stranger"), &ended.job.status_details);
    assert!(took > 0 && ended.out.contains("TRIED"), "{} {details}", ended.system);
    arena.harm()
}

const FORGE: &str = r#"
with_each_start(f'print({DATA!r}); print({DATA!r} + "/blobs"); print("/"); print("/root"); print("/home")\n')
"#;

const SEE: &str = r#"
# Links of one's own are not followed, so that what is told is seen where it lies.
for name in ('secret.key', 'blobs', 'jobsphere.sqlite', 'canaries', 'canaries/secret', 'logs', 'config.toml'):
    attempt(name, lambda: os.lstat(f'{DATA}/{name}').st_size)
attempt('the key', lambda: read(f'{DATA}/secret.key'))
attempt('home', lambda: os.listdir('/root') or None)
attempt('homes', lambda: os.listdir('/home') or None)
"#;

async fn forged_needs(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let project = arena.project("forge");
    let data = arena.data.display().to_string();
    let job = built(python(SEE, &[("DATA", &data)]), FORGE, &[("DATA", &data)]);
    let first = build(&mut arena, &project, job.clone()).await.expect("its end");
    let next = build(&mut arena, &project, job).await.expect("its end");
    first.got().or(next.got())
}

/// When the Python of the environment is asked something, where its answer goes is a pipe.
const PIPES: &str = r#"
with_each_start('''
import os
for path in ('needs.txt', 'needs.json', '../exit.json.new', '../../ready.json', '../../ready.json.new'):
    if path == 'needs.txt' or not os.path.lexists(path):
        try:
            if os.path.lexists(path):
                os.unlink(path)
            os.mkfifo(path)
        except OSError:
            pass
''')
"#;

async fn pipes(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let mut jobs = Vec::new();
    for name in ["one", "two"] {
        let project = arena.project(name);
        jobs.push(arena.submit(&project, built(python("", &[]), PIPES, &[])).await);
    }
    let mut got = None;
    for (job, operation) in &jobs {
        if arena.end_of(job, operation, Duration::from_secs(20)).await.is_none() {
            got = Some("a job does not end".to_owned());
        }
    }
    got.or(arena.lives().await).or(arena.harm())
}

const REPLACE: &str = r#"
for path in tools + [f'{tool}/{name}' for tool in tools for name in ('pip', 'uv', 'conda', 'mamba')]:
    try:
        if os.path.isdir(path):
            os.rename(path, f'{path}.before')
        os.symlink(CANARIES, path)
        print('REPLACED', path)
    except OSError as error:
        print('held:', error)
"#;

async fn replaced(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let project = arena.project("replace");
    let canaries = arena.canaries().display().to_string();
    let first = built(python("", &[]), REPLACE, &[("CANARIES", &canaries)]);
    build(&mut arena, &project, first).await.expect("its end");
    build(&mut arena, &project, built(python("", &[]), "print('another')", &[]))
        .await
        .expect("its end");
    arena.harm()
}

const CHANGE: &str = r#"
prefix = os.environ['CONDA_PREFIX']
def write(path):
    with open(path, 'a') as file:
        file.write('changed')
    return path
site, = glob.glob(f'{prefix}/lib/python3*/site-packages')
for path in (f'{prefix}/new', f'{prefix}/pyvenv.cfg', f'{prefix}/bin/new', f'{site}/new.pth', f'{prefix}/../new', f'{prefix}/../ready.json'):
    attempt(path, lambda: write(path))
attempt('chmod', lambda: os.chmod(prefix, 0o777) or 'changed')
attempt('rename', lambda: os.rename(f'{prefix}/bin', f'{prefix}/nib') or 'renamed')
attempt('replace', lambda: os.rename(prefix, f'{prefix}.before') or 'renamed')
attempt('unlink', lambda: os.unlink(f'{prefix}/pyvenv.cfg') or 'removed')
"#;

async fn changed(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let project = arena.project("change");
    let ended = build(
        &mut arena,
        &project,
        built(
            python(CHANGE, &[]),
            "print('open'); os.system(f'chmod -R a+rwX {prefix}')",
            &[],
        ),
    )
    .await;
    ended.expect("its end").got()
}

const LEAVE_SETUID: &str = r#"
import shutil
for name, bits in (('setuid', 0o4755), ('setgid', 0o2755), ('both', 0o6755)):
    shutil.copy('/usr/bin/id', f'{prefix}/bin/{name}')
    os.chmod(f'{prefix}/bin/{name}', bits)
"#;

const USE_SETUID: &str = r#"
for name in ('setuid', 'setgid', 'both'):
    for option, own in (('-u', os.getuid()), ('-g', os.getgid())):
        def run():
            program = os.environ['CONDA_PREFIX'] + '/bin/' + name
            number = int(subprocess.run([program, option], capture_output=True, check=True).stdout)
            return None if number == own else f'{own} became {number}'
        attempt(name, run)
"#;

async fn setuid(mode: Mode) -> Got {
    let mut arena = with_tool(mode).await;
    let project = arena.project("setuid");
    let ended = build(&mut arena, &project, built(python(USE_SETUID, &[]), LEAVE_SETUID, &[])).await;
    ended.expect("its end").got()
}

/// The folder of the one environment there is.
fn environment(arena: &Arena) -> PathBuf {
    let found = walkdir::WalkDir::new(&arena.data).into_iter().flatten();
    let mut found = found.filter(|entry| entry.file_name() == "pyvenv.cfg");
    found
        .next()
        .expect("an environment")
        .path()
        .parent()
        .unwrap()
        .to_owned()
}

const READ: &str = r#"
paths = [ENV, os.path.dirname(ENV), os.path.dirname(os.path.dirname(ENV))]
for path in paths:
    attempt('list ' + path, lambda: os.listdir(path) or None)
for name in ('pyvenv.cfg', 'mine'):
    attempt(name, lambda: read(f'{ENV}/{name}'))
"#;

async fn built_for_another(mode: Mode) -> (Arena, String) {
    let mut arena = with_tool(mode).await;
    let project = arena.project("owner");
    let mine = "open(f'{prefix}/mine', 'w').write('mine')\nos.makedirs(os.environ['PIP_CACHE_DIR'], exist_ok=True)\n\
                open(os.environ['PIP_CACHE_DIR'] + '/mine', 'w').write('mine')";
    build(&mut arena, &project, built(python("", &[]), mine, &[]))
        .await
        .expect("its end")
        .got();
    let folder = environment(&arena).display().to_string();
    (arena, folder)
}

async fn read_by_others(mode: Mode) -> Got {
    let (mut arena, folder) = built_for_another(mode).await;
    let project = arena.project("other");
    arena.run(&project, python(READ, &[("ENV", &folder)])).await.got()
}

const READ_AND_CHANGE: &str = r#"
def write(path):
    with open(path, 'a') as file:
        file.write('changed')
    return path
places = [ENV, os.path.dirname(ENV)] + CACHES.split(':')
for place in places:
    attempt('list ' + place, lambda: os.listdir(place) or None)
    for name in ('pyvenv.cfg', 'mine', 'pip/mine'):
        attempt('read ' + name, lambda: read(f'{place}/{name}'))
        attempt('write ' + name, lambda: write(f'{place}/{name}'))
    attempt('new', lambda: write(f'{place}/new'))
print('TRIED')
"#;

async fn built_by_others(mode: Mode) -> Got {
    let (mut arena, folder) = built_for_another(mode).await;
    let project = arena.project("other");
    let owner = Path::new(&folder).parent().unwrap().parent().unwrap().to_owned();
    let caches = walkdir::WalkDir::new(&arena.data).into_iter().flatten();
    let mine = caches
        .filter(|entry| entry.path().ends_with("pip/mine"))
        .map(|entry| entry.into_path());
    let caches = mine.map(|mine| mine.ancestors().nth(2).unwrap().display().to_string());
    let caches: Vec<String> = caches.chain([owner.join("pythons").display().to_string()]).collect();
    let names = [("ENV", folder.as_str()), ("CACHES", &caches.join(":"))];
    let ended = build(&mut arena, &project, built(python("", &[]), READ_AND_CHANGE, &names))
        .await
        .expect("its end");
    assert!(
        ended.system.contains("TRIED"),
        "{} {}",
        ended.system,
        ended.job.status_details
    );
    let got: Vec<&str> = ended.system.lines().filter(|line| line.contains("GOT ")).collect();
    (!got.is_empty()).then(|| got.join("\n"))
}

#[tokio::test]
async fn what_packages_run_stays_within_their_environment() {
    assert!(
        Command::new("/usr/bin/python3")
            .args(["-c", "import venv, ensurepip"])
            .status()
            .is_ok_and(|status| status.success()),
        "this machine has no /usr/bin/python3 with venv (apt install python3-venv)"
    );
    hold("environment").await;
}
