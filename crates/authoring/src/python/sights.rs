//! What a file does that its imports do not show: where it has modules looked for, what it starts, reads and imports by
//! names that it makes.

use ruff_python_ast::{
    Expr, ExprCall, Operator, Stmt,
    visitor::{Visitor, walk_expr, walk_stmt},
};
use ruff_text_size::{Ranged, TextRange};

use super::value::{Known, Value};

/// How deep a tree is read, as for imports.
const DEEPEST: usize = 500;
/// More of a file are not told.
const MOST: usize = 2000;

/// Something that a file does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    /// Has modules looked for in this folder too; `None` when it cannot be told which.
    SearchPath { folder: Option<String>, is_first: bool },
    /// Imports a module by a name that it makes, which begins so.
    ComputedImport(String),
    /// Starts a program with these words.
    Started(Vec<Option<Value>>),
    /// Has the shell run this, as far as it is known before the run.
    Shell { line: String, is_whole: bool },
    /// Runs the code of a file; `None` when it cannot be told which.
    Executed(Option<String>),
    /// Names a path in the job's folder.
    Path(String),
    /// Names a file of a package.
    Resource(String, String),
}

/// What is seen in `body`, each with its place in the text.
pub(super) fn sights(body: &[Stmt], known: Known<'_>) -> Vec<(Sight, TextRange)> {
    let mut watcher = Watcher {
        known,
        depth: 0,
        has_bare_path: false,
        has_bare_run: false,
        is_in_exec: false,
        found: Vec::new(),
    };
    watcher.visit_body(body);
    watcher.found
}

struct Watcher<'k> {
    known: Known<'k>,
    depth: usize,
    /// `from sys import path`.
    has_bare_path: bool,
    /// `from subprocess import run`.
    has_bare_run: bool,
    is_in_exec: bool,
    found: Vec<(Sight, TextRange)>,
}

impl<'a> Visitor<'a> for Watcher<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::ImportFrom(import) => {
                let has = |module: &str, names: &[&str]| {
                    import.module.as_deref() == Some(module)
                        && import.names.iter().any(|alias| names.contains(&alias.name.as_str()))
                };
                self.has_bare_path |= has("sys", &["path"]);
                self.has_bare_run |= has("subprocess", &STARTS);
            }
            Stmt::Assign(assign) => {
                walk_stmt(self, stmt);
                match &assign.targets[..] {
                    [Expr::Name(name)] => {
                        let value = self.known.value(&assign.value);
                        match value {
                            Some(value) => self.known.names.insert(name.id.to_string(), value),
                            None => self.known.names.remove(name.id.as_str()),
                        };
                    }
                    [target] if self.is_sys_path(target) => self.search_in(&assign.value, true, assign.range),
                    _ => {}
                }
            }
            Stmt::AugAssign(assign) if self.is_sys_path(&assign.target) => {
                self.search_in(&assign.value, false, assign.range);
            }
            // What stands in a comment's place names nothing.
            Stmt::Expr(alone) if matches!(&*alone.value, Expr::StringLiteral(_)) => {}
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth == DEEPEST || self.found.len() >= MOST {
            return;
        }
        if self.is_in_exec {
            // The file whose text is run is looked for among all that stands in the parentheses.
        } else if let Expr::Call(call) = expr
            && self.call(call)
        {
            return;
        }
        if self.names_path(expr) {
            return;
        }
        self.depth += 1;
        walk_expr(self, expr);
        self.depth -= 1;
    }
}

/// Functions of `subprocess` that start a program.
const STARTS: [&str; 7] = [
    "run",
    "Popen",
    "call",
    "check_call",
    "check_output",
    "getoutput",
    "getstatusoutput",
];

impl Watcher<'_> {
    /// Whether nothing more is to be looked for in the call.
    fn call(&mut self, call: &ExprCall) -> bool {
        let (owner, name) = match &*call.func {
            Expr::Name(name) => (None, name.id.as_str()),
            Expr::Attribute(member) => (Some(&*member.value), member.attr.as_str()),
            _ => return false,
        };
        let first = call.arguments.args.first();
        let is_of = |module: &str| matches!(owner, Some(Expr::Name(owner)) if owner.id.as_str() == module);
        match name {
            "append" | "insert" | "extend" if owner.is_some_and(|owner| self.is_sys_path(owner)) => {
                if let Some(folder) = call.arguments.args.get(usize::from(name == "insert")) {
                    self.search_in(folder, name == "insert", call.range);
                }
                true
            }
            "addsitedir" => {
                if let Some(folder) = first {
                    self.search_in(folder, false, call.range);
                }
                true
            }
            "import_module" | "__import__" => {
                let named = || call.arguments.find_keyword("name").map(|keyword| &keyword.value);
                match first.or_else(named) {
                    Some(Expr::StringLiteral(_)) | None => {}
                    Some(name) => {
                        let beginning = self.beginning(name);
                        self.add(Sight::ComputedImport(beginning), call.range);
                    }
                }
                false
            }
            "iter_modules" | "walk_packages" if is_of("pkgutil") => {
                self.add(Sight::ComputedImport(String::new()), call.range);
                false
            }
            "run_path" => self.executed(first, call),
            "exec" | "execfile" if owner.is_none() => self.executed(first, call),
            "system" | "popen" if is_of("os") => self.shell(first, call),
            "create_subprocess_shell" => self.shell(first, call),
            "create_subprocess_exec" => self.started(&call.arguments.args, call),
            name if is_of("os") && (name.starts_with("exec") || name.starts_with("spawn")) => {
                self.started(&call.arguments.args, call)
            }
            name if STARTS.contains(&name)
                && (is_of("subprocess") || is_of("sp") || owner.is_none() && self.has_bare_run) =>
            {
                let named = || call.arguments.find_keyword("args").map(|keyword| &keyword.value);
                match first.or_else(named) {
                    Some(Expr::List(list)) => self.started(&list.elts, call),
                    Some(Expr::Tuple(list)) => self.started(&list.elts, call),
                    other => self.shell(other, call),
                }
            }
            _ => false,
        }
    }

    fn started(&mut self, words: &[Expr], call: &ExprCall) -> bool {
        let words = words.iter().map(|word| match word {
            Expr::Attribute(member) if member.attr.as_str() == "executable" => Some(Value::Text("python".into())),
            word => self.known.value(word),
        });
        let words = words.collect();
        self.add(Sight::Started(words), call.range);
        true
    }

    fn shell(&mut self, line: Option<&Expr>, call: &ExprCall) -> bool {
        let known = line.and_then(|line| self.known.value(line));
        let (line, is_whole) = match (known, line) {
            (Some(Value::Text(line)), _) => (line, true),
            (_, Some(line)) => (self.beginning(line), false),
            (_, None) => (String::new(), false),
        };
        self.add(Sight::Shell { line, is_whole }, call.range);
        true
    }

    fn executed(&mut self, code: Option<&Expr>, call: &ExprCall) -> bool {
        let Some(code) = code else { return true };
        let path = self.known.value(code).and_then(|value| self.known.path(value));
        if let (Some(path), false) = (
            path,
            matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "exec"),
        ) {
            self.add(Sight::Executed(Some(path)), call.range);
            return true;
        }
        // `exec(open(path).read())`, `exec(compile(Path(path).read_text(), path, "exec"))`.
        let before = self.found.len();
        self.is_in_exec = true;
        self.visit_expr(code);
        self.is_in_exec = false;
        let named: Vec<String> = self
            .found
            .drain(before..)
            .filter_map(|(sight, _)| match sight {
                Sight::Path(path) => Some(path),
                _ => None,
            })
            .collect();
        let is_text = matches!(code, Expr::StringLiteral(_));
        let named = named.into_iter().find(|path| !path.is_empty());
        if named.is_some() || !is_text {
            self.add(Sight::Executed(named), call.range);
        }
        true
    }

    /// Adds a path that the expression is, as a whole.
    fn names_path(&mut self, expr: &Expr) -> bool {
        if !matches!(
            expr,
            Expr::StringLiteral(_) | Expr::FString(_) | Expr::Call(_) | Expr::BinOp(_)
        ) {
            return false;
        }
        let Some(value) = self.known.value(expr) else {
            return false;
        };
        let sight = match value {
            Value::Resource(package, path) => Some(Sight::Resource(package, path)),
            Value::Text(text) if text.is_empty() || text.contains(['\n', '*', '\0']) => None,
            value => self.known.path(value).map(Sight::Path),
        };
        if let Some(sight) = sight {
            self.add(sight, expr.range());
        }
        true
    }

    /// Adds the folders of a list, or one.
    fn search_in(&mut self, folders: &Expr, is_first: bool, range: TextRange) {
        match folders {
            Expr::List(list) => list
                .elts
                .iter()
                .for_each(|folder| self.search_in(folder, is_first, range)),
            Expr::Tuple(list) => list
                .elts
                .iter()
                .for_each(|folder| self.search_in(folder, is_first, range)),
            // `[folder] + sys.path`.
            Expr::BinOp(both) if both.op == Operator::Add && both.left.is_list_expr() => {
                self.search_in(&both.left, true, range);
            }
            Expr::BinOp(both) if both.op == Operator::Add && both.right.is_list_expr() => {
                self.search_in(&both.right, false, range);
            }
            folder if self.is_sys_path(folder) => {}
            folder => {
                let value = self.known.value(folder);
                // The machine's own folders hold nothing of the job's.
                let is_outside = matches!(&value, Some(Value::Text(text)) if text.starts_with('/'));
                let folder = value.and_then(|value| self.known.path(value));
                if !is_outside {
                    self.add(Sight::SearchPath { folder, is_first }, range);
                }
            }
        }
    }

    fn is_sys_path(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Attribute(member) => {
                member.attr.as_str() == "path"
                    && matches!(&*member.value, Expr::Name(owner) if owner.id.as_str() == "sys")
            }
            Expr::Name(name) => self.has_bare_path && name.id.as_str() == "path",
            _ => false,
        }
    }

    /// The part of a text that is known before the run.
    fn beginning(&self, expr: &Expr) -> String {
        match self.known.value(expr) {
            Some(Value::Text(text)) => return text,
            Some(_) => return String::new(),
            None => {}
        }
        match expr {
            Expr::FString(text) => text
                .value
                .elements()
                .map_while(|element| element.as_literal())
                .map(|literal| literal.value.to_string())
                .collect(),
            Expr::BinOp(both) if both.op == Operator::Add && self.known.value(&both.left).is_some() => {
                self.beginning(&both.left)
            }
            Expr::BinOp(both) if both.op == Operator::Mod => {
                let text = self.beginning(&both.left);
                text.split('%').next().unwrap_or_default().to_owned()
            }
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(member) if member.attr.as_str() == "format" => {
                    let text = self.beginning(&member.value);
                    text.split('{').next().unwrap_or_default().to_owned()
                }
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    fn add(&mut self, sight: Sight, range: TextRange) {
        if self.found.len() < MOST {
            self.found.push((sight, range));
        }
    }
}
