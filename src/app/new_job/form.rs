//! What the form holds. Each row has a key of its own, so that removing one leaves the others as they are.

use std::collections::BTreeSet;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::{
    api::sha256::Sha256,
    job::draft::{Draft, Field, InputRow, OutputRow, PairRow, free_path},
};

/// The key of a row, never used twice.
pub(super) type Key = u64;

/// A chosen file.
#[derive(Clone)]
pub(super) struct Input {
    pub(super) key: Key,
    pub(super) file: SendWrapper<web_sys::File>,
    pub(super) path: RwSignal<String>,
    pub(super) var: RwSignal<String>,
    /// Once computed, kept: a second Run reads nothing again.
    pub(super) digest: StoredValue<Option<Sha256>>,
}

/// A row of two texts: path and variable, or name and value.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) key: Key,
    pub(super) left: RwSignal<String>,
    pub(super) right: RwSignal<String>,
}

/// The form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) name: RwSignal<String>,
    pub(super) desc: RwSignal<String>,
    pub(super) cmd: RwSignal<String>,
    pub(super) inputs: RwSignal<Vec<Input>>,
    pub(super) outputs: RwSignal<Vec<Row>>,
    pub(super) arguments: RwSignal<Vec<Row>>,
    pub(super) env: RwSignal<Vec<Row>>,
    next_key: StoredValue<Key>,
}

impl Form {
    pub(super) fn new() -> Self {
        Self {
            name: RwSignal::default(),
            desc: RwSignal::default(),
            cmd: RwSignal::default(),
            inputs: RwSignal::default(),
            outputs: RwSignal::default(),
            arguments: RwSignal::default(),
            env: RwSignal::default(),
            next_key: StoredValue::new(0),
        }
    }

    fn fresh_key(&self) -> Key {
        self.next_key.update_value(|key| *key += 1);
        self.next_key.get_value()
    }

    /// Adds a blank row and returns its key.
    pub(super) fn add_row(&self, rows: RwSignal<Vec<Row>>) -> Key {
        let key = self.fresh_key();
        rows.write().push(Row {
            key,
            left: RwSignal::default(),
            right: RwSignal::default(),
        });
        key
    }

    pub(super) fn add_files(&self, files: Vec<web_sys::File>) {
        let mut inputs = self.inputs.write();
        let mut taken: BTreeSet<String> = inputs.iter().map(|input| input.path.get_untracked()).collect();
        for file in files {
            let path = free_path(&file.name(), &taken);
            taken.insert(path.clone());
            inputs.push(Input {
                key: self.fresh_key(),
                file: SendWrapper::new(file),
                path: RwSignal::new(path),
                var: RwSignal::default(),
                digest: StoredValue::new(None),
            });
        }
    }

    /// The draft as it is written now; tracked.
    pub(super) fn draft(&self) -> Draft {
        let outputs = self.outputs.read();
        let pairs = |rows: RwSignal<Vec<Row>>| -> Vec<PairRow> {
            let pair = |row: &Row| PairRow {
                name: row.left.get(),
                value: row.right.get(),
            };
            rows.read().iter().map(pair).collect()
        };
        Draft {
            name: self.name.get(),
            desc: self.desc.get(),
            cmd: self.cmd.get(),
            inputs: self.inputs.read().iter().map(input_row).collect(),
            outputs: outputs
                .iter()
                .map(|row| OutputRow {
                    path: row.left.get(),
                    var: row.right.get(),
                })
                .collect(),
            arguments: pairs(self.arguments),
            env: pairs(self.env),
        }
    }

    /// Id of the element that shows `field`.
    pub(super) fn element_id(&self, field: &Field) -> String {
        let row = |rows: RwSignal<Vec<Row>>, list: &str, index: usize, part: &str| {
            let key = rows.read_untracked().get(index).map(|row| row.key);
            key.map_or_else(String::new, |key| row_id(list, key, part))
        };
        let input = |index: usize, part: &str| {
            let key = self.inputs.read_untracked().get(index).map(|input| input.key);
            key.map_or_else(String::new, |key| row_id(INPUTS, key, part))
        };
        match *field {
            Field::Name => NAME.into(),
            Field::Desc => DESC.into(),
            Field::Cmd => CMD.into(),
            Field::Inputs => INPUTS.into(),
            Field::Outputs => OUTPUTS.into(),
            Field::InputPath(index) => input(index, LEFT),
            Field::InputVar(index) => input(index, RIGHT),
            Field::OutputPath(index) => row(self.outputs, OUTPUTS, index, LEFT),
            Field::OutputVar(index) => row(self.outputs, OUTPUTS, index, RIGHT),
            Field::ArgumentName(index) => row(self.arguments, ARGUMENTS, index, LEFT),
            Field::ArgumentValue(index) => row(self.arguments, ARGUMENTS, index, RIGHT),
            Field::EnvName(index) => row(self.env, ENV, index, LEFT),
            Field::EnvValue(index) => row(self.env, ENV, index, RIGHT),
            Field::Elsewhere => String::new(),
        }
    }
}

fn input_row(input: &Input) -> InputRow {
    InputRow {
        path: input.path.get(),
        var: input.var.get(),
        size_bytes: input.file.size() as i64,
        sha256: input
            .digest
            .get_value()
            .map(|digest| digest.to_string())
            .unwrap_or_default(),
    }
}

pub(super) const NAME: &str = "field-name";
pub(super) const DESC: &str = "field-desc";
pub(super) const CMD: &str = "field-cmd";
pub(super) const INPUTS: &str = "field-inputs";
pub(super) const OUTPUTS: &str = "field-outputs";
pub(super) const ARGUMENTS: &str = "field-arguments";
pub(super) const ENV: &str = "field-env";
/// The first text of a row.
pub(super) const LEFT: &str = "left";
/// The second text of a row.
pub(super) const RIGHT: &str = "right";

/// Id of a text of a row.
pub(super) fn row_id(list: &str, key: Key, part: &str) -> String {
    format!("{list}-{key}-{part}")
}
