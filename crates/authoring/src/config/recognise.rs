//! Which files are a job's configuration, whatever they are called.

use super::read::KEYS;
use crate::yaml::{self, Content};

/// A larger file is no configuration but data.
pub const MAX_CONFIG_BYTES: u64 = 1024 * 1024;

const CMD: &str = "cmd";

/// Whether a file of this name may be a configuration, so that it is worth reading.
pub fn may_be_config(path: &str) -> bool {
    let name = crate::folder::base_name(path).to_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Whether a file of this name is a configuration by its name alone, if it has a command.
pub fn is_usual_name(path: &str) -> bool {
    matches!(path.to_lowercase().as_str(), "config.yaml" | "config.yml")
}

/// Whether the text is a job's configuration: a mapping with a command, and beside it, unless the file is called as
/// configurations are, something else that a job says. A command that lies deeper is another program's.
///
/// A text that is no YAML is taken for one where its lines begin with these keys: what is wrong is then said by line.
pub fn is_config(text: &str, has_usual_name: bool) -> bool {
    if !text.contains(CMD) {
        return false;
    }
    let others = usize::from(!has_usual_name);
    match yaml::parse(text) {
        Ok(Some(root)) if matches!(root.content, Content::Map(_)) => {
            let has_command = root.get(CMD).and_then(|node| node.as_text()).is_some_and(is_written);
            has_command
                && KEYS
                    .iter()
                    .filter(|key| **key != CMD && root.get(key).is_some())
                    .count()
                    >= others
        }
        Ok(_) => false,
        Err(_) => {
            let begins = |key: &str| text.lines().any(|line| begins_with_key(line, key));
            begins(CMD) && KEYS.iter().filter(|key| **key != CMD && begins(key)).count() >= others
        }
    }
}

fn is_written(text: &str) -> bool {
    !text.trim().is_empty()
}

fn begins_with_key(line: &str, key: &str) -> bool {
    line.strip_prefix(key)
        .is_some_and(|rest| rest.trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_known_by_what_it_holds() {
        for (text, is_one) in [
            ("cmd: ls\noutputs: [a]\n", true),
            ("# a job\nname: x\ncmd: >\n  python train.py\n", true),
            ("{cmd: ls, inputs: []}", true),
            ("cmd: ls\n", false),
            ("trainer:\n  cmd: fit\n  name: x\nepochs: 2\n", false),
            ("cmd: ''\nname: x\n", false),
            ("cmd: [a]\nname: x\n", false),
            ("- cmd: ls\n  name: x\n", false),
            ("services:\n  web:\n    image: x\n", false),
            ("cmd: ls\nname: 'open\n", true),
            ("a: {\n  cmd: ls\n", false),
            ("", false),
            ("\0\0", false),
        ] {
            assert_eq!(is_config(text, false), is_one, "{text}");
        }
        assert!(is_config("cmd: ls\n", true));
        assert!(!is_config("trainer: {cmd: ls}\n", true));
    }

    #[test]
    fn names_say_what_is_worth_reading() {
        assert!(may_be_config("configs/jobs/smoke.YAML") && may_be_config("a.yml"));
        assert!(!may_be_config("a.json") && !may_be_config("yaml"));
        assert!(is_usual_name("Config.yaml") && !is_usual_name("my/config.yaml"));
    }
}
