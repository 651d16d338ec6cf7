//! Small projects as people have them.

mod anything;
mod declared;
mod dropped;
mod launches;
mod local_modules;
mod requirements;
mod unseen;

use super::*;

fn program(cmd: &str, root_paths: &[&str], files: &[(&str, &str)]) -> Program {
    Program {
        cmd: cmd.into(),
        root_paths: root_paths.iter().map(|path| (*path).into()).collect(),
        minor: 11,
        files: files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).into(),
                text: (*text).into(),
            })
            .collect(),
        ..Program::default()
    }
}

fn needs(cmd: &str, files: &[(&str, &str)]) -> Needs {
    read(&program(cmd, &[], files))
}

/// `a.py <main.py:1`
fn local(needs: &Needs) -> Vec<String> {
    let by = |at: &Option<Place>| {
        at.as_ref()
            .map_or("the command".into(), |at| format!("{}:{}", at.path, at.line))
    };
    let local = needs.local_modules.iter();
    local
        .map(|module| format!("{} <{}", module.path, by(&module.imported_by)))
        .collect()
}

/// With `?` when optional.
fn packages(needs: &Needs) -> Vec<String> {
    let mark = |optional| if optional { "?" } else { "" };
    let packages = needs.requirements.iter();
    packages
        .map(|need| format!("{}{}", need.package, mark(need.optional)))
        .collect()
}

/// Those that are installed without the person's word.
fn sure(needs: &Needs) -> Vec<&str> {
    let sure = needs.requirements.iter().filter(|need| need.is_sure());
    sure.map(|need| need.package.as_str()).collect()
}

fn problems(needs: &Needs) -> Vec<String> {
    needs.problems.iter().map(ToString::to_string).collect()
}
