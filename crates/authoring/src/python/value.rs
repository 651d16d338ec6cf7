//! What an expression is before the program runs, where that is a text or a path in the job's folder.

use std::collections::HashMap;

use ruff_python_ast::{Expr, ExprCall, ExprFString, FStringPart, InterpolatedStringElement, Operator};

use super::files::{folder_of, join, tidy};

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text; as a path it is seen from where the command runs.
    Text(String),
    /// A path in the job's folder.
    Inside(String),
    /// `importlib.resources.files("package")`, and a path below it.
    Resource(String, String),
}

impl Value {
    fn is_short(&self) -> bool {
        let bytes = match self {
            Self::Text(text) | Self::Inside(text) => text.len(),
            Self::Resource(package, path) => package.len().max(path.len()),
        };
        bytes <= LONGEST_BYTES
    }
}

/// How far one expression is looked into.
const DEEPEST: usize = 60;
/// Longer texts are no paths; a program may double one again and again.
const LONGEST_BYTES: usize = 2000;

/// What is known while a file is read.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// The file.
    pub file: &'a str,
    /// Where the command runs.
    pub folder: &'a str,
    /// Where the script lies that the command runs.
    pub script_folder: &'a str,
    /// Names and what was assigned to them last.
    pub names: HashMap<String, Value>,
}

impl Known<'_> {
    /// What `expr` is; `None` when that is seen only while the program runs.
    pub(super) fn value(&self, expr: &Expr) -> Option<Value> {
        self.value_at(expr, 0).filter(Value::is_short)
    }

    /// The path in the job's folder that a value is.
    pub(super) fn path(&self, value: Value) -> Option<String> {
        match value {
            Value::Text(text) => tidy(&join(self.folder, &text)),
            Value::Inside(path) => Some(path),
            Value::Resource(..) => None,
        }
    }

    fn value_at(&self, expr: &Expr, depth: usize) -> Option<Value> {
        if depth == DEEPEST {
            return None;
        }
        let inner = |expr| self.value_at(expr, depth + 1);
        match expr {
            Expr::StringLiteral(text) => {
                let text = text.value.to_str();
                (text.len() <= LONGEST_BYTES).then(|| Value::Text(text.to_owned()))
            }
            Expr::FString(text) => self.formatted(text, depth),
            Expr::Name(name) => match name.id.as_str() {
                "__file__" => Some(Value::Inside(self.file.to_owned())),
                name => self.names.get(name).cloned(),
            },
            Expr::Attribute(member) => match member.attr.as_str() {
                "parent" => self.up(inner(&member.value)?),
                "curdir" => Some(Value::Text(".".into())),
                "pardir" => Some(Value::Text("..".into())),
                "sep" => Some(Value::Text("/".into())),
                _ => None,
            },
            Expr::Subscript(part) => {
                let Expr::Attribute(member) = &*part.value else {
                    return None;
                };
                let index = small_number(&part.slice)?;
                match member.attr.as_str() {
                    "parents" => (0..=index).try_fold(inner(&member.value)?, |path, _| self.up(path)),
                    "path" if is_name(&member.value, "sys") && index == 0 => {
                        Some(Value::Inside(self.script_folder.to_owned()))
                    }
                    _ => None,
                }
            }
            Expr::BinOp(both) => match both.op {
                Operator::Div => self.joined(inner(&both.left)?, inner(&both.right)?),
                Operator::Add => self.added(inner(&both.left)?, inner(&both.right)?),
                _ => None,
            },
            Expr::Call(call) => self.called(call, depth),
            _ => None,
        }
    }

    fn formatted(&self, text: &ExprFString, depth: usize) -> Option<Value> {
        let mut whole = Value::Text(String::new());
        for part in text.value.iter() {
            match part {
                FStringPart::Literal(literal) => whole = self.added(whole, Value::Text(literal.value.to_string()))?,
                FStringPart::FString(formatted) => {
                    for element in formatted.elements.iter() {
                        let value = match element {
                            InterpolatedStringElement::Literal(literal) => Value::Text(literal.value.to_string()),
                            InterpolatedStringElement::Interpolation(inner) => {
                                self.value_at(&inner.expression, depth + 1)?
                            }
                        };
                        whole = self.added(whole, value)?;
                    }
                }
            }
        }
        Some(whole)
    }

    fn called(&self, call: &ExprCall, depth: usize) -> Option<Value> {
        let arguments = &call.arguments.args;
        let argument = |at: usize| self.value_at(arguments.get(at)?, depth + 1);
        let rest = |from: usize, first: Value| {
            let rest = arguments.get(from..)?.iter();
            rest.map(|part| self.value_at(part, depth + 1))
                .try_fold(first, |path, part| self.joined(path, part?))
        };
        let (owner, name) = match &*call.func {
            Expr::Name(name) => (None, name.id.as_str()),
            Expr::Attribute(member) => (Some(&*member.value), member.attr.as_str()),
            _ => return None,
        };
        let of_owner = || self.value_at(owner?, depth + 1);
        match name {
            "dirname" => self.up(argument(0)?),
            "abspath" | "realpath" => argument(0).and_then(|value| self.path(value)).map(Value::Inside),
            "normpath" | "expanduser" | "expandvars" | "fspath" | "str" => argument(0),
            "join" if !matches!(owner, Some(Expr::StringLiteral(_))) => rest(1, argument(0)?),
            "Path" | "PurePath" | "PosixPath" | "PurePosixPath" => match arguments.is_empty() {
                true => Some(Value::Text(".".into())),
                false => rest(1, argument(0)?),
            },
            "getcwd" | "cwd" => Some(Value::Inside(self.folder.to_owned())),
            "getfile" | "getsourcefile" => Some(Value::Inside(self.file.to_owned())),
            "resolve" | "absolute" => self.path(of_owner()?).map(Value::Inside),
            "as_posix" => of_owner(),
            "joinpath" => rest(0, of_owner()?),
            "files" => match (arguments.first()?, argument(0)) {
                (_, Some(Value::Text(package))) => Some(Value::Resource(package, String::new())),
                (own, _) if is_name(own, "__package__") || is_name(own, "__name__") => {
                    Some(Value::Inside(folder_of(self.file).to_owned()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn up(&self, path: Value) -> Option<Value> {
        match path {
            Value::Text(text) => Some(Value::Text(match text.trim_end_matches('/') {
                "" | "." => "..".into(),
                text => match text.rsplit_once('/') {
                    Some((folder, _)) => folder.to_owned(),
                    None => ".".into(),
                },
            })),
            Value::Inside(path) if path.is_empty() => None,
            Value::Inside(path) => Some(Value::Inside(folder_of(&path).to_owned())),
            Value::Resource(..) => None,
        }
    }

    /// A path and what stands below it; `None` once that is long: a program may double its texts within one expression, too.
    fn joined(&self, path: Value, part: Value) -> Option<Value> {
        let whole = match (path, part) {
            (_, part @ Value::Inside(_)) => Some(part),
            (_, Value::Text(part)) if part.starts_with('/') => None,
            (Value::Inside(path), Value::Text(part)) => tidy(&join(&path, &part)).map(Value::Inside),
            (Value::Text(path), Value::Text(part)) => Some(Value::Text(join(path.trim_end_matches('/'), &part))),
            (Value::Resource(package, path), Value::Text(part)) => Some(Value::Resource(package, join(&path, &part))),
            (_, Value::Resource(..)) => None,
        };
        whole.filter(Value::is_short)
    }

    /// Texts one behind the other, as long as [`Self::joined`] takes them.
    fn added(&self, left: Value, right: Value) -> Option<Value> {
        let whole = match (left, right) {
            (Value::Text(left), Value::Text(right)) => Some(Value::Text(left + &right)),
            (Value::Text(left), right) if left.is_empty() => Some(right),
            (Value::Inside(path), Value::Text(right)) => match right.strip_prefix('/') {
                Some(part) => tidy(&join(&path, part)).map(Value::Inside),
                None if right.is_empty() => Some(Value::Inside(path)),
                None if path.is_empty() => None,
                None => Some(Value::Inside(path + &right)),
            },
            _ => None,
        };
        whole.filter(Value::is_short)
    }
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Name(found) if found.id.as_str() == name)
}

fn small_number(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            ruff_python_ast::Number::Int(number) => number.as_u8().map(usize::from),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_expression;

    use super::*;

    #[test]
    fn paths_are_known_before_the_run() {
        let known = Known {
            file: "app/tools/run.py",
            folder: "app",
            script_folder: "app/tools",
            names: [("ROOT".to_owned(), Value::Inside("app".into()))].into(),
        };
        for (text, expected) in [
            (
                "os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib')",
                Some("app/lib"),
            ),
            ("Path(__file__).resolve().parent / 'lib'", Some("app/tools/lib")),
            (
                "str(pathlib.Path(__file__).parents[1].joinpath('a', 'b'))",
                Some("app/a/b"),
            ),
            ("'..'", Some("")),
            ("'lib'", Some("app/lib")),
            ("os.path.abspath('lib')", Some("app/lib")),
            ("os.path.join(os.getcwd(), 'x')", Some("app/x")),
            ("f'{ROOT}/x'", Some("app/x")),
            ("ROOT + '/x'", Some("app/x")),
            ("ROOT / 'x'", Some("app/x")),
            ("os.path.dirname(os.path.dirname(os.path.dirname(__file__)))", Some("")),
            ("Path(__file__).parents[3]", None),
            ("sys.path[0] + '/..'", Some("app")),
            (
                "os.path.dirname(inspect.getfile(inspect.currentframe()))",
                Some("app/tools"),
            ),
            ("os.path.join(HOME, 'x')", None),
            ("'/opt/lib'", None),
            ("', '.join(x)", None),
            ("os.path.join(__file__, os.pardir, os.pardir)", Some("app")),
            ("Path('lib').absolute()", Some("app/lib")),
        ] {
            let parsed = parse_expression(text).unwrap();
            let path = known.value(parsed.expr()).and_then(|value| known.path(value));
            assert_eq!(path.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_grows_within_one_expression_is_given_up() {
        let known = Known {
            file: "run.py",
            folder: "",
            script_folder: "",
            names: [
                ("LONG".to_owned(), Value::Text("a".repeat(LONGEST_BYTES))),
                ("HALF".to_owned(), Value::Text("a".repeat(LONGEST_BYTES / 2))),
            ]
            .into(),
        };
        let long = |text: &str| known.value(parse_expression(text).unwrap().expr()).is_none();
        assert!(!long("HALF + HALF") && !long("f'{HALF}{HALF}'"));
        // Each would be made before its end is lost again.
        for text in [
            "os.path.dirname(HALF + '/' + HALF + 'b')",
            "os.path.dirname(f'{LONG}/b')",
            "os.path.dirname(os.path.join(LONG, 'b'))",
            "Path(HALF, HALF).parent",
        ] {
            assert!(long(text), "{text}");
        }
    }
}
