//! Which files a command names.

use crate::python::command::commands;

/// Paths that the command names, as they are seen from the job's folder: each word, what stands behind a `=` in it, and
/// what `python -m` means. A `cd` before them is followed. Which of them are files is for those to say who have the files.
pub fn named_files(cmd: &str) -> Vec<String> {
    let mut folder = Some(String::new());
    let mut named = Vec::new();
    for words in commands(cmd) {
        if words.first().is_some_and(|word| word == "cd") {
            folder = folder.and_then(|folder| tidy(&folder, words.get(1)?));
            continue;
        }
        let Some(folder) = &folder else { continue };
        let mut is_module = false;
        for word in &words {
            if is_module {
                let module = word.replace('.', "/");
                named.extend(tidy(folder, &format!("{module}.py")));
                named.extend(tidy(folder, &format!("{module}/__main__.py")));
            } else {
                named.extend(tidy(folder, word));
                named.extend(word.split_once('=').and_then(|(_, value)| tidy(folder, value)));
            }
            is_module = word == "-m";
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    named.retain(|path| seen.insert(path.clone()));
    named
}

/// A path below `folder` without `.` and `..`; `None` for what is no path in the job's folder.
fn tidy(folder: &str, word: &str) -> Option<String> {
    let word = word.trim_start_matches(['<', '>', '@']);
    if word.is_empty() || word.starts_with(['/', '-', '~']) || word.contains(['$', '*', '`', '\n']) {
        return None;
    }
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in word.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()?),
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_paths_of_the_jobs_folder() {
        let names = named_files;
        assert_eq!(
            names("python3 src/train.py --config=c/a.yaml -v"),
            ["python3", "src/train.py", "c/a.yaml"]
        );
        assert_eq!(
            names("cd src && python ./train.py ../d.csv"),
            ["src/python", "src/train.py", "d.csv"]
        );
        assert_eq!(names("cd ${X} && python a.py"), [""; 0]);
        assert_eq!(
            names("python -m pkg.train"),
            ["python", "pkg/train.py", "pkg/train/__main__.py"]
        );
        assert_eq!(names("cat /etc/x ${A} *.txt ~/y <'in put.txt'"), ["cat", "in put.txt"]);
    }
}
