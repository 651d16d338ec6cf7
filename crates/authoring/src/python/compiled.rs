//! Modules that are no text: compiled ones, and wheels.

use super::files::base_of;

/// The path by which a compiled module is imported: `a/_x` of `a/_x.cpython-311-x86_64-linux-gnu.so`.
pub(super) fn stem(path: &str) -> Option<&str> {
    let base = base_of(path);
    let is_compiled = [".so", ".pyd", ".pyc"].iter().any(|ending| base.ends_with(ending));
    // What Python keeps of sources is not looked for.
    let is_kept = path.starts_with("__pycache__/") || path.contains("/__pycache__/");
    let name = base.split('.').next().unwrap_or_default();
    // A shared library of another kind is no module.
    let is_library = base.contains(".so.") || name.is_empty() || name.contains('-');
    (is_compiled && !is_kept && !is_library).then(|| &path[..path.len() - base.len() + name.len()])
}

/// The name of the package that a wheel holds.
pub(super) fn wheel(path: &str) -> Option<&str> {
    let name = base_of(path).strip_suffix(".whl")?.split('-').next()?;
    (!name.is_empty()).then_some(name)
}

/// Whether a compiled module, or a wheel, says that it is for another system than Linux, or for another Python than
/// 3.`minor`.
pub(super) fn is_of_other_machine(path: &str, minor: u8) -> bool {
    let base = base_of(path).to_ascii_lowercase();
    let is_other_python = |start: &str| {
        let digits = base.split_once(start).map(|(_, rest)| rest);
        let digits = digits.map(|rest| {
            rest.split(|letter: char| !letter.is_ascii_digit())
                .next()
                .unwrap_or_default()
        });
        let said = digits.and_then(|digits| digits.strip_prefix('3')?.parse::<u8>().ok());
        said.is_some_and(|said| said != minor)
    };
    if wheel(path).is_some() {
        let is_any = base.ends_with("-any.whl") || base.contains("linux");
        let is_stable = base.contains("abi3") || base.contains("-py3-") || base.contains("py2.py3");
        return !is_any || !is_stable && is_other_python("-cp");
    }
    base.ends_with(".pyd") || base.contains("darwin") || is_other_python(".cpython-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_compiled_modules() {
        for (path, expected) in [
            ("a/_x.cpython-311-x86_64-linux-gnu.so", Some("a/_x")),
            ("_x.abi3.so", Some("_x")),
            ("x.so", Some("x")),
            ("x.cp311-win_amd64.pyd", Some("x")),
            ("old.pyc", Some("old")),
            ("a/__pycache__/b.cpython-311.pyc", None),
            ("libz.so.1", None),
            ("x.py", None),
        ] {
            assert_eq!(stem(path), expected, "{path}");
        }
    }

    #[test]
    fn what_runs_elsewhere_is_told() {
        for (path, expected) in [
            ("_x.cpython-311-x86_64-linux-gnu.so", false),
            ("_x.cpython-39-x86_64-linux-gnu.so", true),
            ("_x.cpython-311-darwin.so", true),
            ("_x.pyd", true),
            ("_x.abi3.so", false),
            ("a/tool-1.0-py3-none-any.whl", false),
            ("tool-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", false),
            ("tool-1.0-cp39-abi3-manylinux1_x86_64.whl", false),
            ("tool-1.0-cp39-cp39-manylinux1_x86_64.whl", true),
            ("tool-1.0-cp311-cp311-win_amd64.whl", true),
        ] {
            assert_eq!(is_of_other_machine(path, 11), expected, "{path}");
        }
        assert_eq!(wheel("w/my_tool-1.0-py3-none-any.whl"), Some("my_tool"));
    }
}
