//! The imports of a file, and when each is run.

use ruff_python_ast::{
    ExceptHandler, Expr, ExprCall, Stmt, StmtIf, StmtTry, WithItem,
    visitor::{Visitor, walk_expr, walk_stmt},
};

use super::condition::{Holds, holds};

/// An import of a module, and of names from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// Byte of the file where it begins.
    pub offset: usize,
    /// Dots in front of the module's name.
    pub level: usize,
    /// With its inner dots; may be empty after dots in front.
    pub module: String,
    /// What `from … import` takes from it, except `*`: submodules, or anything else.
    pub names: Vec<String>,
    /// Whether the program goes on when it fails.
    pub optional: bool,
    /// Whether it is run only when the file is run as a script.
    pub in_script: bool,
}

impl Import {
    /// The module's name as it is written, with its dots in front.
    pub(super) fn written(&self) -> String {
        format!("{}{}", ".".repeat(self.level), self.module)
    }
}

/// How deep a tree is read. The parser's limit is on brackets and blocks; a long sum makes a deep tree without either,
/// and a browser's stack is small.
const DEEPEST: usize = 500;

/// What there is to know of a file's statements.
pub(super) struct Imports {
    pub found: Vec<Import>,
    /// Whether something was too deep to be read, and to be freed.
    pub is_too_deep: bool,
}

/// The imports in `body`, in order, of a program for Python 3.`minor`.
pub(super) fn imports(body: &[Stmt], minor: u8) -> Imports {
    let mut collector = Collector {
        minor,
        optional: false,
        in_script: false,
        depth: 0,
        imports: Imports {
            found: Vec::new(),
            is_too_deep: false,
        },
    };
    collector.visit_body(body);
    collector.imports
}

struct Collector {
    minor: u8,
    optional: bool,
    in_script: bool,
    depth: usize,
    imports: Imports,
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.add(import.range.start().to_usize(), 0, &alias.name, Vec::new());
                }
            }
            Stmt::ImportFrom(import) => {
                let names = import.names.iter().map(|alias| alias.name.as_str());
                let names = names.filter(|name| *name != "*").map(str::to_owned).collect();
                let module = import.module.as_deref().unwrap_or_default();
                self.add(import.range.start().to_usize(), import.level as usize, module, names);
            }
            Stmt::If(branches) => self.visit_if(branches),
            Stmt::Try(attempt) => self.visit_try(attempt),
            Stmt::With(with) if with.items.iter().any(suppresses) => self.visit_as(true, &with.body),
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.depth == DEEPEST {
            self.imports.is_too_deep = true;
            return;
        }
        if let Expr::Call(call) = expr {
            self.add_call(call);
        }
        self.depth += 1;
        walk_expr(self, expr);
        self.depth -= 1;
    }
}

impl Collector {
    fn add(&mut self, offset: usize, level: usize, module: &str, names: Vec<String>) {
        // After a syntax error the parser makes up names.
        if module.split('.').any(|part| !is_identifier(part)) && !(level > 0 && module.is_empty()) {
            return;
        }
        self.imports.found.push(Import {
            offset,
            level,
            module: module.to_owned(),
            names: names.into_iter().filter(|name| is_identifier(name)).collect(),
            optional: self.optional,
            in_script: self.in_script,
        });
    }

    /// `__import__("a.b")`, `importlib.import_module("a.b")`, `import_module(".b", package="a")`.
    fn add_call(&mut self, call: &ExprCall) {
        let function = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(member) => member.attr.as_str(),
            _ => return,
        };
        if !matches!(function, "__import__" | "import_module") {
            return;
        }
        let argument = |name: &str, position| {
            let named = call
                .arguments
                .keywords
                .iter()
                .find(|keyword| keyword.arg.as_deref() == Some(name));
            named
                .map(|keyword| &keyword.value)
                .or_else(|| call.arguments.args.get(position))
        };
        let Some(Expr::StringLiteral(literal)) = argument("name", 0) else {
            return;
        };
        let written = literal.value.to_str();
        let module = written.trim_start_matches('.');
        let level = written.len() - module.len();
        let offset = call.range.start().to_usize();
        match argument("package", 1) {
            Some(Expr::StringLiteral(package)) if level > 0 => {
                let mut parts: Vec<&str> = package.value.to_str().split('.').collect();
                if level > parts.len() {
                    return;
                }
                parts.truncate(parts.len() - (level - 1));
                parts.push(module);
                self.add(offset, 0, &parts.join("."), Vec::new());
            }
            _ => self.add(offset, level, module, Vec::new()),
        }
    }

    fn visit_if(&mut self, branches: &StmtIf) {
        let first = (Some(&*branches.test), &branches.body);
        let others = branches
            .elif_else_clauses
            .iter()
            .map(|clause| (clause.test.as_ref(), &clause.body));
        for (test, body) in std::iter::once(first).chain(others) {
            if let Some(test) = test {
                self.visit_expr(test);
            }
            match test.map_or(Holds::Always, |test| holds(test, self.minor)) {
                Holds::Never => {}
                Holds::Unknown => self.visit_body(body),
                Holds::InScript => {
                    let before = std::mem::replace(&mut self.in_script, true);
                    self.visit_body(body);
                    self.in_script = before;
                }
                Holds::Always => return self.visit_body(body),
            }
        }
    }

    fn visit_try(&mut self, attempt: &StmtTry) {
        let handlers = || {
            attempt
                .handlers
                .iter()
                .map(|ExceptHandler::ExceptHandler(handler)| handler)
        };
        let catching = handlers().find(|handler| catches(handler.type_.as_deref()));
        let is_forgiven = catching.is_some_and(|handler| !gives_up(&handler.body));
        self.visit_as(is_forgiven, &attempt.body);
        for handler in handlers() {
            self.visit_as(catches(handler.type_.as_deref()), &handler.body);
        }
        self.visit_as(is_forgiven, &attempt.orelse);
        self.visit_body(&attempt.finalbody);
    }

    fn visit_as(&mut self, optional: bool, body: &[Stmt]) {
        let before = self.optional;
        self.optional |= optional;
        self.visit_body(body);
        self.optional = before;
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Whether a handler of this type takes an `ImportError`.
fn catches(error: Option<&Expr>) -> bool {
    match error {
        None => true,
        Some(Expr::Tuple(errors)) => errors.elts.iter().any(|error| catches(Some(error))),
        Some(error) => matches!(
            last_name(error),
            Some("ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException")
        ),
    }
}

/// Whether a handler ends the program all the same.
fn gives_up(body: &[Stmt]) -> bool {
    match body.last() {
        Some(Stmt::Raise(_)) => true,
        Some(Stmt::Expr(stmt)) => match &*stmt.value {
            Expr::Call(call) => matches!(last_name(&call.func), Some("exit" | "_exit" | "quit" | "abort")),
            _ => false,
        },
        _ => false,
    }
}

/// `with contextlib.suppress(ImportError):`.
fn suppresses(item: &WithItem) -> bool {
    match &item.context_expr {
        Expr::Call(call) => {
            last_name(&call.func) == Some("suppress") && call.arguments.args.iter().any(|error| catches(Some(error)))
        }
        _ => false,
    }
}

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(member) => Some(member.attr.as_str()),
        _ => None,
    }
}
