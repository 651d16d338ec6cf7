//! From the text to a draft.

use std::collections::BTreeMap;

use crate::job::{
    config::DATA_TTL,
    draft::{Column, DatasetRow, Draft, Field, ImageKind, InputRow, Item, List, PairRow, PathRow, PythonKind},
    yaml::{self, Content, Node},
};

const FLAG: &str = "attach-project-disk";

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The draft, without what could not be understood.
    pub draft: Draft,
    /// What could not be understood, or was passed over.
    pub notes: Vec<Note>,
    /// The lines of the fields that the text names, counted from 1.
    pub lines: BTreeMap<Field, usize>,
}

impl Reading {
    /// Whether everything that counts was understood.
    pub fn is_understood(&self) -> bool {
        self.notes.iter().all(|note| note.misfit.is_warning())
    }

    /// The line of a field, or of what holds it.
    pub fn line(&self, field: Field) -> Option<usize> {
        let holder = match field {
            Field::Cell(list, row, _) => {
                let first = self.lines.get(&Field::Cell(list, row, Column::First));
                first.or_else(|| self.lines.get(&Field::List(list)))
            }
            _ => None,
        };
        self.lines.get(&field).or(holder).copied()
    }
}

/// Something at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line, counted from 1.
    pub line: usize,
    /// What it is.
    pub misfit: Misfit,
}

/// What does not fit into a draft. `Display` is a sentence in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Not YAML.
    #[error("this is not YAML: {reason}")]
    Yaml {
        /// The parser's words.
        reason: String,
    },
    /// Nothing, or something else than keys and values.
    #[error("the file must hold keys with values, such as `cmd: python main.py`")]
    NotAConfig,
    /// Should be one text.
    #[error("`{key}` must be a text")]
    NotText {
        /// The key in question.
        key: String,
    },
    /// Should be a list.
    #[error("`{key}` must be a list: lines that begin with `-`")]
    NotList {
        /// The key in question.
        key: String,
    },
    /// Should be keys with values.
    #[error("`{key}` must hold keys with values")]
    NotMap {
        /// The key in question.
        key: String,
    },
    /// An entry of a list of paths in another form than the three.
    #[error("an entry of `{key}` is `path`, `path: VARIABLE` or `path: {{var: VARIABLE}}`")]
    PathEntry {
        /// The list in question.
        key: String,
    },
    /// A key without which the rest means nothing.
    #[error("`{key}` is missing")]
    Missing {
        /// The key in question.
        key: String,
    },
    /// Not one of the known words.
    #[error("`{key}` must be one of: {words}")]
    Choice {
        /// The key in question.
        key: String,
        /// The words, joined by commas.
        words: String,
    },
    /// A password in the file.
    #[error("a password must not stand in the file: name a secret, `password: {{secret-id: NAME}}`")]
    Password,
    /// A key nobody reads.
    #[error("the key `{key}` is not known and is passed over")]
    UnknownKey {
        /// The key in question.
        key: String,
    },
    /// A key that stands twice.
    #[error("the key `{key}` stands twice; the later one counts")]
    KeyRepeated {
        /// The key in question.
        key: String,
    },
}

impl Misfit {
    /// Whether the file can be used all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::UnknownKey { .. } | Self::KeyRepeated { .. })
    }
}

/// Reads a text. Whatever it is, the answer says what was understood and what was not.
pub fn read(text: &str) -> Reading {
    let mut reader = Reader::default();
    let misfit = match yaml::parse(text) {
        Ok(Some(root)) if matches!(&root.content, Content::Map(entries) if !entries.is_empty()) => {
            reader.root(&root);
            return reader.0;
        }
        Ok(_) => Note {
            line: 1,
            misfit: Misfit::NotAConfig,
        },
        Err(error) => Note {
            line: error.line,
            misfit: Misfit::Yaml { reason: error.reason },
        },
    };
    reader.0.notes.push(misfit);
    reader.0
}

#[derive(Default)]
struct Reader(Reading);

impl Reader {
    fn note(&mut self, node: &Node, misfit: Misfit) {
        let line = node.line;
        self.0.notes.push(Note { line, misfit });
    }

    fn at(&mut self, field: Field, node: &Node) {
        self.0.lines.insert(field, node.line);
    }

    fn known(&mut self, node: &Node, known: &[&str]) {
        let Content::Map(entries) = &node.content else { return };
        let mut seen = std::collections::BTreeSet::new();
        for (name, _) in entries {
            let key = name.as_text().unwrap_or_default().to_owned();
            if !seen.insert(key.clone()) {
                self.note(name, Misfit::KeyRepeated { key });
            } else if !known.contains(&key.as_str()) {
                self.note(name, Misfit::UnknownKey { key });
            }
        }
    }

    fn root(&mut self, root: &Node) {
        self.known(
            root,
            &[
                "name",
                "desc",
                "cmd",
                "args",
                "inputs",
                "outputs",
                "s3-mounts",
                "datasets",
                "env",
                "flags",
                "cloud-instance-types",
                "cloud-instance-type",
                "working-storage",
                "output-datasets",
                "graceful-shutdown",
                "spark",
                DATA_TTL,
            ],
        );
        self.item(root, "name", Item::Name);
        self.item(root, "desc", Item::Desc);
        self.item(root, "cmd", Item::Cmd);
        self.item(root, DATA_TTL, Item::DataTtl);
        self.0.draft.inputs = self
            .paths(root, "inputs", List::Inputs)
            .into_iter()
            .map(input)
            .collect();
        self.0.draft.outputs = self.paths(root, "outputs", List::Outputs);
        self.0.draft.s3_mounts = self.paths(root, "s3-mounts", List::S3Mounts);
        self.0.draft.datasets = self.paths(root, "datasets", List::Datasets);
        self.arguments(root);
        self.environment(root);
        self.flags(root);
        self.instance_types(root);
        self.storage(root);
        self.output_datasets(root);
        self.shutdown(root);
        self.spark(root);
    }

    /// A key with a text, put where it belongs.
    fn item(&mut self, holder: &Node, key: &str, item: Item) -> Option<()> {
        let (name, value) = holder.entry(key)?;
        self.at(Field::Item(item), name);
        match value.as_text() {
            Some(text) => self.0.draft.item_mut(item).push_str(text),
            None => self.note(name, Misfit::NotText { key: key.to_owned() }),
        }
        Some(())
    }

    fn list<'a>(&mut self, holder: &'a Node, key: &str, list: List) -> &'a [Node] {
        let Some((name, value)) = holder.entry(key) else {
            return &[];
        };
        self.at(Field::List(list), name);
        match &value.content {
            Content::List(items) => items,
            _ => {
                self.note(name, Misfit::NotList { key: key.to_owned() });
                &[]
            }
        }
    }

    /// A list of texts.
    fn texts(&mut self, holder: &Node, key: &str, list: List) -> Vec<String> {
        // Where nothing is written behind the key, there are none.
        if holder.get(key).and_then(Node::as_text) == Some("")
            && list != List::ExtraIndexUrls
            && list != List::TrustedHosts
        {
            return Vec::new();
        }
        let mut texts = Vec::new();
        for item in self.list(holder, key, list) {
            match item.as_text() {
                Some(text) => {
                    self.at(Field::Cell(list, texts.len(), Column::First), item);
                    texts.push(text.to_owned());
                }
                None => self.note(item, Misfit::NotText { key: key.to_owned() }),
            }
        }
        texts
    }

    fn paths(&mut self, root: &Node, key: &str, list: List) -> Vec<PathRow> {
        let mut rows = Vec::new();
        for item in self.list(root, key, list) {
            match path_entry(item) {
                Some(row) => {
                    self.at(Field::Cell(list, rows.len(), Column::First), item);
                    rows.push(row);
                }
                None => self.note(item, Misfit::PathEntry { key: key.to_owned() }),
            }
        }
        rows
    }

    fn arguments(&mut self, root: &Node) -> Option<()> {
        let (name, value) = root.entry("args")?;
        self.at(Field::List(List::Arguments), name);
        let Content::Map(_) = &value.content else {
            self.note(name, Misfit::NotMap { key: "args".into() });
            return None;
        };
        self.0.draft.arguments = self.pairs(value, List::Arguments);
        Some(())
    }

    /// The entries of a mapping from texts to texts; the later one of two equal keys counts.
    fn pairs(&mut self, map: &Node, list: List) -> Vec<PairRow> {
        let Content::Map(entries) = &map.content else {
            return Vec::new();
        };
        let mut rows: Vec<PairRow> = Vec::new();
        for (name, value) in entries {
            let key = name.as_text().unwrap_or_default().to_owned();
            let Some(text) = value.as_text() else {
                self.note(name, Misfit::NotText { key });
                continue;
            };
            if let Some(known) = rows.iter_mut().find(|row| row.name == key) {
                text.clone_into(&mut known.value);
                self.note(name, Misfit::KeyRepeated { key });
                continue;
            }
            self.at(Field::Cell(list, rows.len(), Column::First), name);
            rows.push(PairRow {
                name: key,
                value: text.to_owned(),
                is_asked: false,
            });
        }
        rows
    }

    fn environment(&mut self, root: &Node) -> Option<()> {
        let env = root.get("env")?;
        match &env.content {
            Content::Map(_) => {}
            Content::Text(text) if text.is_empty() => return None,
            _ => {
                self.note(env, Misfit::NotMap { key: "env".into() });
                return None;
            }
        }
        self.known(env, &["vars", "docker", "python"]);
        self.vars(env);
        self.docker(env);
        self.python(env);
        Some(())
    }

    fn vars(&mut self, env: &Node) -> Option<()> {
        let (name, value) = env.entry("vars")?;
        self.at(Field::List(List::Env), name);
        match &value.content {
            Content::Map(_) => self.0.draft.env = self.pairs(value, List::Env),
            Content::List(items) => {
                for item in items {
                    self.var(item);
                }
            }
            Content::Text(_) => self.note(name, Misfit::NotList { key: "env.vars".into() }),
        }
        Some(())
    }

    fn var(&mut self, item: &Node) {
        let row = match &item.content {
            Content::Text(name) => Some(PairRow {
                name: name.clone(),
                value: String::new(),
                is_asked: true,
            }),
            // The published client reads the first key alone.
            Content::Map(entries) => entries.first().and_then(|(name, value)| {
                Some(PairRow {
                    name: name.as_text()?.to_owned(),
                    value: value.as_text()?.to_owned(),
                    is_asked: false,
                })
            }),
            Content::List(_) => None,
        };
        let Some(row) = row else {
            self.note(item, Misfit::NotText { key: "env.vars".into() });
            return;
        };
        let rows = &mut self.0.draft.env;
        let place = rows.iter().position(|known| known.name == row.name);
        match place {
            Some(place) => {
                let key = row.name.clone();
                rows[place] = row;
                self.note(item, Misfit::KeyRepeated { key });
            }
            None => {
                rows.push(row);
                let place = self.0.draft.env.len() - 1;
                self.at(Field::Cell(List::Env, place, Column::First), item);
            }
        }
    }

    fn docker(&mut self, env: &Node) -> Option<()> {
        let (name, docker) = env.entry("docker")?;
        match &docker.content {
            Content::Text(id) => {
                // The published client takes an empty one for none.
                if !id.is_empty() {
                    self.0.draft.image.kind = ImageKind::Id;
                    self.0.draft.image.id.clone_from(id);
                }
                self.at(Field::Item(Item::ImageId), name);
            }
            Content::Map(_) => {
                self.known(docker, &["image", "username", "password"]);
                self.0.draft.image.kind = ImageKind::Address;
                if docker.get("image").is_none() {
                    self.note(
                        name,
                        Misfit::Missing {
                            key: "env.docker.image".into(),
                        },
                    );
                }
                self.item(docker, "image", Item::ImageAddress);
                self.item(docker, "username", Item::ImageUsername);
                self.password(docker);
            }
            Content::List(_) => self.note(
                name,
                Misfit::NotMap {
                    key: "env.docker".into(),
                },
            ),
        }
        Some(())
    }

    fn password(&mut self, docker: &Node) -> Option<()> {
        let (name, password) = docker.entry("password")?;
        match &password.content {
            Content::Text(text) if text.is_empty() => {}
            Content::Map(_) if password.get("secret-id").is_some() => {
                self.known(password, &["secret-id"]);
                self.item(password, "secret-id", Item::ImageSecret);
            }
            _ => self.note(name, Misfit::Password),
        }
        Some(())
    }

    fn python(&mut self, env: &Node) -> Option<()> {
        let (name, python) = env.entry("python")?;
        let words = |key: &str| Misfit::Choice {
            key: key.to_owned(),
            words: "auto, manual".to_owned(),
        };
        match &python.content {
            Content::Text(word) if word.eq_ignore_ascii_case("auto") => {
                self.0.draft.python.kind = PythonKind::Auto;
                return None;
            }
            Content::Map(_) => {}
            _ => {
                self.note(name, words("env.python"));
                return None;
            }
        }
        let kind = python.get("type").and_then(Node::as_text);
        self.0.draft.python.kind = match kind {
            Some("auto") => PythonKind::Auto,
            Some("manual") => PythonKind::Manual,
            _ => {
                self.note(name, words("env.python.type"));
                PythonKind::Manual
            }
        };
        self.known(
            python,
            &[
                "type",
                "version",
                "requirements-file",
                "root-paths",
                "local-paths",
                "pip",
            ],
        );
        self.item(python, "version", Item::PythonVersion);
        if self.0.draft.python.kind == PythonKind::Manual {
            self.item(python, "requirements-file", Item::RequirementsFile);
            self.0.draft.python.local_paths = self.texts(python, "local-paths", List::LocalPaths);
        }
        self.0.draft.python.root_paths = self.texts(python, "root-paths", List::RootPaths);
        self.pip(python);
        Some(())
    }

    fn pip(&mut self, python: &Node) -> Option<()> {
        let (name, pip) = python.entry("pip")?;
        let Content::Map(_) = &pip.content else {
            if pip.as_text() != Some("") {
                self.note(
                    name,
                    Misfit::NotMap {
                        key: "env.python.pip".into(),
                    },
                );
            }
            return None;
        };
        self.known(pip, &["index-url", "extra-index-urls", "trusted-hosts", "no-deps"]);
        self.item(pip, "index-url", Item::IndexUrl);
        self.0.draft.python.extra_index_urls = self.texts(pip, "extra-index-urls", List::ExtraIndexUrls);
        self.0.draft.python.trusted_hosts = self.texts(pip, "trusted-hosts", List::TrustedHosts);
        self.0.draft.python.no_deps = pip.get("no-deps").and_then(Node::as_text) == Some("true");
        Some(())
    }

    fn flags(&mut self, root: &Node) -> Option<()> {
        let (name, flags) = root.entry("flags")?;
        let Content::List(items) = &flags.content else {
            self.note(name, Misfit::NotList { key: "flags".into() });
            return None;
        };
        for item in items {
            match item.as_text() {
                Some(FLAG) => self.0.draft.attach_project_disk = true,
                Some(flag) => self.note(item, Misfit::UnknownKey { key: flag.to_owned() }),
                None => self.note(item, Misfit::NotText { key: "flags".into() }),
            }
        }
        Some(())
    }

    fn instance_types(&mut self, root: &Node) -> Option<()> {
        let is_given = |key: &&str| {
            root.get(key)
                .is_some_and(|node| node.as_text() != Some("") && !node.value().is_hollow())
        };
        let key = ["cloud-instance-types", "cloud-instance-type"]
            .into_iter()
            .find(is_given)?;
        let (name, value) = root.entry(key)?;
        if let Some(text) = value.as_text() {
            self.at(Field::List(List::InstanceTypes), name);
            self.at(Field::Cell(List::InstanceTypes, 0, Column::First), name);
            self.0.draft.instance_types = vec![text.to_owned()];
        } else {
            self.0.draft.instance_types = self.texts(root, key, List::InstanceTypes);
        }
        Some(())
    }

    fn storage(&mut self, root: &Node) -> Option<()> {
        let (name, storage) = root.entry("working-storage")?;
        let Content::Map(_) = &storage.content else {
            let key = "working-storage".to_owned();
            self.note(name, Misfit::NotMap { key });
            return None;
        };
        self.known(storage, &["type", "size"]);
        if storage.get("type").is_some_and(|kind| kind.as_text() != Some("SSD")) {
            let key = "working-storage.type".to_owned();
            self.note(
                name,
                Misfit::Choice {
                    key,
                    words: "SSD".into(),
                },
            );
        }
        if storage.get("size").is_none_or(|size| size.as_text() == Some("")) {
            let key = "working-storage.size".to_owned();
            self.note(name, Misfit::Missing { key });
        }
        self.item(storage, "size", Item::StorageSize)
    }

    fn output_datasets(&mut self, root: &Node) {
        for item in self.list(root, "output-datasets", List::OutputDatasets) {
            let Content::Map(_) = &item.content else {
                let key = "output-datasets".to_owned();
                self.note(item, Misfit::NotMap { key });
                continue;
            };
            self.known(item, &["name", "var", "size", "description", "labels"]);
            let place = self.0.draft.output_datasets.len();
            self.at(Field::Cell(List::OutputDatasets, place, Column::First), item);
            let row = DatasetRow {
                name: self.needed(item, "name"),
                var: self.needed(item, "var"),
                size: self.needed(item, "size"),
                description: self.optional(item, "description"),
                labels: self.labels(item),
            };
            self.0.draft.output_datasets.push(row);
        }
    }

    fn needed(&mut self, holder: &Node, key: &str) -> String {
        if holder.get(key).is_none() {
            let key = format!("output-datasets.{key}");
            self.note(holder, Misfit::Missing { key });
        }
        self.optional(holder, key)
    }

    fn optional(&mut self, holder: &Node, key: &str) -> String {
        let value = holder.get(key);
        if let Some(node) = value.filter(|node| node.as_text().is_none()) {
            let key = format!("output-datasets.{key}");
            self.note(node, Misfit::NotText { key });
        }
        value.and_then(Node::as_text).unwrap_or_default().to_owned()
    }

    fn labels(&mut self, dataset: &Node) -> String {
        let Some(labels) = dataset.get("labels") else {
            return String::new();
        };
        let Content::Map(entries) = &labels.content else {
            let key = "output-datasets.labels".to_owned();
            self.note(labels, Misfit::NotMap { key });
            return String::new();
        };
        let mut written = Vec::new();
        for (name, value) in entries {
            match (name.as_text(), value.as_text()) {
                (Some(name), Some(value)) => written.push(format!("{name}={value}")),
                _ => self.note(
                    name,
                    Misfit::NotText {
                        key: "output-datasets.labels".into(),
                    },
                ),
            }
        }
        written.join(",")
    }

    fn shutdown(&mut self, root: &Node) -> Option<()> {
        let (name, shutdown) = root.entry("graceful-shutdown")?;
        let Content::Map(_) = &shutdown.content else {
            let key = "graceful-shutdown".to_owned();
            self.note(name, Misfit::NotMap { key });
            return None;
        };
        self.known(shutdown, &["signal", "timeout"]);
        self.0.draft.shutdown.is_on = true;
        self.item(shutdown, "signal", Item::ShutdownSignal);
        if shutdown.get("signal").and_then(Node::as_text) == Some("") {
            let key = "graceful-shutdown.signal".to_owned();
            self.note(name, Misfit::Missing { key });
        }
        self.item(shutdown, "timeout", Item::ShutdownTimeout)
    }

    fn spark(&mut self, root: &Node) -> Option<()> {
        let (name, spark) = root.entry("spark")?;
        if !matches!(spark.content, Content::Map(_)) {
            self.note(name, Misfit::NotMap { key: "spark".into() });
            return None;
        }
        self.known(spark, &["connector"]);
        match spark.get("connector") {
            Some(connector) if matches!(connector.content, Content::Map(_)) && connector.get("id").is_some() => {
                self.known(connector, &["id"]);
                self.item(connector, "id", Item::SparkConnector)
            }
            Some(connector) if connector.as_text().is_some() => self.item(spark, "connector", Item::SparkConnector),
            _ => {
                let key = "spark.connector".to_owned();
                self.note(name, Misfit::Missing { key });
                None
            }
        }
    }
}

fn path_entry(item: &Node) -> Option<PathRow> {
    let row = |path: &str, var: &str| PathRow {
        path: path.to_owned(),
        var: var.to_owned(),
    };
    match &item.content {
        Content::Text(path) => Some(row(path, "")),
        Content::Map(entries) => {
            let [(path, value)] = entries.as_slice() else {
                return None;
            };
            let var = match &value.content {
                Content::Text(var) => var,
                Content::Map(inner) if inner.len() == 1 => value.get("var")?.as_text()?,
                _ => return None,
            };
            Some(row(path.as_text()?, var))
        }
        Content::List(_) => None,
    }
}

fn input(row: PathRow) -> InputRow {
    InputRow {
        path: row.path,
        var: row.var,
        ..InputRow::default()
    }
}
