//! Lays out a run directory: inputs in place, the command with its variables put in, the environment.

use std::{
    collections::BTreeMap,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jobsphere::{
    api::{
        jobs::{self, FileCompressionType, FileDesc},
        path::RelativePath,
        sha256::Sha256,
    },
    job::command::{self, Value},
    service::Task,
};

use super::{
    Inner, archive, datasets,
    environment::{Setting, python_env},
    leftovers::JOB_ID,
    mounts, note,
    run_dir::{Limits, RunDir, Spec},
};
use crate::sandbox::{self, Mount, PASSABLE, Sandbox};

/// Inputs carry no mode bits; `cmd: ./run.sh` must work.
const EXECUTABLE: u32 = 0o755;
const GIB: u64 = 1 << 30;
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Prepares `dir` from the beginning; what an earlier try left is removed.
pub(super) fn prepare(inner: &Inner, task: &Task, dir: &RunDir, setting: &Setting) -> anyhow::Result<()> {
    for folder in [dir.work(), dir.sheltered(), dir.tmp(), dir.modules()] {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
    }
    let parameters = &task.parameters;
    for input in &parameters.input_files {
        let path = input.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        place_input(inner, task, dir, input).with_context(|| format!("input `{path}`"))?;
    }
    for module in local_modules(task) {
        let var = module.desc.as_ref().map(|desc| desc.var.as_str()).unwrap_or_default();
        place_module(inner, task, dir, module).with_context(|| format!("local module `{var}`"))?;
    }
    for output in &parameters.output_files {
        if let Some(parent) = place(dir, output)?.parent() {
            fs::create_dir_all(parent)?;
        }
    }
    let user = inner.around.user_of(task.project_id.as_str());
    let mut mounted = mounts::mount(inner, task, user)?;
    mounted.mounts.extend(around(dir, setting));
    datasets::reserve(task, dir, user, &mut mounted)?;
    let mut values = values(task, dir)?;
    values.extend(mounted.values);
    let mut env = variables(inner, task, dir, setting);
    env.extend(mounted.env);
    let spec = Spec {
        cmd: command::substitute(&parameters.cmd, &values),
        env,
        work_dir: dir.work(),
        log_dir: inner.logs.dir(&task.job_id),
        sandbox: inner.around.sandbox,
        container: setting.container.clone(),
        user,
        tmp_dir: dir.tmp(),
        hidden: vec![inner.around.data_dir.clone()],
        shown: vec![dir.work(), dir.sheltered(), dir.progress()],
        mounts: mounted.mounts,
        limits: limits(inner, task),
    };
    File::create(dir.progress())?;
    if let Some(user) = spec.user {
        hand_over(dir, user)?;
    }
    dir.write_spec(&spec)?;
    let count = parameters.input_files.len();
    note(
        inner,
        &task.job_id,
        &format!("The working directory is ready; inputs: {count}"),
    )?;
    Ok(())
}

/// Where a file of the job lies.
pub(super) fn place(dir: &RunDir, desc: &FileDesc) -> anyhow::Result<PathBuf> {
    Ok(match RelativePath::parse(&desc.path) {
        Ok(path) => dir.work().join(path.as_str()),
        Err(_) => dir.sheltered().join(RelativePath::sheltered(&desc.path)?.as_str()),
    })
}

fn place_input(inner: &Inner, task: &Task, dir: &RunDir, input: &jobs::File) -> anyhow::Result<()> {
    let desc = input.desc.as_ref().context("it has no path")?;
    let target = place(dir, desc)?;
    let parent = target.parent().context("it has no folder")?;
    fs::create_dir_all(parent)?;
    let sha256 = Sha256::parse(&input.sha256)?;
    let blob = inner.blobs.path(&task.project_id, sha256);
    if input.compression_type() == FileCompressionType::Zip {
        // The archive's entries begin with the folder's own name.
        inner.blobs.copy_checked(&task.project_id, sha256, &mut io::sink())?;
        archive::unpack(&blob, parent)?;
        make_executable(&target)
    } else {
        inner
            .blobs
            .copy_checked(&task.project_id, sha256, &mut File::create(&target)?)?;
        Ok(fs::set_permissions(&target, Permissions::from_mode(EXECUTABLE))?)
    }
}

/// Those of the instance type, and the size of the working storage.
fn limits(inner: &Inner, task: &Task) -> Limits {
    let chosen = task
        .instance_type
        .as_deref()
        .and_then(|name| inner.config.instance_type(name));
    let storage = task.parameters.extended_working_storage.as_ref();
    let asked_bytes = storage.and_then(|storage| u64::try_from(storage.size_gb).ok()?.checked_mul(GIB));
    Limits {
        memory_bytes: chosen
            .and_then(|chosen| chosen.memory_gb)
            .map(|gb| (gb * GIB as f64) as u64),
        time_s: chosen.and_then(|chosen| chosen.time_limit_s),
        work_bytes: asked_bytes.filter(|bytes| *bytes > 0),
    }
}

/// What the command sees beside its own folders, and must not change.
fn around(dir: &RunDir, setting: &Setting) -> Vec<Mount> {
    let modules = dir.modules();
    let seen = setting.readable.iter().chain([&modules]).filter(|path| path.exists());
    seen.cloned().map(Mount::in_place).collect()
}

/// Gives the command's folders to its user; the run directory itself stays the server's.
fn hand_over(dir: &RunDir, user: u32) -> anyhow::Result<()> {
    fs::set_permissions(dir.path(), Permissions::from_mode(PASSABLE))?;
    for place in [dir.work(), dir.sheltered(), dir.tmp(), dir.progress()] {
        sandbox::hand_over(&place, user)?;
    }
    Ok(())
}

fn local_modules(task: &Task) -> &[jobs::File] {
    python_env(task).map_or(&[], |python| &python.local_modules)
}

/// Clients send a module as an archive, and its path is their own temporary file's; one that is sent as it is keeps
/// its name.
fn place_module(inner: &Inner, task: &Task, dir: &RunDir, module: &jobs::File) -> anyhow::Result<()> {
    let blob = inner.blobs.path(&task.project_id, Sha256::parse(&module.sha256)?);
    if module.compression_type() == FileCompressionType::Zip {
        return archive::unpack(&blob, &dir.modules());
    }
    let path = module.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
    let name = Path::new(path).file_name().context("it has no name")?;
    fs::copy(&blob, dir.modules().join(name))?;
    Ok(())
}

fn make_executable(folder: &Path) -> anyhow::Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if !entry.file_type().is_symlink() {
            fs::set_permissions(entry.path(), Permissions::from_mode(EXECUTABLE))?;
        }
    }
    Ok(())
}

/// What stands behind each variable of the command.
fn values(task: &Task, dir: &RunDir) -> anyhow::Result<BTreeMap<String, Value>> {
    let parameters = &task.parameters;
    let inputs = parameters.input_files.iter().filter_map(|file| file.desc.as_ref());
    let mut values = BTreeMap::new();
    for desc in inputs
        .chain(&parameters.output_files)
        .filter(|desc| !desc.var.is_empty())
    {
        let path = match RelativePath::parse(&desc.path) {
            Ok(path) => path.to_string(),
            Err(_) => place(dir, desc)?.display().to_string(),
        };
        values.insert(desc.var.clone(), Value::Path(path));
    }
    for argument in &parameters.arguments {
        values.insert(argument.name.clone(), Value::Text(argument.value.clone()));
    }
    Ok(values)
}

/// The whole environment of the command.
fn variables(inner: &Inner, task: &Task, dir: &RunDir, setting: &Setting) -> BTreeMap<String, String> {
    let text = |path: PathBuf| path.display().to_string();
    let mut env = BTreeMap::from([
        (
            "PATH".to_owned(),
            std::env::var("PATH").unwrap_or_else(|_| DEFAULT_PATH.into()),
        ),
        ("LANG".to_owned(), "C.UTF-8".to_owned()),
        ("HOME".to_owned(), text(dir.work())),
        (
            "TMPDIR".to_owned(),
            match inner.around.sandbox {
                _ if setting.container.is_some() => "/tmp".into(),
                Sandbox::Bubblewrap => "/tmp".into(),
                _ => text(dir.tmp()),
            },
        ),
    ]);
    if let Some(asked) = &task.parameters.env {
        env.extend(asked.vars.clone());
    }
    env.extend(setting.vars.clone());
    let asks_for_path = || {
        task.parameters
            .env
            .as_ref()
            .is_some_and(|env| env.vars.contains_key("PATH"))
    };
    if setting.container.is_some() && !asks_for_path() {
        // The image's own.
        env.remove("PATH");
    }
    if let Some(bin) = &setting.bin {
        put_first(&mut env, "PATH", bin);
    }
    if !local_modules(task).is_empty() {
        put_first(&mut env, "PYTHONPATH", &dir.modules());
    }
    env.insert(JOB_ID.into(), task.job_id.to_string());
    env.insert("JOB_PROGRESS_FILENAME".into(), text(dir.progress()));
    env
}

fn put_first(env: &mut BTreeMap<String, String>, name: &str, folder: &Path) {
    let folder = folder.display();
    let list = match env.get(name).filter(|list| !list.is_empty()) {
        Some(rest) => format!("{folder}:{rest}"),
        None => folder.to_string(),
    };
    env.insert(name.to_owned(), list);
}
