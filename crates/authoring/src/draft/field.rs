//! The fields of a draft by name: for a form that shows them, and for problems that point at them.

use super::{DatasetRow, Draft, InputRow, PairRow, PathRow};

/// A field with one text, or a list as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Item {
    Name,
    Desc,
    Cmd,
    ImageId,
    ImageAddress,
    ImageUsername,
    ImageSecret,
    PythonVersion,
    RequirementsFile,
    Requirements,
    IndexUrl,
    StorageSize,
    ShutdownSignal,
    ShutdownTimeout,
    SparkConnector,
    DataTtl,
}

/// A list of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum List {
    Inputs,
    Outputs,
    Arguments,
    Env,
    S3Mounts,
    Datasets,
    OutputDatasets,
    InstanceTypes,
    RootPaths,
    LocalPaths,
    ExtraIndexUrls,
    TrustedHosts,
}

/// A text of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The first: a path, id or name.
    First,
    /// The second: a variable or value.
    Second,
    /// Size of an output dataset.
    Size,
    /// Description of an output dataset.
    Description,
    /// Labels of an output dataset.
    Labels,
    /// Further values of an argument.
    More,
}

/// A place of the draft. Rows are counted from 0, blank ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// A text of its own.
    Item(Item),
    /// A list as a whole.
    List(List),
    /// A text of a row.
    Cell(List, usize, Column),
    /// Nothing that a draft has.
    Elsewhere,
}

impl Field {
    /// A name that is an id in a page: `cmd`, `inputs`, `inputs-0-first`.
    pub fn id(self) -> String {
        match self {
            Self::Item(item) => format!("field-{}", kebab(&format!("{item:?}"))),
            Self::List(list) => format!("field-{}", kebab(&format!("{list:?}"))),
            Self::Cell(list, row, column) => {
                format!("{}-{row}-{}", Self::List(list).id(), kebab(&format!("{column:?}")))
            }
            Self::Elsewhere => String::new(),
        }
    }
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

impl Draft {
    /// The text of a field.
    pub fn item(&self, item: Item) -> &str {
        match item {
            Item::Name => &self.name,
            Item::Desc => &self.desc,
            Item::Cmd => &self.cmd,
            Item::ImageId => &self.image.id,
            Item::ImageAddress => &self.image.address,
            Item::ImageUsername => &self.image.username,
            Item::ImageSecret => &self.image.secret,
            Item::PythonVersion => &self.python.version,
            Item::RequirementsFile => &self.python.requirements_file,
            Item::Requirements => &self.python.requirements,
            Item::IndexUrl => &self.python.index_url,
            Item::StorageSize => &self.storage_size,
            Item::ShutdownSignal => &self.shutdown.signal,
            Item::ShutdownTimeout => &self.shutdown.timeout,
            Item::SparkConnector => &self.spark_connector,
            Item::DataTtl => &self.data_ttl,
        }
    }

    /// The text of a field, to be changed.
    pub fn item_mut(&mut self, item: Item) -> &mut String {
        match item {
            Item::Name => &mut self.name,
            Item::Desc => &mut self.desc,
            Item::Cmd => &mut self.cmd,
            Item::ImageId => &mut self.image.id,
            Item::ImageAddress => &mut self.image.address,
            Item::ImageUsername => &mut self.image.username,
            Item::ImageSecret => &mut self.image.secret,
            Item::PythonVersion => &mut self.python.version,
            Item::RequirementsFile => &mut self.python.requirements_file,
            Item::Requirements => &mut self.python.requirements,
            Item::IndexUrl => &mut self.python.index_url,
            Item::StorageSize => &mut self.storage_size,
            Item::ShutdownSignal => &mut self.shutdown.signal,
            Item::ShutdownTimeout => &mut self.shutdown.timeout,
            Item::SparkConnector => &mut self.spark_connector,
            Item::DataTtl => &mut self.data_ttl,
        }
    }

    fn texts(&self, list: List) -> Option<&Vec<String>> {
        match list {
            List::InstanceTypes => Some(&self.instance_types),
            List::RootPaths => Some(&self.python.root_paths),
            List::LocalPaths => Some(&self.python.local_paths),
            List::ExtraIndexUrls => Some(&self.python.extra_index_urls),
            List::TrustedHosts => Some(&self.python.trusted_hosts),
            _ => None,
        }
    }

    fn texts_mut(&mut self, list: List) -> Option<&mut Vec<String>> {
        match list {
            List::InstanceTypes => Some(&mut self.instance_types),
            List::RootPaths => Some(&mut self.python.root_paths),
            List::LocalPaths => Some(&mut self.python.local_paths),
            List::ExtraIndexUrls => Some(&mut self.python.extra_index_urls),
            List::TrustedHosts => Some(&mut self.python.trusted_hosts),
            _ => None,
        }
    }

    /// How many rows a list has.
    pub fn rows(&self, list: List) -> usize {
        match list {
            List::Inputs => self.inputs.len(),
            List::Outputs => self.outputs.len(),
            List::Arguments => self.arguments.len(),
            List::Env => self.env.len(),
            List::S3Mounts => self.s3_mounts.len(),
            List::Datasets => self.datasets.len(),
            List::OutputDatasets => self.output_datasets.len(),
            _ => self.texts(list).map_or(0, Vec::len),
        }
    }

    /// Adds a blank row.
    pub fn add_row(&mut self, list: List) {
        match list {
            List::Inputs => self.inputs.push(InputRow::default()),
            List::Outputs => self.outputs.push(PathRow::default()),
            List::Arguments => self.arguments.push(PairRow::default()),
            List::Env => self.env.push(PairRow::default()),
            List::S3Mounts => self.s3_mounts.push(PathRow::default()),
            List::Datasets => self.datasets.push(PathRow::default()),
            List::OutputDatasets => self.output_datasets.push(DatasetRow::default()),
            _ => self
                .texts_mut(list)
                .into_iter()
                .for_each(|texts| texts.push(String::new())),
        }
    }

    /// Takes a row away.
    pub fn remove_row(&mut self, list: List, row: usize) {
        if row >= self.rows(list) {
            return;
        }
        match list {
            List::Inputs => drop(self.inputs.remove(row)),
            List::Outputs => drop(self.outputs.remove(row)),
            List::Arguments => drop(self.arguments.remove(row)),
            List::Env => drop(self.env.remove(row)),
            List::S3Mounts => drop(self.s3_mounts.remove(row)),
            List::Datasets => drop(self.datasets.remove(row)),
            List::OutputDatasets => drop(self.output_datasets.remove(row)),
            _ => self
                .texts_mut(list)
                .into_iter()
                .for_each(|texts| drop(texts.remove(row))),
        }
    }

    /// Moves a row up by one place.
    pub fn raise_row(&mut self, list: List, row: usize) {
        if let Some(texts) = self.texts_mut(list)
            && (1..texts.len()).contains(&row)
        {
            texts.swap(row - 1, row);
        }
    }

    /// The text of a row; `None` when there is no such row or column.
    pub fn cell(&self, list: List, row: usize, column: Column) -> Option<&str> {
        let text = match (list, column) {
            (List::Inputs, Column::First) => &self.inputs.get(row)?.path,
            (List::Inputs, Column::Second) => &self.inputs.get(row)?.var,
            (List::Outputs, Column::First) => &self.outputs.get(row)?.path,
            (List::Outputs, Column::Second) => &self.outputs.get(row)?.var,
            (List::S3Mounts, Column::First) => &self.s3_mounts.get(row)?.path,
            (List::S3Mounts, Column::Second) => &self.s3_mounts.get(row)?.var,
            (List::Datasets, Column::First) => &self.datasets.get(row)?.path,
            (List::Datasets, Column::Second) => &self.datasets.get(row)?.var,
            (List::Arguments, Column::First) => &self.arguments.get(row)?.name,
            (List::Arguments, Column::Second) => &self.arguments.get(row)?.value,
            (List::Arguments, Column::More) => &self.arguments.get(row)?.more,
            (List::Env, Column::First) => &self.env.get(row)?.name,
            (List::Env, Column::Second) => &self.env.get(row)?.value,
            (List::OutputDatasets, _) => {
                let row = self.output_datasets.get(row)?;
                match column {
                    Column::First => &row.name,
                    Column::Second => &row.var,
                    Column::Size => &row.size,
                    Column::Description => &row.description,
                    Column::Labels => &row.labels,
                    Column::More => return None,
                }
            }
            (_, Column::First) => self.texts(list)?.get(row)?,
            _ => return None,
        };
        Some(text)
    }

    /// The text of a row, to be changed.
    pub fn cell_mut(&mut self, list: List, row: usize, column: Column) -> Option<&mut String> {
        let text = match (list, column) {
            (List::Inputs, Column::First) => &mut self.inputs.get_mut(row)?.path,
            (List::Inputs, Column::Second) => &mut self.inputs.get_mut(row)?.var,
            (List::Outputs, Column::First) => &mut self.outputs.get_mut(row)?.path,
            (List::Outputs, Column::Second) => &mut self.outputs.get_mut(row)?.var,
            (List::S3Mounts, Column::First) => &mut self.s3_mounts.get_mut(row)?.path,
            (List::S3Mounts, Column::Second) => &mut self.s3_mounts.get_mut(row)?.var,
            (List::Datasets, Column::First) => &mut self.datasets.get_mut(row)?.path,
            (List::Datasets, Column::Second) => &mut self.datasets.get_mut(row)?.var,
            (List::Arguments, Column::First) => &mut self.arguments.get_mut(row)?.name,
            (List::Arguments, Column::Second) => &mut self.arguments.get_mut(row)?.value,
            (List::Arguments, Column::More) => &mut self.arguments.get_mut(row)?.more,
            (List::Env, Column::First) => &mut self.env.get_mut(row)?.name,
            (List::Env, Column::Second) => &mut self.env.get_mut(row)?.value,
            (List::OutputDatasets, _) => {
                let row = self.output_datasets.get_mut(row)?;
                match column {
                    Column::First => &mut row.name,
                    Column::Second => &mut row.var,
                    Column::Size => &mut row.size,
                    Column::Description => &mut row.description,
                    Column::Labels => &mut row.labels,
                    Column::More => return None,
                }
            }
            (_, Column::First) => self.texts_mut(list)?.get_mut(row)?,
            _ => return None,
        };
        Some(text)
    }

    /// Whether nothing is written in a row; blank rows are left out of requests and files.
    pub fn is_blank(&self, list: List, row: usize) -> bool {
        if list == List::Inputs
            && self
                .inputs
                .get(row)
                .is_some_and(|input| input.content.chosen().is_some())
        {
            return false;
        }
        let columns = [
            Column::First,
            Column::Second,
            Column::Size,
            Column::Description,
            Column::Labels,
            Column::More,
        ];
        columns
            .into_iter()
            .filter_map(|column| self.cell(list, row, column))
            .all(|text| text.trim().is_empty())
    }

    /// The rows in which something is written, by their place.
    pub fn written(&self, list: List) -> Vec<usize> {
        (0..self.rows(list)).filter(|row| !self.is_blank(list, *row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_takes_gives_and_loses_rows() {
        let mut draft = Draft::default();
        for list in [
            List::Inputs,
            List::Outputs,
            List::Arguments,
            List::Env,
            List::S3Mounts,
            List::Datasets,
            List::OutputDatasets,
            List::InstanceTypes,
            List::RootPaths,
            List::LocalPaths,
            List::ExtraIndexUrls,
            List::TrustedHosts,
        ] {
            draft.add_row(list);
            draft.add_row(list);
            *draft.cell_mut(list, 1, Column::First).unwrap() = "x".into();
            assert_eq!(draft.cell(list, 1, Column::First), Some("x"), "{list:?}");
            assert_eq!(draft.written(list), [1], "{list:?}");
            draft.remove_row(list, 0);
            draft.remove_row(list, 7);
            assert_eq!((draft.rows(list), draft.written(list)), (1, vec![0]), "{list:?}");
        }
    }

    #[test]
    fn fields_have_ids() {
        assert_eq!(Field::Item(Item::PythonVersion).id(), "field-python-version");
        assert_eq!(
            Field::Cell(List::S3Mounts, 2, Column::Second).id(),
            "field-s3-mounts-2-second"
        );
    }
}
