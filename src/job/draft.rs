//! A job being written: rows of a form, some of them still blank, and the request they make.

use std::collections::BTreeSet;

use crate::api::jobs::{
    Argument, CreateProjectJobRequest, Environment, File, FileCompressionType, FileDesc, JobParameters,
};

/// An input: a file on the person's disk and where the job finds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputRow {
    /// Path in the job's folder.
    pub path: String,
    /// Variable for the path; empty for none.
    pub var: String,
    /// Size of the file.
    pub size_bytes: i64,
    /// Lower-case hexadecimal SHA-256; empty until it is known.
    pub sha256: String,
}

/// An output: a path the job writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputRow {
    /// Path in the job's folder.
    pub path: String,
    /// Variable for the path; empty for none.
    pub var: String,
}

/// An argument or environment variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PairRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A job being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Name for people.
    pub name: String,
    /// Description.
    pub desc: String,
    /// The command.
    pub cmd: String,
    /// Inputs, in the order of the form.
    pub inputs: Vec<InputRow>,
    /// Outputs.
    pub outputs: Vec<OutputRow>,
    /// Arguments.
    pub arguments: Vec<PairRow>,
    /// Environment variables.
    pub env: Vec<PairRow>,
}

/// A place of the form. Rows are counted from 0, blank ones included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The name.
    Name,
    /// The description.
    Desc,
    /// The command.
    Cmd,
    /// The inputs as a whole.
    Inputs,
    /// The path of an input.
    InputPath(usize),
    /// The variable of an input.
    InputVar(usize),
    /// The outputs as a whole.
    Outputs,
    /// The path of an output.
    OutputPath(usize),
    /// The variable of an output.
    OutputVar(usize),
    /// The name of an argument.
    ArgumentName(usize),
    /// The value of an argument.
    ArgumentValue(usize),
    /// The name of an environment variable.
    EnvName(usize),
    /// The value of an environment variable.
    EnvValue(usize),
    /// Nothing that the form shows.
    Elsewhere,
}

impl Draft {
    /// The request this draft makes in `project_id`; blank rows are left out.
    pub fn to_request(&self, project_id: &str) -> CreateProjectJobRequest {
        let vars = named(&self.env).map(|(_, row)| (row.name.trim().to_owned(), row.value.clone()));
        let parameters = JobParameters {
            cmd: self.cmd.trim().to_owned(),
            input_files: self.inputs.iter().map(input).collect(),
            output_files: written(&self.outputs)
                .map(|(_, row)| desc(&row.path, &row.var))
                .collect(),
            arguments: named(&self.arguments)
                .map(|(_, row)| Argument {
                    name: row.name.trim().to_owned(),
                    value: row.value.clone(),
                })
                .collect(),
            env: Some(Environment {
                vars: vars.collect(),
                ..Environment::default()
            }),
            ..JobParameters::default()
        };
        CreateProjectJobRequest {
            project_id: project_id.to_owned(),
            job_parameters: Some(parameters),
            name: self.name.trim().to_owned(),
            desc: self.desc.trim().to_owned(),
            ..CreateProjectJobRequest::default()
        }
    }

    /// The draft that would make these parameters again; the inputs' contents are known by their hash only.
    pub fn from_parameters(name: &str, desc: &str, parameters: &JobParameters) -> Self {
        let pair = |(name, value): (&String, &String)| PairRow {
            name: name.clone(),
            value: value.clone(),
        };
        Self {
            name: name.to_owned(),
            desc: desc.to_owned(),
            cmd: parameters.cmd.clone(),
            inputs: parameters.input_files.iter().map(input_row).collect(),
            outputs: parameters.output_files.iter().map(output_row).collect(),
            arguments: parameters
                .arguments
                .iter()
                .map(|row| pair((&row.name, &row.value)))
                .collect(),
            env: parameters
                .env
                .iter()
                .flat_map(|env| env.vars.iter().map(pair))
                .collect(),
        }
    }

    /// Rows whose environment variable is named again further down: the request can hold only one value.
    pub fn repeated_env(&self) -> Vec<Field> {
        let mut seen = BTreeSet::new();
        named(&self.env)
            .filter(|(_, row)| !seen.insert(row.name.trim()))
            .map(|(index, _)| Field::EnvName(index))
            .collect()
    }

    /// The place of the form that shows `path`, a field of the request such as
    /// `job_parameters.input_files[0].desc.path`.
    pub fn field(&self, path: &str) -> Field {
        let inner = path.strip_prefix("job_parameters.").unwrap_or(path);
        match inner {
            "name" => return Field::Name,
            "desc" => return Field::Desc,
            "cmd" => return Field::Cmd,
            "input_files" => return Field::Inputs,
            "output_files" => return Field::Outputs,
            _ => {}
        }
        self.row_field(inner).unwrap_or(Field::Elsewhere)
    }

    fn row_field(&self, inner: &str) -> Option<Field> {
        let (list, rest) = inner.split_once('[')?;
        let (key, part) = rest.rsplit_once(']')?;
        let is_var = part.ends_with("var");
        if list == "env.vars" {
            let (row, _) = named(&self.env).find(|(_, row)| format!("{:?}", row.name.trim()) == key)?;
            return Some(match part {
                ".value" => Field::EnvValue(row),
                _ => Field::EnvName(row),
            });
        }
        let place: usize = key.parse().ok()?;
        match list {
            "input_files" if is_var => Some(Field::InputVar(place)),
            "input_files" => Some(Field::InputPath(place)),
            "output_files" => {
                let (row, _) = written(&self.outputs).nth(place)?;
                Some(if is_var {
                    Field::OutputVar(row)
                } else {
                    Field::OutputPath(row)
                })
            }
            "arguments" => {
                let (row, _) = named(&self.arguments).nth(place)?;
                Some(match part {
                    ".value" => Field::ArgumentValue(row),
                    _ => Field::ArgumentName(row),
                })
            }
            _ => None,
        }
    }

    /// Variables that the command may mention, in the order of the form.
    pub fn variables(&self) -> Vec<String> {
        let inputs = self.inputs.iter().map(|row| &row.var);
        let outputs = self.outputs.iter().map(|row| &row.var);
        let arguments = self.arguments.iter().map(|row| &row.name);
        inputs
            .chain(outputs)
            .chain(arguments)
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    }
}

fn input(row: &InputRow) -> File {
    File {
        desc: Some(desc(&row.path, &row.var)),
        sha256: row.sha256.clone(),
        size_bytes: row.size_bytes,
        compression_type: FileCompressionType::None.into(),
    }
}

fn desc(path: &str, var: &str) -> FileDesc {
    FileDesc {
        path: path.to_owned(),
        var: var.trim().to_owned(),
    }
}

fn input_row(file: &File) -> InputRow {
    let OutputRow { path, var } = file.desc.as_ref().map(output_row).unwrap_or_default();
    InputRow {
        path,
        var,
        size_bytes: file.size_bytes,
        sha256: file.sha256.clone(),
    }
}

fn output_row(desc: &FileDesc) -> OutputRow {
    OutputRow {
        path: desc.path.clone(),
        var: desc.var.clone(),
    }
}

fn named(rows: &[PairRow]) -> impl Iterator<Item = (usize, &PairRow)> {
    let is_blank = |row: &PairRow| row.name.trim().is_empty() && row.value.is_empty();
    rows.iter().enumerate().filter(move |(_, row)| !is_blank(row))
}

fn written(rows: &[OutputRow]) -> impl Iterator<Item = (usize, &OutputRow)> {
    let is_blank = |row: &OutputRow| row.path.trim().is_empty() && row.var.trim().is_empty();
    rows.iter().enumerate().filter(move |(_, row)| !is_blank(row))
}

/// A path for a new file `name` that none of the `taken` ones has: a number is put in, so that two files
/// `data.txt` from two folders do not hide each other.
pub fn free_path(name: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    (2..)
        .map(|number| format!("{stem}-{number}{extension}"))
        .find(|path| !taken.contains(path))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> PairRow {
        PairRow {
            name: name.into(),
            value: value.into(),
        }
    }

    fn output(path: &str) -> OutputRow {
        OutputRow {
            path: path.into(),
            var: String::new(),
        }
    }

    fn draft() -> Draft {
        Draft {
            name: " Mean ".into(),
            cmd: "python3 ${S}\n".into(),
            inputs: vec![InputRow {
                path: "mean.py".into(),
                var: "S".into(),
                size_bytes: 3,
                sha256: "ab".into(),
            }],
            outputs: vec![output(""), output("mean.txt")],
            arguments: vec![pair("", ""), pair("N", " 5 ")],
            env: vec![pair("B", "2"), pair("", ""), pair("A", "1")],
            ..Draft::default()
        }
    }

    #[test]
    fn blank_rows_are_left_out_and_the_rest_comes_back() {
        let request = draft().to_request("p");
        let parameters = request.job_parameters.clone().unwrap();
        assert_eq!(
            (request.name.as_str(), parameters.cmd.as_str()),
            ("Mean", "python3 ${S}")
        );
        assert_eq!(parameters.output_files.len(), 1);
        assert_eq!(parameters.arguments[0].value, " 5 ");
        let again = Draft::from_parameters(&request.name, &request.desc, &parameters);
        assert_eq!(again.to_request("p"), request);
    }

    #[test]
    fn fields_of_the_request_lead_to_rows_of_the_form() {
        let draft = draft();
        for (path, field) in [
            ("name", Field::Name),
            ("job_parameters.cmd", Field::Cmd),
            ("job_parameters.input_files", Field::Inputs),
            ("job_parameters.input_files[0].desc.var", Field::InputVar(0)),
            ("job_parameters.input_files[0].size_bytes", Field::InputPath(0)),
            ("job_parameters.output_files[0].path", Field::OutputPath(1)),
            ("job_parameters.arguments[0].name", Field::ArgumentName(1)),
            ("job_parameters.env.vars[\"A\"]", Field::EnvName(2)),
            ("job_parameters.env.vars[\"Z\"]", Field::Elsewhere),
            ("job_parameters.spark_parameters", Field::Elsewhere),
        ] {
            assert_eq!(draft.field(path), field, "{path}");
        }
    }

    #[test]
    fn a_repeated_environment_variable_is_found() {
        let mut draft = draft();
        assert!(draft.repeated_env().is_empty());
        draft.env.push(pair(" A", "3"));
        assert_eq!(draft.repeated_env(), [Field::EnvName(3)]);
    }

    #[test]
    fn equal_names_get_numbers() {
        let taken = BTreeSet::from(["a.txt".to_owned(), "a-2.txt".to_owned()]);
        assert_eq!(free_path("a.txt", &taken), "a-3.txt");
        assert_eq!(free_path("b", &taken), "b");
    }
}
