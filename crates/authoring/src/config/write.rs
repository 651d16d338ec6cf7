//! From a draft to the text.

use super::{DATA_TTL, read, units};
use crate::{
    draft::{Column, Draft, ImageKind, List, PairRow, PathRow, Python, PythonKind},
    yaml::{self, Value},
};

/// `before` changed so that it says what `draft` says. Comments, the order of the keys and everything that is the same
/// stay as they are; an empty `before` makes a new file. Keys nobody knows stay too.
pub fn write(before: &str, draft: &Draft) -> String {
    let old = read(before).draft;
    let mut root = match yaml::parse(before) {
        Ok(Some(node)) => node.value(),
        _ => Value::Map(Vec::new()),
    };
    let mut file = File {
        root: &mut root,
        old: &old,
        new: draft,
    };
    file.texts();
    file.paths();
    file.rest();
    yaml::patch(before, &root)
}

/// What the file says, on its way from the old draft to the new one.
struct File<'a> {
    root: &'a mut Value,
    old: &'a Draft,
    new: &'a Draft,
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::text(text))
}

fn full(value: Value) -> Option<Value> {
    (!value.is_hollow()).then_some(value)
}

impl File<'_> {
    fn set(&mut self, key: &str, value: Option<Value>) {
        self.root.set(key, value);
    }

    fn texts(&mut self) {
        let (old, new) = (self.old, self.new);
        for (key, before, now) in [
            ("name", &old.name, &new.name),
            ("desc", &old.desc, &new.desc),
            ("cmd", &old.cmd, &new.cmd),
        ] {
            if before != now || (now.is_empty() && key == "cmd") {
                self.set(key, text(now).or_else(|| (key == "cmd").then(|| Value::text(""))));
            }
        }
        if old.data_ttl != new.data_ttl {
            self.set(DATA_TTL, text(new.data_ttl.trim()));
        }
    }

    fn paths(&mut self) {
        let inputs = |draft: &Draft| -> Vec<PathRow> {
            let row = |input: &crate::draft::InputRow| PathRow {
                path: input.path.clone(),
                var: input.var.clone(),
            };
            draft.inputs.iter().map(row).collect()
        };
        self.path_list("inputs", List::Inputs, &inputs(self.old), &inputs(self.new));
        self.path_list("outputs", List::Outputs, &self.old.outputs, &self.new.outputs);
        self.path_list("s3-mounts", List::S3Mounts, &self.old.s3_mounts, &self.new.s3_mounts);
        self.path_list("datasets", List::Datasets, &self.old.datasets, &self.new.datasets);
    }

    /// Rows that were there keep their form, `path: VAR` or `path: {var: VAR}`.
    fn path_list(&mut self, key: &str, list: List, old: &[PathRow], new: &[PathRow]) {
        let rows: Vec<&PathRow> = self.new.written(list).into_iter().map(|row| &new[row]).collect();
        if rows.iter().copied().eq(old) {
            return;
        }
        let before = match self.root.get(key) {
            Some(Value::List(items)) if items.len() == old.len() => items.clone(),
            _ => Vec::new(),
        };
        let item = |row: &PathRow| match old.iter().zip(&before).find(|(known, _)| *known == row) {
            Some((_, value)) => value.clone(),
            None if row.var.trim().is_empty() => Value::text(&row.path),
            None => Value::pair(&row.path, row.var.trim()),
        };
        let items = rows.into_iter().map(item).collect();
        self.set(key, full(Value::List(items)));
    }

    fn rest(&mut self) {
        let (old, new) = (self.old, self.new);
        let arguments: Vec<&PairRow> = new
            .written(List::Arguments)
            .into_iter()
            .map(|row| &new.arguments[row])
            .collect();
        if !arguments.iter().copied().eq(&old.arguments) {
            self.set("args", full(pairs(&arguments)));
        }
        self.environment();
        if old.attach_project_disk != new.attach_project_disk {
            self.flag();
        }
        let types = written_texts(new, List::InstanceTypes);
        if types != old.instance_types {
            self.set("cloud-instance-type", None);
            self.set("cloud-instance-types", full(texts(&types)));
        }
        let size = new.storage_size.trim();
        if old.storage_size != size {
            self.set("working-storage", text(size).map(|_| Value::pair("size", size)));
        }
        self.output_datasets();
        if old.shutdown != new.shutdown {
            self.shutdown();
        }
        let connector = new.spark_connector.trim();
        if old.spark_connector != connector {
            self.set("spark", text(connector).map(|_| Value::pair("connector", connector)));
        }
    }

    fn environment(&mut self) {
        let mut env = self.root.get("env").cloned().unwrap_or(Value::Map(Vec::new()));
        let (old, new) = (self.old, self.new);
        let rows: Vec<PairRow> = new
            .written(List::Env)
            .into_iter()
            .map(|row| asked(&new.env[row]))
            .collect();
        if rows != old.env {
            let is_map = matches!(env.get("vars"), Some(Value::Map(_))) && rows.iter().all(|row| !row.is_asked);
            let item = |row: &PairRow| match row.is_asked {
                true => Value::text(row.name.trim()),
                false => Value::pair(row.name.trim(), &row.value),
            };
            let vars = if is_map {
                pairs(&rows.iter().collect::<Vec<_>>())
            } else {
                Value::List(rows.iter().map(item).collect())
            };
            env.set("vars", full(vars));
        }
        if image(old) != image(new) {
            env.set("docker", image(new));
        }
        let (before, now) = (counted(&old.python), counted(&new.python));
        if before != now {
            let value = python(&now, env.get("python"));
            env.set("python", value);
        }
        if !env.is_hollow() || matches!(self.root.get("env"), Some(Value::Text(_))) {
            if env.is_hollow() {
                return;
            }
            self.set("env", Some(env));
        } else {
            self.set("env", None);
        }
    }

    fn flag(&mut self) {
        let mut flags = match self.root.get("flags") {
            Some(Value::List(flags)) => flags.clone(),
            _ => Vec::new(),
        };
        let flag = Value::text("attach-project-disk");
        flags.retain(|known| *known != flag);
        if self.new.attach_project_disk {
            flags.push(flag);
        }
        self.set("flags", full(Value::List(flags)));
    }

    fn output_datasets(&mut self) {
        let new = self.new;
        let rows: Vec<_> = new
            .written(List::OutputDatasets)
            .into_iter()
            .map(|row| &new.output_datasets[row])
            .collect();
        if rows.iter().copied().eq(&self.old.output_datasets) {
            return;
        }
        let item = |row: &&crate::draft::DatasetRow| {
            let mut value = Value::pair("name", row.name.trim());
            value.set("var", Some(Value::text(row.var.trim())));
            value.set("size", Some(Value::text(row.size.trim())));
            value.set("description", text(&row.description));
            let labels = units::labels(&row.labels).unwrap_or_default();
            let labels = labels
                .into_iter()
                .map(|(name, value)| (name, Value::Text(value)))
                .collect();
            value.set("labels", full(Value::Map(labels)));
            value
        };
        let items = rows.iter().map(item).collect();
        self.set("output-datasets", full(Value::List(items)));
    }

    fn shutdown(&mut self) {
        let shutdown = &self.new.shutdown;
        let mut value = self
            .root
            .get("graceful-shutdown")
            .cloned()
            .unwrap_or(Value::Map(Vec::new()));
        let signal = match shutdown.signal.trim() {
            "" => "SIGTERM",
            signal => signal,
        };
        value.set("signal", Some(Value::text(signal)));
        value.set("timeout", text(shutdown.timeout.trim()));
        self.set("graceful-shutdown", shutdown.is_on.then_some(value));
    }
}

fn texts(texts: &[String]) -> Value {
    Value::List(texts.iter().map(Value::text).collect())
}

fn written_texts(draft: &Draft, list: List) -> Vec<String> {
    let cell = |row| Some(draft.cell(list, row, Column::First)?.trim().to_owned());
    draft.written(list).into_iter().filter_map(cell).collect()
}

fn pairs(rows: &[&PairRow]) -> Value {
    let mut map = Value::Map(Vec::new());
    for row in rows {
        map.set(row.name.trim(), Some(Value::text(&row.value)));
    }
    map
}

/// A variable whose value is asked for has none in the file.
fn asked(row: &PairRow) -> PairRow {
    PairRow {
        value: if row.is_asked { String::new() } else { row.value.clone() },
        ..row.clone()
    }
}

fn image(draft: &Draft) -> Option<Value> {
    let image = &draft.image;
    match image.kind {
        ImageKind::None => None,
        ImageKind::Id => text(image.id.trim()),
        ImageKind::Address => {
            let mut value = Value::pair("image", image.address.trim());
            value.set("username", text(image.username.trim()));
            let secret = image.secret.trim();
            value.set("password", text(secret).map(|_| Value::pair("secret-id", secret)));
            Some(value)
        }
    }
}

/// What of the Python environment the file says: what belongs to another kind than the chosen one is left out.
fn counted(python: &Python) -> Python {
    let texts = |texts: &[String]| -> Vec<String> {
        let written = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        written.map(str::to_owned).collect()
    };
    let mut counted = Python {
        kind: python.kind,
        ..Python::default()
    };
    if python.kind == PythonKind::None {
        return counted;
    }
    counted.root_paths = texts(&python.root_paths);
    counted.index_url = python.index_url.trim().to_owned();
    counted.extra_index_urls = texts(&python.extra_index_urls);
    counted.trusted_hosts = texts(&python.trusted_hosts);
    counted.no_deps = python.no_deps;
    counted.version = python.version.trim().to_owned();
    if python.kind == PythonKind::Manual {
        counted.requirements_file = python.requirements_file.trim().to_owned();
        counted.local_paths = texts(&python.local_paths);
    }
    counted
}

fn plain_auto() -> Python {
    Python {
        kind: PythonKind::Auto,
        ..Python::default()
    }
}

fn python(now: &Python, before: Option<&Value>) -> Option<Value> {
    let kind = match now.kind {
        PythonKind::None => return None,
        PythonKind::Auto if *now == plain_auto() => return Some(Value::text("auto")),
        PythonKind::Auto => "auto",
        PythonKind::Manual => "manual",
    };
    let mut value = match before {
        Some(map @ Value::Map(_)) => map.clone(),
        _ => Value::Map(Vec::new()),
    };
    value.set("type", Some(Value::text(kind)));
    value.set("version", text(&now.version));
    value.set("requirements-file", text(&now.requirements_file));
    value.set("root-paths", full(texts(&now.root_paths)));
    value.set("local-paths", full(texts(&now.local_paths)));
    let mut pip = value.get("pip").cloned().unwrap_or(Value::Map(Vec::new()));
    pip.set("index-url", text(&now.index_url));
    pip.set("extra-index-urls", full(texts(&now.extra_index_urls)));
    pip.set("trusted-hosts", full(texts(&now.trusted_hosts)));
    if now.no_deps || pip.get("no-deps").is_some_and(|old| *old == Value::text("true")) {
        pip.set("no-deps", now.no_deps.then(|| Value::text("true")));
    }
    value.set("pip", full(pip));
    Some(value)
}
