//! From a module's name to the name of the package that has it.

mod known;
mod names;
mod namespaces;

use known::KNOWN;
use names::NAMES;
use namespaces::NAMESPACES;

/// Names that many packages put their modules under, in packages called after both: `google.cloud.x` is of
/// `google-cloud-x`.
const SHARED: [&str; 9] = [
    "azure",
    "backports",
    "google",
    "google.cloud",
    "jaraco",
    "opentelemetry",
    "opentelemetry.instrumentation",
    "sphinxcontrib",
    "zope",
];

/// Modules of the tables that people call their own ones so: which is meant is theirs to say.
const COMMON: [&str; 16] = [
    "apiclient",
    "barcode",
    "can",
    "community",
    "consul",
    "environ",
    "git",
    "magic",
    "model_utils",
    "past",
    "singer",
    "slack",
    "storages",
    "surprise",
    "tree",
    "usb",
];

/// A package, as far as it can be told from a module's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Package<'a> {
    pub name: String,
    /// The part of the module's name by which it was told.
    pub module: &'a str,
    pub guessed: bool,
}

/// The package of a module, or of a name in a module.
pub(super) fn of(module: &str) -> Package<'_> {
    let top = prefixes(module).last().unwrap_or(module);
    if let Some((module, name)) = prefixes(module).find_map(|prefix| Some((prefix, named(prefix)?))) {
        return Package {
            name: name.to_owned(),
            guessed: COMMON.contains(&module),
            module,
        };
    }
    // The longest name just under a shared one.
    let under = |prefix: &str| {
        prefix
            .rsplit_once('.')
            .is_some_and(|(outer, _)| SHARED.contains(&outer))
    };
    if let Some(module) = prefixes(module).find(|prefix| under(prefix)) {
        return Package {
            name: module.replace(['.', '_'], "-"),
            module,
            guessed: true,
        };
    }
    Package {
        name: top.to_owned(),
        module: top,
        guessed: KNOWN.binary_search(&top).is_err(),
    }
}

/// Package names that are equal for pip are equal in this form.
pub fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    for letter in name.chars() {
        if !matches!(letter, '-' | '_' | '.') {
            canonical.extend(letter.to_lowercase());
        } else if !canonical.ends_with('-') {
            canonical.push('-');
        }
    }
    canonical
}

fn named(module: &str) -> Option<&'static str> {
    let table: &[(&str, &'static str)] = if module.contains('.') { &NAMESPACES } else { &NAMES };
    let index = table.binary_search_by_key(&module, |(module, _)| module).ok()?;
    Some(table[index].1)
}

/// `a.b.c`, `a.b`, `a`.
fn prefixes(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |longer| {
        longer.rsplit_once('.').map(|(shorter, _)| shorter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_without_doubles() {
        let rising = |names: &[&str]| names.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(rising(&KNOWN));
        assert!(rising(&NAMES.map(|(module, _)| module)));
        assert!(rising(&NAMESPACES.map(|(module, _)| module)));
    }

    #[test]
    fn tables_say_what_the_name_does_not() {
        assert!(NAMES.len() >= 150);
        for (module, package) in NAMES {
            assert!(!module.contains('.'), "{module}");
            assert_ne!(canonical(module), canonical(package), "{module}");
            assert!(KNOWN.binary_search(&module).is_err(), "{module}");
        }
        assert!(NAMESPACES.iter().all(|(module, _)| module.contains('.')));
    }

    #[test]
    fn the_longest_name_that_is_known_decides() {
        for (module, package, by, guessed) in [
            ("cv2", "opencv-python", "cv2", false),
            ("PIL.Image", "pillow", "PIL", false),
            (
                "sklearn.model_selection.train_test_split",
                "scikit-learn",
                "sklearn",
                false,
            ),
            ("google.protobuf.message", "protobuf", "google.protobuf", false),
            (
                "google.cloud.storage",
                "google-cloud-storage",
                "google.cloud.storage",
                false,
            ),
            (
                "google.cloud.new_one.x",
                "google-cloud-new-one",
                "google.cloud.new_one",
                true,
            ),
            ("google.new", "google-new", "google.new", true),
            ("ruamel.yaml.main", "ruamel.yaml", "ruamel.yaml", false),
            ("mpl_toolkits.mplot3d", "matplotlib", "mpl_toolkits", false),
            ("numpy.linalg", "numpy", "numpy", false),
            ("my_thing.x", "my_thing", "my_thing", true),
        ] {
            let expected = Package {
                name: package.to_owned(),
                module: by,
                guessed,
            };
            assert_eq!(of(module), expected, "{module}");
        }
    }

    #[test]
    fn pip_takes_some_names_for_one() {
        assert_eq!(canonical("Ruamel.Yaml"), canonical("ruamel-_yaml"));
    }
}
