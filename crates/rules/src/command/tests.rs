#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // The shells of this machine are asked.

use std::{fs, path::Path, process::Command};

use super::*;

const ODD: &str = "my data/it's \"$x\" `y` \\ (1)*}.txt";

fn values() -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("IN".into(), Value::Path(ODD.into())),
        ("plain-1".into(), Value::Path("a/б.txt".into())),
        ("ARGS".into(), Value::Text("--a 1 --b 2".into())),
        ("OPEN".into(), Value::Text("\"".into())),
    ])
}

fn shells() -> Vec<&'static str> {
    let mut shells = vec!["sh"];
    shells.extend(Path::new("/bin/bash").exists().then_some("bash"));
    shells
}

/// What the command prints in a folder that holds the file, for each shell.
fn printed(cmd: &str, only: Option<&str>) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("my data")).unwrap();
    fs::write(dir.path().join(ODD), "content\n").unwrap();
    let line = substitute(cmd, &values()).unwrap_or_else(|error| panic!("{cmd}: {error}"));
    let mut all = Vec::new();
    for shell in shells()
        .into_iter()
        .filter(|shell| only.is_none_or(|only| only == *shell))
    {
        let output = Command::new(shell)
            .arg("-c")
            .arg(&line)
            .current_dir(dir.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && errors.is_empty(),
            "{shell}: {cmd}\n{line}\n{errors}"
        );
        all.push((shell.to_owned(), String::from_utf8(output.stdout).unwrap()));
    }
    all
}

#[test]
fn a_name_half_typed_is_found() {
    for (before, start) in [
        ("a ${", Some(2)),
        ("a ${IN", Some(2)),
        ("${A} ${B", Some(5)),
        ("${A} b", None),
        ("", None),
    ] {
        assert_eq!(unfinished(before), start, "{before}");
    }
}

#[test]
fn an_option_that_begins_a_line_is_found() {
    for (cmd, found) in [
        ("python main.py\n  --data x", Some((2, "--data"))),
        ("a\n\n-x", Some((3, "-x"))),
        ("a \\\n  --data x", None),
        ("-x\nb - c\n-", None),
        ("", None),
    ] {
        assert_eq!(stray_option(cmd), found, "{cmd}");
    }
}

#[test]
fn plain_values_stand_as_they_are_and_unknown_names_stay() {
    assert_eq!(
        substitute("run ${plain-1} ${ARGS} ${HOME} ${X:-${plain-1}} $IN ${", &values()).unwrap(),
        "run a/б.txt --a 1 --b 2 ${HOME} ${X:-a/б.txt} $IN ${"
    );
}

/// Each line prints the path, or what the file holds.
#[test]
fn a_path_is_itself_wherever_it_stands() {
    let path = |text: &str| text.replace('@', ODD);
    for (cmd, expected) in [
        ("printf %s ${IN}", "@"),
        ("printf %s \"${IN}\"", "@"),
        ("printf %s '${IN}'", "@"),
        ("printf %s it\\'s-${IN} \"${IN}\".bak", "it's-@@.bak"),
        ("printf %s \\${IN} \"\\${IN}\" '\\${IN}'", "@@\\@"),
        ("cat ${IN}", "content\n"),
        ("cat < ${IN}", "content\n"),
        ("cat<${IN}", "content\n"),
        ("# this line doesn't do anything\ncat ${IN}", "content\n"),
        ("# ${IN}\necho a#${IN} # it's ${IN}", "a#@\n"),
        ("n=\"$(wc -l < \"${IN}\")\"; echo \"n=$n\"", "n=1\n"),
        ("printf %s \"$(printf %s \"$(printf %s ${IN})\")\"", "@"),
        ("printf %s \"`printf %s ${IN}`\"", "@"),
        ("printf %s \"`printf %s \"${IN}\"`\"", "@"),
        ("x=`cat ${IN}`; echo $x", "content\n"),
        ("x=`echo \\`cat ${IN}\\``; echo $x", "content\n"),
        ("x=${IN}; printf %s \"$x\"", "@"),
        ("for f in ${IN} b; do printf '[%s]' \"$f\"; done", "[@][b]"),
        (
            "cat <<EOF\nit's \"${IN}\" $((1+1))\nEOF\nprintf %s ${IN}",
            "it's \"@\" 2\n@",
        ),
        (
            "cat <<'EOF'\nit's \"${IN}\" $((1+1))\nEOF\nprintf %s ${IN}",
            "it's \"@\" $((1+1))\n@",
        ),
        ("cat <<-\\E | cat\n\t${IN} '\n\tE\nprintf %s ${IN}", "@ '\n@"),
        ("cat <<EOF\nfoo \\\nEOF\n${IN}\nEOF\n", "foo EOF\n@\n"),
        ("cat <<A - <<B\nA ${IN}\nA\n'${IN}\nB\n", "'@\n"),
        ("cat <<E\n$(cat ${IN}) `cat ${IN}` \\${IN}\nE", "content content @\n"),
        (
            "printf %s ${X:-${IN}} \"${X:-${IN}}\" \"${X:-a \"${IN}\" b}\"",
            "@@a @ b",
        ),
        ("cat <<E\n${X:-a ${IN}}\nE", "a @\n"),
        (
            "x=$(case a in a) cat ${IN} ;; (b) echo ')' ;; esac); echo \"$x\"; printf %s ${IN}",
            "content\n@",
        ),
        (
            "x=$(if true; then case b in a|b) echo it\\'s;; esac; fi); echo \"$x\"; cat ${IN}",
            "it's\ncontent\n",
        ),
        (
            "case ${IN} in my\\ data*) echo yes;; *) echo no;; esac; printf %s ${IN}",
            "yes\n@",
        ),
        ("case x in ${IN}) echo no;; esac; printf %s ${IN}", "@"),
        ("f() { cat \"$1\"; }; f ${IN}", "content\n"),
        ("echo $((1 + (2 << 1))) ${IN}", "5 @\n"),
        ("(cat ${IN}); { cat ${IN}; }", "content\ncontent\n"),
        ("echo $# ${IN} # it's", "0 @\n"),
        ("echo \"# it's\" ${IN}", "# it's @\n"),
        ("echo \"${OPEN}${IN}", "${IN}\n"),
        ("python3 -c \"print('''a''' + r'''b''')\" && cat ${IN}", "ab\ncontent\n"),
        ("if [ -f ${IN} ] && test -f \"${IN}\"\nthen echo there; fi", "there\n"),
        (
            "cat ${IN} | while read -r line; do echo \"$line\" ${IN}; done",
            "content @\n",
        ),
        ("echo one; # don't\n# don't\ncat ${IN}", "one\ncontent\n"),
        ("echo a\\\n ${IN}", "a @\n"),
        ("echo a \\\n# it's\necho ${IN}", "a\n@\n"),
        (
            "case in in in) echo in case esac;; esac; x=$(echo ')'); echo ${IN}",
            "in case esac\n@\n",
        ),
    ] {
        let expected = match cmd.contains("${OPEN}") {
            // The text opens a quote, which the one before it closes.
            true => path("@\n"),
            false => path(expected),
        };
        for (shell, printed) in printed(cmd, None) {
            assert_eq!(printed, expected, "{shell}: {cmd}");
        }
    }
}

/// What a shell reads once more is read here once more.
#[test]
fn a_path_is_itself_in_a_script_within_a_command() {
    for (cmd, expected) in [
        ("sh -c \"printf %s ${IN}\"", "@"),
        ("sh -c \"printf %s '${IN}'\"", "@"),
        ("sh -c 'printf %s ${IN}'", "@"),
        ("sh -c 'printf %s \"${IN}\"'", "@"),
        ("sh -c 'printf %s \\${IN}'", "@"),
        ("sh -c \"printf %s \\\"${IN}\\\"\"", "@"),
        ("sh -c \"cat \\${IN}\"", "content\n"),
        ("sh -c 'printf %s \"$1\"' - ${IN}", "@"),
        ("sh -c 'printf %s \"$0\"' \"${IN}\"", "@"),
        (
            "/bin/sh -ec \"cat < ${IN}; # it's ${IN}\nprintf %s ${IN}\"",
            "content\n@",
        ),
        ("env A=1 sh -e -c \"cat ${IN}\"; printf %s ${IN}", "content\n@"),
        ("sh -c \"printf %s \\\"\\$(printf %s ${IN})\\\"\"", "@"),
        ("sh -c \"printf '%s|' $(printf a) ${IN} \\$((1 + 1))\"", "a|@|2|"),
        ("sh -c printf\\ %s\\ ${IN}", "@"),
        ("eval \"printf %s ${IN}\"", "@"),
        ("X=1 eval \"printf %s ${IN}\"", "@"),
        ("command eval \"printf %s ${IN}\"", "@"),
        ("eval printf '[%s]' ${IN} \"'it'\" '${IN}'", "[@][it][@]"),
        ("eval \"printf %s \\\"${IN}\\\"\"", "@"),
        ("trap \"printf %s ${IN}\" EXIT; true", "@"),
        ("trap 'cat ${IN}' EXIT", "content\n"),
        (
            "sh <<E\nprintf '%s|' ${IN} \"${IN}\" '${IN}' \\$((1 + 1))\nE\nprintf %s ${IN}",
            "@|@|@|2|@",
        ),
        (
            "sh -s <<'E'\nprintf '%s|' ${IN} \"${IN}\" '${IN}' $((1 + 1))\nE\n",
            "@|@|@|2|",
        ),
        ("sh -c 'cat <<E\n${IN}\nE\n'", "@\n"),
        ("x=\"`sh -c 'cat ${IN}'`\"; printf %s \"$x\"", "content"),
        ("echo sh -c ${IN}", "sh -c @\n"),
        ("sh -o errexit -c \"cat ${IN}\"", "content\n"),
        // What follows a file of commands is given to them.
        ("echo 'printf %s \"$2\"' > s; sh s -c \"${IN}\"", "@"),
        (
            "printf '#!/bin/sh\nprintf %%s \"$2\"' > script; chmod +x script; ./script -c \"${IN}\"",
            "@",
        ),
        ("flock lock -c \"cat ${IN}\"", "content\n"),
        ("flock lock sh -c 'cat ${IN}'", "content\n"),
        ("flock lock printf '%s|' -c \"${IN}\"", "-c|@|"),
        ("script -qc \"cat ${IN}\" /dev/null | tr -d '\\r'", "content\n"),
        ("cat <<\"E\\OF\"\nit's ${IN}\nE\\OF\ncat ${IN}", "it's @\ncontent\n"),
        ("cat <<\"E\\\"F\"\nit's ${IN}\nE\"F\ncat ${IN}", "it's @\ncontent\n"),
        ("cat <<E\\'F\nit's ${IN}\nE'F\ncat ${IN}", "it's @\ncontent\n"),
        ("echo $(( $(wc -l < ${IN}) + 1 )) ${IN}", "2 @\n"),
    ] {
        for (shell, printed) in printed(cmd, None) {
            assert_eq!(printed, expected.replace('@', ODD), "{shell}: {cmd}");
        }
    }
}

#[test]
fn what_bash_adds_to_the_grammar_is_read_too() {
    if !shells().contains(&"bash") {
        return;
    }
    let path = |text: &str| text.replace('@', ODD);
    for (cmd, expected) in [
        ("printf %s $'it\\'s ${IN}'", "it's @"),
        ("cat <<< ${IN}; cat <<< \"it's ${IN}\"", "@\nit's @\n"),
        ("bash <<< \"cat ${IN}\"; bash <<< 'cat ${IN}'", "content\ncontent\n"),
        ("a=(x ${IN} case); printf %s \"${a[1]}\" ${#a[@]}", "@3"),
        ("[[ ${IN} == my* && -f ${IN} ]] && printf %s ${IN}", "@"),
        ("diff <(cat ${IN}) ${IN} && printf %s ${IN}", "@"),
        ("for ((i=1;i<1<<3;i++)); do :; done\ncat ${IN}", "content\n"),
        ("a[1<<2]=3\ncat ${IN}", "content\n"),
        ("((x = 1 << 2)); echo $x ${IN}", "4 @\n"),
        ("x=\"$(cat <<'E'\nit's ${IN}\nE\n)\"; printf %s \"$x\"", "it's @"),
        ("x=$((cat ${IN}); echo b); printf %s \"$x\"", "content\nb"),
        ("printf %s \"${x:-$(echo \"it's\" ${IN})}\"", "it's @"),
        ("f=my; printf %s \"${f/m/'n'}\" ${IN}", "ny@"),
    ] {
        for (_, printed) in printed(cmd, Some("bash")) {
            assert_eq!(printed, path(expected), "{cmd}");
        }
    }
}

#[test]
fn where_a_path_cannot_stand_is_said_with_its_line() {
    for (cmd, line) in [
        ("echo $((${IN} + 1))", 1),
        ("true\necho ${x#${IN}}", 2),
        ("a\nb\ncat <<${IN}\n", 3),
        ("echo $${IN}", 1),
        ("x=`echo \\\\${IN}`", 1),
        ("((${IN}))", 1),
        ("sh -c \"sh -c 'cat ${IN}'\"", 1),
        ("\nsh -c \"cat ${X:-${IN}}\"", 2),
    ] {
        let misplaced = substitute(cmd, &values()).unwrap_err();
        assert_eq!((misplaced.name.as_str(), misplaced.line), ("IN", line), "{cmd}");
        // One that means nothing to the shell may stand anywhere.
        substitute(&cmd.replace("IN", "plain-1"), &values()).unwrap();
    }
}

/// What comes is anybody's: neither the stack nor the time must be theirs.
#[test]
fn what_is_nested_without_an_end_is_refused_at_once() {
    for part in [
        "$(",
        "\"$(",
        "${a:-",
        "\"${a:-",
        "((",
        "$((",
        "(",
        "`\\`",
        "$(case a in ",
        "sh -c \"$(",
        "(('((('));",
        "$((1+",
        "${",
        "eval '",
        "<<E\n$(",
    ] {
        let cmd = format!("{}{}", part.repeat(100_000 / part.len()), "${IN}");
        let _ = substitute(&cmd, &values());
        let _ = substitute(&format!("{} ${{IN}}", cmd.replace("${IN}", "")), &values());
    }
    // Each of these would be read as often as others are open around it, with all that follows.
    let documents: String = (0..99).map(|level| format!("bash <<E{level}\n")).collect();
    for filler in ["x", "eval "] {
        let _ = substitute(
            &format!("{documents}${{IN}}\n{}", filler.repeat(100_000 / filler.len())),
            &values(),
        );
    }
    let deep = format!("cat ${{IN}}; echo {}1{}", "$((".repeat(26_000), "))".repeat(26_000));
    let _ = substitute(&deep, &values());
    // As deep as people go.
    let deep = format!("{}cat ${{IN}}{}", "$(echo \"".repeat(40), "\")".repeat(40));
    assert!(substitute(&deep, &values()).is_ok());
}

#[test]
fn whatever_is_typed_is_read_to_its_end() {
    let parts = [
        "\"", "'", "`", "$(", "${", "${IN}", ")", "}", "<<E\n", "\n", "E\n", "case ", " in ", "esac", "\\", "$", "((",
        "))", "#", " ", "eval ", "sh -c ", "[", "]", "a", ";", "$'", "<<<", "é",
    ];
    let mut state = 11_u64;
    for _ in 0..20_000 {
        let mut cmd = String::new();
        for _ in 0..12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            cmd.push_str(parts[(state >> 33) as usize % parts.len()]);
        }
        if let Ok(line) = substitute(&cmd, &values()) {
            assert!(line.len() + 8 >= cmd.len(), "{cmd}\n{line}");
        }
    }
}
