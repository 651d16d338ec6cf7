//! A file's text, parsed: its imports with their lines, what else it does, and the first thing that is wrong in it.

use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use super::{
    import::{Import, imports},
    sights::{Sight, sights},
    value::Known,
};

/// Of what stands in a file, so much is shown.
const SHOWN_CHARS: usize = 80;

/// What a file says.
pub(super) struct Parsed {
    /// Its imports with their lines, from 1; also those of a file that does not parse, where they are seen.
    pub imports: Vec<(Import, usize)>,
    /// The first error: its line and the parser's sentence.
    pub error: Option<(usize, String)>,
    /// Whether a part is nested too deeply to be read.
    pub is_too_deep: bool,
    /// What else it does, with its line and the text there.
    pub sights: Vec<(Sight, usize, String)>,
}

/// Reads a file as Python 3.`minor` would; `known` is what is known where it begins.
pub(super) fn parse(text: &str, minor: u8, known: Known<'_>) -> Parsed {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::from((3, minor)));
    let parsed = parse_unchecked(text, options);
    let lines = Lines::new(text);
    let broken = parsed
        .errors()
        .iter()
        .map(|error| (error.location.start(), error.error.to_string()));
    let unsupported = parsed
        .unsupported_syntax_errors()
        .iter()
        .map(|error| (error.range.start(), error.to_string()));
    let error = broken
        .chain(unsupported)
        .min_by_key(|(start, _)| *start)
        .map(|(start, sentence)| (lines.at(start.to_usize()), sentence));
    let (found, is_too_deep, seen) = match parsed.syntax() {
        Mod::Module(module) => {
            let imports = imports(&module.body, minor);
            (imports.found, imports.is_too_deep, sights(&module.body, known))
        }
        Mod::Expression(_) => (Vec::new(), false, Vec::new()),
    };
    if is_too_deep {
        // To free a tree takes as much of the stack as it is deep.
        std::mem::forget(parsed);
    }
    let imports = found.into_iter().map(|import| {
        let line = lines.at(import.offset);
        (import, line)
    });
    let sights = seen.into_iter().map(|(sight, range)| {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        (sight, lines.at(start), shown(text.get(start..end).unwrap_or_default()))
    });
    Parsed {
        imports: imports.collect(),
        error,
        is_too_deep,
        sights: sights.collect(),
    }
}

/// A piece of a program on one line, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.split_whitespace().flat_map(|word| word.chars().chain([' '])) {
        if shown.chars().count() == SHOWN_CHARS {
            return shown + "…";
        }
        shown.push(if letter.is_control() { ' ' } else { letter });
    }
    shown.trim_end().to_owned()
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Self(ends.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str, minor: u8) -> Parsed {
        let known = Known {
            file: "a/b.py",
            folder: "",
            script_folder: "a",
            names: Default::default(),
        };
        super::parse(text, minor, known)
    }

    /// Module, line and marks: `?` optional, `!` only in a script.
    fn seen(text: &str) -> Vec<String> {
        let mark = |on: bool, sign: &'static str| if on { sign } else { "" };
        let parsed = parse(text, 11);
        let imports = parsed.imports.iter().map(|(import, line)| {
            let mut names = import.names.join(",");
            if !names.is_empty() {
                names.insert(0, ':');
            }
            let marks = [mark(import.optional, "?"), mark(import.in_script, "!")].concat();
            format!("{line} {}{names}{marks}", import.written())
        });
        imports.collect()
    }

    #[test]
    fn every_form_of_import_is_seen() {
        let text = "\
import a, b.c as d
from e.f import g, h as i
from . import j
from ..k import *
def x():
    import l
class Y:
    z = [__import__('m.n') for _ in f\"{importlib.import_module('o')}\"]
import_module('.p', package=__package__)
import_module('..q', 'r.s')
import_module(name='t')
import_module(u)
import_module('no-name'); __import__('')
match v:
    case 1:
        from w import(
            y)
";
        assert_eq!(
            seen(text),
            [
                "1 a",
                "1 b.c",
                "2 e.f:g,h",
                "3 .:j",
                "4 ..k",
                "6 l",
                "8 o",
                "8 m.n",
                "9 .p",
                "10 r.q",
                "11 t",
                "16 w:y"
            ]
        );
    }

    #[test]
    fn what_may_fail_is_optional() {
        let text = "\
try:
    import a
except ImportError:
    import b
else:
    import c
finally:
    import d
try:
    import e
except (KeyError, ModuleNotFoundError) as error:
    raise SystemExit('install e') from error
try:
    import f
except ValueError:
    import g
try:
    import h
except:
    print('no h'); sys.exit(1)
with contextlib.suppress(ImportError):
    import i
with open(x):
    import j
";
        assert_eq!(
            seen(text),
            [
                "2 a?", "4 b?", "6 c?", "8 d", "10 e", "14 f", "16 g", "18 h", "22 i?", "24 j"
            ]
        );
    }

    #[test]
    fn branches_that_are_never_run_are_left_out() {
        let text = "\
if TYPE_CHECKING:
    import a
else:
    import b
if sys.version_info >= (3, 11):
    import c
elif x:
    import d
else:
    import e
if x:
    import f
elif os.name == 'nt':
    import g
else:
    import h
if __name__ == '__main__':
    import i
";
        assert_eq!(seen(text), ["4 b", "6 c", "12 f", "16 h", "18 i!"]);
    }

    #[test]
    fn lines_end_as_python_ends_them() {
        assert_eq!(
            seen("\u{feff}import a\r\nimport b\rimport c\nimport d"),
            ["1 a", "2 b", "3 c", "4 d"]
        );
    }

    #[test]
    fn a_broken_file_shows_what_it_can() {
        let parsed = parse("import os\nprint 'x'\nimport sys\nexec 'y' in z\n", 11);
        assert_eq!(parsed.imports.len(), 2);
        assert_eq!(parsed.error.unwrap().0, 2);
        let (line, sentence) = parse("x = 1\nmatch x:\n    case 1: pass\n", 9).error.unwrap();
        assert!(line == 2 && sentence.contains("3.10"), "{sentence}");
        assert!(parse("match x:\n    case 1: pass\n", 10).error.is_none());
    }

    /// The stack of a worker in a browser is about this big.
    #[test]
    fn deep_texts_do_not_use_up_the_stack() {
        let texts = [
            format!("x = {}\nimport a", "1+".repeat(50_000) + "1"),
            format!("x{}\nimport a", ".y()".repeat(50_000)),
            format!("x = {}", "(".repeat(50_000)),
            format!("x = {}1", "not ".repeat(50_000)),
            format!("x = {}1", "lambda:".repeat(50_000)),
            "f'{".repeat(10_000),
            (0..1_000)
                .map(|depth| format!("{}if x:\n", " ".repeat(depth)))
                .collect(),
            format!("if x: pass\n{}import a", "elif x: import b\n".repeat(5_000)),
        ];
        let reading = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
            for text in texts {
                parse(&text, 12);
            }
        });
        reading.unwrap().join().unwrap();
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in any::<String>(), minor in any::<u8>()) {
            parse(&text, minor);
        }

        #[test]
        fn any_scraps_of_python_are_read(
            scraps in prop::collection::vec(
                prop::sample::select(vec![
                    "import ", "from ", "a", ".", "*", ",", " as ", "\n", "    ", "if ", ":", "try:", "except ",
                    "(", ")", "'", "\"\"\"", "f'{", "}", "\\", "\r", "\t", "=", "é", "\u{fffd}", "0", "async ", "[", "@", "%",
                ]),
                0..40,
            ),
        ) {
            let text = scraps.concat();
            let lines = text.split(['\n', '\r']).count();
            for (_, line) in parse(&text, 12).imports {
                prop_assert!((1..=lines).contains(&line));
            }
        }
    }
}
