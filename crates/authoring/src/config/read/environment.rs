//! What surrounds the command: variables, image, Python.

use super::{Misfit, Reader};
use crate::{
    config::units,
    draft::{Field, ImageKind, Item, List, PythonKind},
    yaml::{Content, Node},
};

const PYTHON_KEYS: [&str; 6] = [
    "type",
    "version",
    "requirements-file",
    "root-paths",
    "local-paths",
    "pip",
];

fn kinds(key: &str) -> Misfit {
    Misfit::Choice {
        key: key.to_owned(),
        words: "auto, manual".to_owned(),
    }
}

impl Reader {
    pub(super) fn environment(&mut self, root: &Node) -> Option<()> {
        let env = self.mapping(root, "env", "env", &["vars", "docker", "python"])?;
        self.vars(env);
        self.docker(env);
        self.python(env);
        Some(())
    }

    fn docker(&mut self, env: &Node) -> Option<()> {
        let (name, docker) = env.entry("docker")?;
        match &docker.content {
            Content::Text(id) => {
                // The published client takes an empty one for none.
                if !id.is_empty() {
                    self.draft().image.kind = ImageKind::Id;
                    self.draft().image.id.clone_from(id);
                }
                self.at(Field::Item(Item::ImageId), name);
            }
            Content::Map(_) => {
                self.known(docker, &["image", "username", "password"]);
                self.draft().image.kind = ImageKind::Address;
                if docker.get("image").is_none() {
                    let key = "env.docker.image".to_owned();
                    self.note(name, Misfit::Missing { key });
                }
                self.item(docker, "image", Item::ImageAddress);
                self.item(docker, "username", Item::ImageUsername);
                self.password(docker);
            }
            Content::List(_) => {
                let key = "env.docker".to_owned();
                self.note(name, Misfit::NotMap { key });
            }
        }
        Some(())
    }

    fn password(&mut self, docker: &Node) -> Option<()> {
        let (name, password) = docker.entry("password")?;
        match &password.content {
            _ if password.is_hollow() => {}
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
        match &python.content {
            Content::Text(word) if word.eq_ignore_ascii_case("auto") => {
                self.draft().python.kind = PythonKind::Auto;
                return None;
            }
            Content::Map(_) => {}
            _ => {
                self.note(name, kinds("env.python"));
                return None;
            }
        }
        self.known(python, &PYTHON_KEYS);
        match python.get("type").and_then(Node::as_text) {
            Some("auto") => self.auto(python),
            Some("manual") => self.manual(python),
            _ => {
                self.note(name, kinds("env.python.type"));
                self.manual(python);
            }
        }
        self.pip(python);
        Some(())
    }

    /// The published client asks the caller's interpreter for its version; here there is none, and the file may say it.
    fn auto(&mut self, python: &Node) {
        self.draft().python.kind = PythonKind::Auto;
        let version = python.get("version").and_then(Node::as_text);
        if version.is_some() {
            self.item(python, "version", Item::PythonVersion);
        }
        let is_version = version.is_some_and(|version| units::minor_version(version).is_some());
        let unread = ["requirements-file", "local-paths"].into_iter();
        let unread = unread.chain((!is_version).then_some("version"));
        for (name, _) in unread.filter_map(|key| python.entry(key)) {
            let key = name.as_text().unwrap_or_default().to_owned();
            let other = "type: auto".to_owned();
            self.note(name, Misfit::NotBeside { key, other });
        }
        self.draft().python.root_paths = self.optional_texts(python, "root-paths", List::RootPaths);
    }

    fn manual(&mut self, python: &Node) {
        self.draft().python.kind = PythonKind::Manual;
        if self.optional_item(python, "version", Item::PythonVersion).is_some() {
            self.closed_value(python, "version");
        }
        self.optional_item(python, "requirements-file", Item::RequirementsFile);
        self.draft().python.root_paths = self.optional_texts(python, "root-paths", List::RootPaths);
        self.draft().python.local_paths = self.optional_texts(python, "local-paths", List::LocalPaths);
    }

    fn pip(&mut self, python: &Node) -> Option<()> {
        let keys = ["index-url", "extra-index-urls", "trusted-hosts", "no-deps"];
        let pip = self.mapping(python, "pip", "env.python.pip", &keys)?;
        self.item(pip, "index-url", Item::IndexUrl);
        self.draft().python.extra_index_urls = self.texts(pip, "extra-index-urls", List::ExtraIndexUrls);
        self.draft().python.trusted_hosts = self.texts(pip, "trusted-hosts", List::TrustedHosts);
        let (name, no_deps) = pip.entry("no-deps")?;
        self.draft().python.no_deps = no_deps.as_text() == Some("true");
        if !matches!(no_deps.as_text(), Some("true" | "false" | "")) {
            let key = "no-deps".to_owned();
            self.note(name, Misfit::NotTrue { key });
        }
        Some(())
    }
}
