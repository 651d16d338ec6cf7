//! Projects of any size and shape.

use proptest::prelude::*;

use super::*;

#[test]
fn circles_end_and_thousands_of_files_are_no_matter() {
    let names = (0..3_000).map(|index| format!("m{index}"));
    let mut files: Vec<(String, String)> = names
        .enumerate()
        .map(|(index, name)| (format!("{name}.py"), format!("import m{}, main\n", (index + 1) % 3_000)))
        .collect();
    files.push(("main.py".into(), "import m0\n".into()));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(needs("python main.py", &files).local_modules.len(), 3_000);
}

#[test]
fn the_answer_crosses_to_a_worker() {
    let found = needs("python main.py", &[("main.py", "import torch, .\nfrom . import x\n")]);
    assert!(!found.problems.is_empty());
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Needs>(&text).unwrap(), found);
}

fn any_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "main", "__init__", "__main__", "numpy", "os"])
}

fn any_path() -> impl Strategy<Value = String> {
    prop::collection::vec(any_name(), 1..4).prop_map(|parts| format!("{}.py", parts.join("/")))
}

fn any_text() -> impl Strategy<Value = String> {
    let line = (0..3_usize, prop::collection::vec(any_name(), 0..3), any_name());
    let line = line.prop_map(|(level, parts, taken)| {
        let module = format!("{}{}", ".".repeat(level), parts.join("."));
        match (level, parts.is_empty()) {
            (0, true) => format!("try:\n    import {taken}\nexcept ImportError: pass\n"),
            (0, false) if taken == "a" => format!("import {module}\n"),
            _ => format!("from {module} import {taken}\n"),
        }
    });
    prop::collection::vec(line, 0..5).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn any_project_is_read(
        cmd in any::<String>(),
        root in any::<String>(),
        minor in any::<u8>(),
        files in prop::collection::vec((any::<String>(), any::<String>()), 0..4),
    ) {
        let mut files: Vec<Source> = files.into_iter().map(|(path, text)| Source { path, text }).collect();
        files.push(Source { path: root.clone(), text: cmd.clone() });
        read(&Program { cmd: format!("python {cmd}"), root_paths: vec![root], minor, files, ..Program::default() });
    }

    #[test]
    fn the_order_of_files_does_not_matter(
        cmd in prop::sample::select(vec!["python main.py", "python -m a", "python -m a.b", "cd a; python b.py", "x"]),
        files in prop::collection::btree_map(any_path(), any_text(), 0..12),
        turn in 0..12_usize,
    ) {
        let mut sources: Vec<Source> = files.into_iter().map(|(path, text)| Source { path, text }).collect();
        let mut program = Program {
            cmd: cmd.into(),
            root_paths: vec!["b/main.py".into()],
            minor: 12,
            files: sources.clone(),
            ..Program::default()
        };
        let found = read(&program);
        let turn = turn.min(sources.len());
        sources.rotate_left(turn);
        sources.reverse();
        program.files = sources;
        prop_assert_eq!(read(&program), found.clone());
        for module in &found.local_modules {
            prop_assert_ne!(Some(&module.path), found.main.as_ref());
        }
    }
}
