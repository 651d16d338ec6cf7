//! Where and how the job runs: flags, instance types, storage, datasets that it makes, its end, Spark.

use super::{Misfit, Reader};
use crate::{
    config::units,
    draft::{Column, DatasetRow, Field, Item, List},
    yaml::{Content, Node},
};

const FLAG: &str = "attach-project-disk";

impl Reader {
    pub(super) fn flags(&mut self, root: &Node) -> Option<()> {
        let (name, flags) = root.entry("flags")?;
        let Content::List(items) = &flags.content else {
            self.note(name, Misfit::NotList { key: "flags".into() });
            return None;
        };
        for item in items.iter() {
            match item.as_text() {
                Some(FLAG) => self.draft().attach_project_disk = true,
                Some(flag) => self.note(item, Misfit::UnknownKey { key: flag.to_owned() }),
                None => self.note(item, Misfit::NotText { key: "flags".into() }),
            }
        }
        Some(())
    }

    pub(super) fn instance_types(&mut self, root: &Node) -> Option<()> {
        let given = ["cloud-instance-types", "cloud-instance-type"].into_iter();
        let mut given = given.filter(|key| root.get(key).is_some_and(|node| !node.is_hollow()));
        let key = given.next()?;
        if let Some((other, _)) = given.next().and_then(|other| root.entry(other)) {
            let misfit = Misfit::NotBeside {
                key: other.as_text().unwrap_or_default().to_owned(),
                other: key.to_owned(),
            };
            self.note(other, misfit);
        }
        let (name, value) = root.entry(key)?;
        if let Some(text) = value.as_text() {
            self.at(Field::List(List::InstanceTypes), name);
            self.at(Field::Cell(List::InstanceTypes, 0, Column::First), name);
            self.draft().instance_types = vec![text.to_owned()];
        } else {
            self.draft().instance_types = self.texts(root, key, List::InstanceTypes);
        }
        Some(())
    }

    pub(super) fn storage(&mut self, root: &Node) -> Option<()> {
        let (name, storage) = self.only_mapping(root, "working-storage")?;
        self.known(storage, &["type", "size"]);
        if storage.get("type").is_some_and(|kind| kind.as_text() != Some("SSD")) {
            let misfit = Misfit::Choice {
                key: "working-storage.type".into(),
                words: "SSD".into(),
            };
            self.note(name, misfit);
        }
        if storage.get("size").is_none_or(is_blank) {
            let key = "working-storage.size".to_owned();
            self.note(name, Misfit::Missing { key });
        }
        self.item(storage, "size", Item::StorageSize)
    }

    pub(super) fn output_datasets(&mut self, root: &Node) {
        for item in self.list(root, "output-datasets", List::OutputDatasets) {
            let Content::Map(_) = &item.content else {
                let key = "output-datasets".to_owned();
                self.note(item, Misfit::NotMap { key });
                continue;
            };
            self.known(item, &["name", "var", "size", "description", "labels"]);
            let place = self.draft().output_datasets.len();
            self.at(Field::Cell(List::OutputDatasets, place, Column::First), item);
            if item.get("size").is_some_and(is_blank) {
                let key = "output-datasets.size".to_owned();
                self.note(item, Misfit::Missing { key });
            }
            let row = DatasetRow {
                name: self.needed(item, "name"),
                var: self.needed(item, "var"),
                size: self.needed(item, "size"),
                description: self.optional(item, "description"),
                labels: self.labels(item),
            };
            self.closed(item, &row.var);
            self.draft().output_datasets.push(row);
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
        let mut written: Vec<(&str, &str)> = Vec::new();
        for (name, value) in entries.iter() {
            let key = name.as_text().unwrap_or_default();
            if !std::ptr::eq(labels.entry(key).map_or(name, |(last, _)| last), name) {
                let key = key.to_owned();
                self.note(name, Misfit::KeyRepeated { key });
                continue;
            }
            match value.as_text() {
                Some(value) => written.push((key, value)),
                None => {
                    let key = "output-datasets.labels".to_owned();
                    self.note(name, Misfit::NotText { key });
                }
            }
        }
        units::labels_text(&written)
    }

    pub(super) fn shutdown(&mut self, root: &Node) -> Option<()> {
        let (name, shutdown) = self.only_mapping(root, "graceful-shutdown")?;
        self.known(shutdown, &["signal", "timeout"]);
        self.draft().shutdown.is_on = true;
        self.item(shutdown, "signal", Item::ShutdownSignal);
        if shutdown.get("signal").is_some_and(is_blank) {
            let key = "graceful-shutdown.signal".to_owned();
            self.note(name, Misfit::Missing { key });
        }
        self.closed_value(shutdown, "signal");
        self.item(shutdown, "timeout", Item::ShutdownTimeout);
        self.closed_value(shutdown, "timeout")
    }

    /// Refuses blanks around the text under `key`.
    pub(super) fn closed_value(&mut self, holder: &Node, key: &str) -> Option<()> {
        let (name, value) = holder.entry(key)?;
        self.closed(name, value.as_text()?);
        Some(())
    }

    pub(super) fn spark(&mut self, root: &Node) -> Option<()> {
        let (name, spark) = self.only_mapping(root, "spark")?;
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

fn is_blank(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.trim().is_empty())
}
