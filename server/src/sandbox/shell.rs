//! The shell that runs commands: bash where the machine has it, else sh.
//!
//! People write for bash. And some smaller shells keep variables from programs whose names they themselves do not know,
//! such as `MY-SECRET`.

use std::{collections::BTreeSet, path::Path, sync::OnceLock};

use jobsphere_rules::variable;

use super::Spec;
use crate::secrets::{Secret, expose};

/// The variable that holds a command's `PATH`, for a login shell that would lose it.
pub(crate) const PATH_AT_FIRST: &str = "JOBSPHERE_PATH";

pub(super) const SH: &str = "/bin/sh";
pub(super) const BASH: &str = "/bin/bash";
/// Where every user of a machine finds bash.
const PLACES_OF_BASH: [&str; 3] = [BASH, "/usr/bin/bash", "/usr/local/bin/bash"];

/// The shell of this machine.
pub(crate) fn path() -> &'static str {
    static FOUND: OnceLock<&str> = OnceLock::new();
    FOUND.get_or_init(|| {
        let bash = PLACES_OF_BASH.into_iter().find(|path| Path::new(path).is_file());
        bash.unwrap_or(SH)
    })
}

/// Copies, then becomes what follows.
const COPY: &str = r#"/bin/cp -dR "$1/." "$2" || { echo "The environment cannot be put into $2" >&2; exit 126; }
shift 2
exec "$@""#;

/// The program that runs the command of `spec`, and its arguments.
pub(super) fn of(spec: &Spec) -> (&'static str, Vec<String>) {
    let command = ["-c", &spec.cmd].map(str::to_owned);
    let Some(copy) = &spec.copy else {
        return (path(), command.into());
    };
    let [from, to] = [&copy.from, &copy.to].map(|path| path.display().to_string());
    let first = [
        "-c".to_owned(),
        COPY.to_owned(),
        SH.to_owned(),
        from,
        to,
        path().to_owned(),
    ];
    (SH, first.into_iter().chain(command).collect())
}

/// Whether it is bash.
pub(crate) fn is_bash() -> bool {
    path() != SH
}

/// The variables of a command, by name, that smaller shells do not hand on.
pub(crate) fn names_for_bash<'a>(spec: &'a Spec, secrets: &'a [Secret]) -> BTreeSet<&'a str> {
    let names = spec.env.keys().map(String::as_str);
    let secrets = expose(secrets).map(|(name, _)| name);
    names
        .chain(secrets)
        .filter(|name| !variable::is_shell_name(name))
        .collect()
}

/// Whether no program takes a variable of this name for more than a word. Bash reads functions out of some others, such
/// as `BASH_FUNC_x%%`.
pub(crate) fn means_nothing(name: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    !variable::is_shell_name(name) && name.bytes().all(is_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_program_could_act_upon_are_told() {
        for name in ["MY-SECRET", "spark.master", "1A"] {
            assert!(means_nothing(name), "{name}");
        }
        for name in ["PATH", "LD_PRELOAD", "BASH_FUNC_exec%%", "BASH_FUNC_exec()", "\u{e4}-b"] {
            assert!(!means_nothing(name), "{name}");
        }
    }
}
