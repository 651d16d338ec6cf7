//! The environment variables of a command.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::Task;

use super::{
    Inner,
    environment::Setting,
    leftovers::JOB_ID,
    note,
    places::{Folder, Places},
    prepare::local_modules,
    programs,
    progress::FILENAME,
};
use crate::sandbox::{AroundPath, User, is_root, shell};

/// Where programs of the environment that all jobs share find the job's own one.
const VENV: &str = "JOBSPHERE_VENV";
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// Where pip puts programs for a user who cannot change the machine's Python.
const USERS_PROGRAMS: &str = ".local/bin";

/// The folders that stand before and behind what else is on the `PATH`; `last` is the one of the server's programs.
pub(super) fn around_path(places: &Places, last: PathBuf) -> AroundPath {
    AroundPath {
        first: places.folder(Folder::Work).target.join(USERS_PROGRAMS),
        last,
    }
}

/// Says in the system log which variables that the job sets are the server's to set.
///
/// # Errors
/// When the log cannot be written.
pub(super) fn note_reserved(inner: &Inner, task: &Task) -> std::io::Result<()> {
    let asked = task.parameters.env.iter().flat_map(|env| env.vars.keys());
    for name in asked.filter(|name| [JOB_ID, FILENAME].contains(&name.as_str())) {
        let name = name.as_str().into();
        note(inner, &task.job_id, &ServiceLine::VariableReserved { name })?;
    }
    Ok(())
}

/// The whole environment of the command.
pub(super) fn of_command(
    inner: &Inner,
    task: &Task,
    places: &Places,
    setting: &Setting,
    around_path: &AroundPath,
) -> BTreeMap<String, String> {
    let seen = |folder: Folder| places.folder(folder).target.display().to_string();
    let (path, user) = (own("PATH", DEFAULT_PATH), user_name(inner, task));
    let mut env: BTreeMap<String, String> = [
        ("PATH", path),
        ("LANG", "C.UTF-8".to_owned()),
        // That there is a newer pip is no news of the job's.
        ("PIP_DISABLE_PIP_VERSION_CHECK", "1".to_owned()),
        ("HOME", seen(Folder::Work)),
        ("TMPDIR", seen(Folder::Tmp)),
        ("USER", user.clone()),
        ("LOGNAME", user),
        ("BASH_ENV", programs::login(&around_path.last).display().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if inner.around.sandbox.keeps_apart() || setting.container.is_some() || !is_root() {
        // Debian's pip refuses to install what the machine's own Python could miss; a command cannot change that one.
        env.insert("PIP_BREAK_SYSTEM_PACKAGES".into(), "1".into());
    }
    if let Some(asked) = &task.parameters.env {
        env.extend(asked.vars.clone());
    }
    let asked = task.parameters.env.as_ref();
    if setting.container.is_some() && !asked.is_some_and(|env| env.vars.contains_key("PATH")) {
        // The image's own.
        env.remove("PATH");
    }
    if setting.container.is_none() {
        put_first(&mut env, "PATH", &around_path.first);
        put_last(&mut env, "PATH", &around_path.last);
    }
    if let Some(python) = &setting.python {
        let venv = places.folder(Folder::Venv).target;
        put_first(&mut env, "PATH", &python.bin);
        put_first(&mut env, "PATH", &venv.join("bin"));
        let named = |name: &str, folder: &Path| (name.to_owned(), folder.display().to_string());
        env.extend([VENV, "VIRTUAL_ENV"].map(|name| named(name, &venv)));
        env.extend(
            python
                .conda_prefix
                .as_deref()
                .map(|prefix| named("CONDA_PREFIX", prefix)),
        );
    }
    if !local_modules(task).is_empty() {
        put_last(&mut env, "PYTHONPATH", &places.folder(Folder::Work).target);
    }
    if let (Some(path), None) = (env.get("PATH").cloned(), &setting.container) {
        env.insert(shell::PATH_AT_FIRST.into(), path);
    }
    env.insert(JOB_ID.into(), task.job_id.to_string());
    let progress = places.progress().target.display().to_string();
    env.insert(FILENAME.into(), progress);
    env
}

/// What the command's user is called.
fn user_name(inner: &Inner, task: &Task) -> String {
    match inner.around.user_of_jobs(task.project_id.as_str()) {
        Some(_) => User::NAME.to_owned(),
        None => own("USER", User::NAME),
    }
}

/// A variable of the server itself.
fn own(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn put_first(env: &mut BTreeMap<String, String>, name: &str, folder: &Path) {
    let rest = env.remove(name);
    put(env, name, [Some(folder.display().to_string()), rest]);
}

fn put_last(env: &mut BTreeMap<String, String>, name: &str, folder: &Path) {
    let rest = env.remove(name);
    put(env, name, [rest, Some(folder.display().to_string())]);
}

/// A list of folders has no empty parts: they would mean the working directory.
fn put(env: &mut BTreeMap<String, String>, name: &str, parts: [Option<String>; 2]) {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    env.insert(name.to_owned(), parts.collect::<Vec<_>>().join(":"));
}
