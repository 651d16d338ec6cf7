//! What is wrong with a draft: the rules of a request, and those that only a draft can break.

use std::collections::BTreeSet;

use super::{Column, Draft, Field, ImageKind, Item, List, MAX_JOBS, PythonKind};
use crate::config::{is_requirement, units};
use jobsphere_rules::{
    rules::{Rule, Stage, check_argument, check_create},
    variable,
};

/// A field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub rule: Rule,
}

impl Draft {
    /// Everything that is wrong; empty means the job can be submitted once its files are hashed.
    pub fn problems(&self, project_id: &str) -> Vec<Problem> {
        let mut found = Found(Vec::new());
        for violation in check_create(&self.to_request(project_id), Stage::Draft) {
            found.add(self.field(&violation.field), violation.rule);
        }
        self.check_variables(&mut found);
        self.check_paths(&mut found);
        self.check_brought(&mut found);
        self.check_env(&mut found);
        self.check_units(&mut found);
        self.check_further_values(project_id, &mut found);
        found.0.sort_by_key(|problem| problem.field);
        found.0
    }

    /// Variables of mounts and datasets, which the request does not carry: they must be good names, and new.
    fn check_variables(&self, found: &mut Found) {
        let carried = self.inputs.iter().map(|row| &row.var);
        let carried = carried.chain(self.outputs.iter().map(|row| &row.var));
        let carried = carried.chain(self.arguments.iter().map(|row| &row.name));
        let carried = carried.chain(self.output_datasets.iter().map(|row| &row.var));
        let mut names: BTreeSet<&str> = carried.map(|name| name.trim()).collect();
        names.extend(self.s3_mounts.iter().chain(&self.datasets).map(|row| row.path.trim()));
        for (list, rows) in [(List::S3Mounts, &self.s3_mounts), (List::Datasets, &self.datasets)] {
            for (place, row) in rows.iter().enumerate() {
                let (id, var) = (row.path.trim(), row.var.trim());
                let field = Field::Cell(list, place, Column::Second);
                if id.is_empty() && !var.is_empty() {
                    found.add(Field::Cell(list, place, Column::First), Rule::Required);
                } else if !id.is_empty() && !units::is_resource_id(id) {
                    found.add(Field::Cell(list, place, Column::First), Rule::ResourceId);
                }
                let name = var.to_owned();
                if var.is_empty() {
                    continue;
                } else if !variable::is_name(var) {
                    found.add(field, Rule::VariableName { name });
                } else if var == variable::PROJECT_HOME {
                    found.add(field, Rule::VariableReserved { name });
                } else if !names.insert(var) {
                    found.add(field, Rule::VariableRepeated { name });
                }
            }
        }
    }

    fn check_paths(&self, found: &mut Found) {
        let inputs = self
            .inputs
            .iter()
            .enumerate()
            .map(|(place, row)| (List::Inputs, place, &row.path, &row.var));
        let outputs = self
            .outputs
            .iter()
            .enumerate()
            .map(|(place, row)| (List::Outputs, place, &row.path, &row.var));
        for (list, place, path, var) in inputs.chain(outputs) {
            // The published client looks for the two dots anywhere.
            if var.trim().is_empty() && path.contains("..") {
                found.add(Field::Cell(list, place, Column::First), Rule::PathParent);
            }
        }
        let inputs = self.inputs.iter().map(|row| row.path.as_str());
        check_places(List::Inputs, inputs, found);
        let outputs = self.outputs.iter().map(|row| row.path.as_str());
        // Of outputs that may lie anywhere the published client says nothing.
        let outputs = outputs.map(|path| {
            if path.starts_with('/') || !path.contains("..") {
                path
            } else {
                ""
            }
        });
        check_places(List::Outputs, outputs, found);
        for (place, row) in self.inputs.iter().enumerate() {
            if row.content.is_missing() && !row.path.is_empty() {
                let path = row.path.clone();
                found.add(
                    Field::Cell(List::Inputs, place, Column::First),
                    Rule::FileMissing { path },
                );
            }
        }
    }

    /// What a Python program brings along has no row of its own in a list; its problems are shown with the lists it
    /// comes from.
    fn check_brought(&self, found: &mut Found) {
        if self.python.kind == PythonKind::None {
            return;
        }
        let brought = &self.python.brought;
        for (list, rows) in [
            (List::RootPaths, &brought.scripts),
            (List::LocalPaths, &brought.modules),
        ] {
            for row in rows.iter().filter(|row| row.content.is_missing()) {
                let path = row.path.clone();
                found.add(Field::List(list), Rule::FileMissing { path });
            }
        }
        // Nothing to begin the reading of imports with, which the published client refuses too.
        if self.python.kind == PythonKind::Auto && brought.has_no_main {
            found.add(Field::List(List::RootPaths), Rule::MainModule);
        }
        let file = self.python.requirements_file.trim();
        let is_unread = brought.requirements.is_none() && self.python.requirements.trim().is_empty();
        if self.python.kind == PythonKind::Manual && !file.is_empty() && is_unread {
            let path = file.to_owned();
            found.add(Field::Item(Item::RequirementsFile), Rule::FileMissing { path });
        }
        if let Some(line) = self.python.requirements.lines().find(|line| !is_requirement(line)) {
            let line = line.trim().to_owned();
            found.add(Field::Item(Item::Requirements), Rule::Requirement { line });
        }
    }

    fn check_env(&self, found: &mut Found) {
        let mut seen = BTreeSet::new();
        for (place, row) in self.env.iter().enumerate() {
            let name = row.name.trim().to_owned();
            if name.is_empty() {
                if !row.value.is_empty() {
                    found.add(Field::Cell(List::Env, place, Column::First), Rule::Required);
                }
            } else if row.is_asked && row.value.is_empty() {
                found.add(
                    Field::Cell(List::Env, place, Column::Second),
                    Rule::ValueMissing { name: name.clone() },
                );
            }
            if !name.is_empty() && !seen.insert(name.clone()) {
                found.add(Field::Cell(List::Env, place, Column::First), Rule::EnvRepeated { name });
            }
        }
    }

    /// What only a job with a further value of an argument would break. The request is made once and gets each value in
    /// turn: this runs while somebody types.
    fn check_further_values(&self, project_id: &str, found: &mut Found) {
        if self.jobs_count() > MAX_JOBS {
            return found.add(Field::List(List::Arguments), Rule::TooManyJobs { max: MAX_JOBS });
        }
        if self.arguments.iter().all(|row| row.more.trim().is_empty()) {
            return;
        }
        let draft = self.with_first_values();
        let mut request = draft.to_request(project_id);
        for (index, place) in draft.written(List::Arguments).into_iter().enumerate() {
            let row = &self.arguments[place];
            for value in row.values().into_iter().filter(|value| *value != row.value) {
                let mut parameters = request.job_parameters.iter_mut();
                let argument = parameters.find_map(|parameters| parameters.arguments.get_mut(index));
                let Some(argument) = argument else { continue };
                value.clone_into(&mut argument.value);
                for violation in check_argument(&request, index) {
                    let field = match draft.field(&violation.field) {
                        Field::Cell(List::Arguments, ..) => Field::Cell(List::Arguments, place, Column::More),
                        field => field,
                    };
                    found.add(field, violation.rule);
                }
            }
            let mut parameters = request.job_parameters.iter_mut();
            if let Some(argument) = parameters.find_map(|parameters| parameters.arguments.get_mut(index)) {
                argument.value.clone_from(&draft.arguments[place].value);
            }
        }
    }

    /// The first of the jobs it makes, as far as values go.
    fn with_first_values(&self) -> Self {
        let mut draft = self.clone();
        for row in &mut draft.arguments {
            if let Some(first) = row.values().first().map(|first| (*first).to_owned()) {
                row.value = first;
            }
        }
        draft
    }

    fn check_units(&self, found: &mut Found) {
        let mut item = |item, is_wrong: bool, rule| {
            if is_wrong {
                found.add(Field::Item(item), rule);
            }
        };
        let given = |text: &str| !text.trim().is_empty();
        let min_gb = units::MIN_STORAGE_GB;
        match units::gigabytes_up(&self.storage_size) {
            None => item(Item::StorageSize, given(&self.storage_size), Rule::Size),
            Some(size) => item(Item::StorageSize, size < min_gb, Rule::StorageTooSmall { min_gb }),
        }
        item(Item::DataTtl, units::duration(&self.data_ttl).is_none(), Rule::Duration);
        if self.shutdown.is_on {
            let signal = units::signal_number(&self.shutdown.signal);
            item(Item::ShutdownSignal, signal.is_none(), Rule::Signal);
            let timeout = units::duration(&self.shutdown.timeout);
            item(Item::ShutdownTimeout, timeout.is_none(), Rule::Duration);
        }
        match self.image.kind {
            ImageKind::None => {}
            ImageKind::Id => item(Item::ImageId, !given(&self.image.id), Rule::Required),
            ImageKind::Address => item(Item::ImageAddress, !given(&self.image.address), Rule::Required),
        }
        // The published client passes over the version of an environment that it finds by itself.
        if self.python.kind == PythonKind::Manual {
            let version = units::minor_version(&self.python.version);
            item(Item::PythonVersion, version.is_none(), Rule::PythonVersion);
        }
        if self.python.kind == PythonKind::Manual
            && !self.python.root_paths.is_empty()
            && !self.python.local_paths.is_empty()
        {
            let other = "root-paths".to_owned();
            found.add(Field::List(List::LocalPaths), Rule::Exclusive { other });
        }
        for (place, row) in self.output_datasets.iter().enumerate() {
            let cell = |column| Field::Cell(List::OutputDatasets, place, column);
            if self.is_blank(List::OutputDatasets, place) {
                continue;
            }
            if !row.size.trim().is_empty() && units::bytes(&row.size).is_none() {
                found.add(cell(Column::Size), Rule::Size);
            }
            if units::labels(&row.labels).is_none() {
                found.add(cell(Column::Labels), Rule::Labels);
            }
        }
    }
}

/// Paths are unique and none lies inside another, as the published client compares them: by their names alone, `..` among
/// them, and the working directory holds all that are relative.
fn check_places<'a>(list: List, paths: impl Iterator<Item = &'a str>, found: &mut Found) {
    let located: Vec<_> = paths
        .enumerate()
        .filter(|(_, path)| !path.is_empty())
        .map(|(row, path)| {
            let names = path.split('/').filter(|name| !matches!(*name, "" | "."));
            (row, path.starts_with('/'), names.collect::<Vec<_>>())
        })
        .collect();
    let text = |names: &[&str]| match names {
        [] => ".".to_owned(),
        names => names.join("/"),
    };
    let mut places = BTreeSet::new();
    for (row, is_absolute, names) in &located {
        if !places.insert((is_absolute, names.as_slice())) {
            let path = text(names);
            found.add(Field::Cell(list, *row, Column::First), Rule::PathRepeated { path });
        }
    }
    for (row, is_absolute, names) in &located {
        let mut above = (0..names.len()).rev().map(|length| &names[..length]);
        if let Some(outer) = above.find(|names| places.contains(&(is_absolute, *names))) {
            let outer = text(outer);
            found.add(Field::Cell(list, *row, Column::First), Rule::PathNested { outer });
        }
    }
}

struct Found(Vec<Problem>);

impl Found {
    /// One sentence for a field is enough where two rules say nearly the same.
    fn add(&mut self, field: Field, rule: Rule) {
        let says_less = |known: &Problem| {
            known.field == field
                && (known.rule == rule
                    || matches!(
                        (&known.rule, &rule),
                        (Rule::Required, Rule::Size) | (Rule::Required, Rule::FileMissing { .. })
                    ))
        };
        if let Some(known) = self.0.iter_mut().find(|known| says_less(known)) {
            known.rule = rule;
        } else {
            self.0.push(Problem { field, rule });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{InputContent, InputRow, PairRow, PathRow};

    fn chosen() -> InputContent {
        InputContent::Chosen {
            number: 1,
            size_bytes: 0,
            sha256: None,
        }
    }

    fn draft() -> Draft {
        Draft {
            cmd: "cat ${A}".into(),
            inputs: vec![InputRow {
                path: "a".into(),
                var: "A".into(),
                content: chosen(),
                ..InputRow::default()
            }],
            ..Draft::default()
        }
    }

    fn broken(change: impl FnOnce(&mut Draft)) -> Vec<(String, Rule)> {
        let mut draft = draft();
        change(&mut draft);
        let problems = draft.problems("p").into_iter();
        problems.map(|problem| (problem.field.id(), problem.rule)).collect()
    }

    #[test]
    fn the_working_directory_holds_all_other_inputs() {
        let input = |path: &str| InputRow {
            path: path.into(),
            var: path.replace(['.', '/'], "_"),
            content: chosen(),
            is_folder: path.starts_with('.'),
        };
        let nested = |outer: &str| Rule::PathNested { outer: outer.into() };
        assert_eq!(
            broken(|draft| draft.inputs.extend([input("./"), input("/b"), input("../c")])),
            [
                ("field-inputs-0-first".into(), nested(".")),
                ("field-inputs-3-first".into(), nested("."))
            ]
        );
        assert_eq!(broken(|draft| draft.inputs.push(input("/b"))), []);
    }

    fn mount(id: &str, var: &str) -> PathRow {
        PathRow {
            path: id.into(),
            var: var.into(),
        }
    }

    #[test]
    fn three_fields_make_a_valid_job() {
        assert_eq!(broken(|_| {}), []);
    }

    #[test]
    fn what_only_a_draft_can_break_names_its_field() {
        assert_eq!(
            broken(|draft| draft.inputs[0].content = InputContent::Missing),
            [("field-inputs-0-first".into(), Rule::FileMissing { path: "a".into() })]
        );
        assert_eq!(
            broken(|draft| draft.s3_mounts = vec![mount("bt1aaaaaaaaaaaaaaaaa", "A"), mount("short", "x y")]),
            [
                (
                    "field-s3-mounts-0-second".into(),
                    Rule::VariableRepeated { name: "A".into() }
                ),
                ("field-s3-mounts-1-first".into(), Rule::ResourceId),
                (
                    "field-s3-mounts-1-second".into(),
                    Rule::VariableName { name: "x y".into() }
                ),
            ]
        );
        assert_eq!(
            broken(|draft| {
                let row = |name: &str, value: &str, is_asked| PairRow {
                    name: name.into(),
                    value: value.into(),
                    is_asked,
                    ..PairRow::default()
                };
                draft.env = vec![
                    row("E", "1", false),
                    row("E", "2", false),
                    row("F", "", true),
                    row("", "v", false),
                ];
            })
            .iter()
            .map(|(field, _)| field.as_str())
            .collect::<Vec<_>>(),
            [
                "field-env-1-first",
                "field-env-2-second",
                "field-env-3-first",
                "field-env-3-first"
            ]
        );
        assert_eq!(
            broken(|draft| {
                draft.storage_size = "99Gb".into();
                draft.data_ttl = "soon".into();
                draft.shutdown.is_on = true;
                draft.shutdown.signal = "SIGKILL".into();
                draft.python.kind = PythonKind::Manual;
                draft.python.version = "2.7".into();
                draft.image.kind = ImageKind::Id;
            }),
            [
                ("field-image-id".into(), Rule::Required),
                ("field-python-version".into(), Rule::PythonVersion),
                ("field-storage-size".into(), Rule::StorageTooSmall { min_gb: 100 }),
                ("field-shutdown-signal".into(), Rule::Signal),
                ("field-data-ttl".into(), Rule::Duration),
            ]
        );
        assert_eq!(
            broken(|draft| draft.outputs = vec![mount("a..b", "")])[0].1,
            Rule::PathParent
        );
    }
}
