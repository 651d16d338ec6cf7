//! From a draft to the request it makes, and back from a job's parameters.

use std::collections::BTreeSet;

use super::{
    Brought, DatasetRow, Draft, Field, Image, ImageKind, InputContent, InputRow, Item, List, PairRow, PathRow, Python,
    PythonKind, Shutdown, field::Column,
};
use crate::{
    api::jobs::{
        Argument, CloudInstanceType, CreateProjectJobRequest, DockerImageSpec, Environment, ExtendedWorkingStorage,
        File, FileCompressionType, FileDesc, GracefulShutdownParameters, JobParameters, OutputDatasetDesc, PipOptions,
        PythonEnv, SparkParameters, docker_image_spec::Password, environment::DockerImage,
        extended_working_storage::StorageType,
    },
    config::{self, units},
};
use jobsphere_rules::command;

/// Begins the variables of local modules.
const MODULE_VAR: &str = "_LOCAL_MODULE";

impl Draft {
    /// The request this draft makes in `project_id`; blank rows are left out, and what cannot be understood too:
    /// [`Draft::problems`] says what that is.
    pub fn to_request(&self, project_id: &str) -> CreateProjectJobRequest {
        let rows = |list| self.written(list).into_iter();
        let texts =
            |list| rows(list).filter_map(move |row| Some(self.cell(list, row, Column::First)?.trim().to_owned()));
        let ids = |list: &[PathRow]| -> Vec<String> {
            let written = list.iter().map(|row| row.path.trim()).filter(|id| !id.is_empty());
            written.map(str::to_owned).collect()
        };
        let parameters = JobParameters {
            cmd: self.sent_cmd(),
            input_files: self.input_files().into_iter().map(|(file, _)| file).collect(),
            output_files: rows(List::Outputs).map(|row| desc(&self.outputs[row])).collect(),
            arguments: rows(List::Arguments)
                .map(|row| argument(&self.arguments[row]))
                .collect(),
            env: Some(self.environment()),
            s3_mount_ids: ids(&self.s3_mounts),
            dataset_ids: ids(&self.datasets),
            attach_project_disk: self.attach_project_disk,
            cloud_instance_types: texts(List::InstanceTypes)
                .map(|name| CloudInstanceType { name })
                .collect(),
            extended_working_storage: units::gigabytes_up(&self.storage_size).map(|size_gb| ExtendedWorkingStorage {
                r#type: StorageType::Ssd.into(),
                size_gb,
            }),
            output_datasets: rows(List::OutputDatasets)
                .map(|row| output_dataset(&self.output_datasets[row]))
                .collect(),
            graceful_shutdown_parameters: self.shutdown.is_on.then(|| GracefulShutdownParameters {
                timeout: units::duration(&self.shutdown.timeout).filter(|time| time.seconds != 0 || time.nanos != 0),
                signal: units::signal_number(&self.shutdown.signal).unwrap_or_default(),
            }),
            spark_parameters: Some(self.spark_connector.trim())
                .filter(|id| !id.is_empty())
                .map(|id| SparkParameters {
                    connector_id: id.to_owned(),
                }),
        };
        CreateProjectJobRequest {
            project_id: project_id.to_owned(),
            job_parameters: Some(parameters),
            name: self.name.trim().to_owned(),
            desc: self.desc.trim().to_owned(),
            data_ttl: units::duration(self.data_ttl.trim()).filter(|_| !self.data_ttl.trim().is_empty()),
            ..CreateProjectJobRequest::default()
        }
    }

    /// The inputs as they stand in the request, each with its row: the list without its blank rows, then the scripts
    /// that a Python program brings along.
    pub fn input_files(&self) -> Vec<(File, &InputRow)> {
        let listed = self.written(List::Inputs).into_iter().map(|row| &self.inputs[row]);
        let brought = self.sent_scripts();
        listed.chain(brought).map(|row| (input(row), row)).collect()
    }

    /// The local modules as they stand in the request, each with its row.
    pub fn module_files(&self) -> Vec<(File, &InputRow)> {
        let modules = self.sent_modules().iter().enumerate();
        modules.map(|(place, row)| (local_module(place, row), row)).collect()
    }

    fn sent_scripts(&self) -> Vec<&InputRow> {
        if self.python.kind == PythonKind::None {
            return Vec::new();
        }
        let scripts = self.python.brought.scripts.iter();
        let listed: BTreeSet<&str> = self.inputs.iter().map(|row| row.path.as_str()).collect();
        scripts
            .filter(|script| !listed.contains(script.path.as_str()))
            .collect()
    }

    fn sent_modules(&self) -> &[InputRow] {
        if self.python.kind == PythonKind::None {
            return &[];
        }
        &self.python.brought.modules
    }

    /// The command with the variables of mounts and datasets turned into their ids, as the service knows them.
    fn sent_cmd(&self) -> String {
        let mut cmd = config::strip(&self.cmd).to_owned();
        let mentions: Vec<_> = command::mentions(&cmd)
            .into_iter()
            .map(|mention| (mention.name.to_owned(), mention.range))
            .collect();
        for (name, range) in mentions.into_iter().rev() {
            let mounted = self.s3_mounts.iter().chain(&self.datasets);
            let mut named = mounted.filter(|row| row.var.trim() == name && !row.path.trim().is_empty());
            if let Some(row) = named.next_back() {
                cmd.replace_range(range, &format!("${{{}}}", row.path.trim()));
            }
        }
        cmd
    }

    fn environment(&self) -> Environment {
        let vars = self.written(List::Env).into_iter().map(|row| &self.env[row]);
        let Image {
            kind,
            id,
            address,
            username,
            secret,
        } = &self.image;
        let docker_image = match kind {
            ImageKind::None => None,
            ImageKind::Id => Some(DockerImage::DockerImageResourceId(id.trim().to_owned())),
            ImageKind::Address => Some(DockerImage::DockerImageSpec(DockerImageSpec {
                image_url: address.trim().to_owned(),
                username: username.trim().to_owned(),
                password: Some(secret.trim())
                    .filter(|secret| !secret.is_empty())
                    .map(|secret| Password::PasswordDsSecretName(secret.to_owned())),
            })),
        };
        Environment {
            vars: vars
                .map(|row| (row.name.trim().to_owned(), row.value.clone()))
                .collect(),
            docker_image,
            python_env: (self.python.kind != PythonKind::None).then(|| PythonEnv {
                local_modules: self.module_files().into_iter().map(|(file, _)| file).collect(),
                ..python_env(&self.python)
            }),
        }
    }

    /// The draft that would make these parameters again; the inputs' contents are known by their hash only.
    pub fn from_parameters(name: &str, desc: &str, parameters: &JobParameters) -> Self {
        let env = parameters.env.clone().unwrap_or_default();
        let ids = |ids: &[String]| -> Vec<PathRow> {
            let row = |id: &String| PathRow {
                path: id.clone(),
                var: String::new(),
            };
            ids.iter().map(row).collect()
        };
        let mut vars: Vec<PairRow> = env.vars.iter().map(|(name, value)| pair(name, value)).collect();
        vars.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            name: name.to_owned(),
            desc: desc.to_owned(),
            cmd: parameters.cmd.clone(),
            inputs: parameters.input_files.iter().map(input_row).collect(),
            outputs: parameters.output_files.iter().map(path_row).collect(),
            arguments: parameters
                .arguments
                .iter()
                .map(|row| pair(&row.name, &row.value))
                .collect(),
            env: vars,
            image: image(env.docker_image),
            python: env.python_env.as_ref().map(python).unwrap_or_default(),
            s3_mounts: ids(&parameters.s3_mount_ids),
            datasets: ids(&parameters.dataset_ids),
            output_datasets: parameters.output_datasets.iter().map(dataset_row).collect(),
            instance_types: parameters
                .cloud_instance_types
                .iter()
                .map(|kind| kind.name.clone())
                .collect(),
            storage_size: parameters
                .extended_working_storage
                .as_ref()
                .map(|storage| format!("{}Gb", storage.size_gb))
                .unwrap_or_default(),
            attach_project_disk: parameters.attach_project_disk,
            shutdown: parameters
                .graceful_shutdown_parameters
                .as_ref()
                .map(shutdown)
                .unwrap_or_default(),
            spark_connector: parameters
                .spark_parameters
                .as_ref()
                .map(|spark| spark.connector_id.clone())
                .unwrap_or_default(),
            data_ttl: String::new(),
        }
    }

    /// The field that shows `path`, a field of the request such as `job_parameters.input_files[0].desc.path`.
    pub fn field(&self, path: &str) -> Field {
        let inner = path.strip_prefix("job_parameters.").unwrap_or(path);
        let item = match inner {
            "name" => Item::Name,
            "desc" => Item::Desc,
            "cmd" => Item::Cmd,
            "data_ttl" => Item::DataTtl,
            "spark_parameters" | "spark_parameters.connector_id" => Item::SparkConnector,
            _ if inner.starts_with("extended_working_storage") => Item::StorageSize,
            "graceful_shutdown_parameters.signal" => Item::ShutdownSignal,
            _ if inner.starts_with("graceful_shutdown_parameters") => Item::ShutdownTimeout,
            "env.docker_image_resource_id" => Item::ImageId,
            "env.docker_image_spec.username" => Item::ImageUsername,
            _ if inner.starts_with("env.docker_image_spec.password") => Item::ImageSecret,
            _ if inner.starts_with("env.docker_image") => Item::ImageAddress,
            "env.python_env.python_version" => Item::PythonVersion,
            _ if inner.starts_with("env.python_env.local_modules") => return Field::List(List::LocalPaths),
            _ if inner.starts_with("env.python_env.requirements") => Item::Requirements,
            _ if inner.starts_with("env.python_env.pip_options") => Item::IndexUrl,
            _ => return self.row_field(inner).unwrap_or(Field::Elsewhere),
        };
        Field::Item(item)
    }

    fn row_field(&self, inner: &str) -> Option<Field> {
        let (name, rest) = match inner.split_once('[') {
            Some((name, rest)) => (name, Some(rest)),
            None => (inner, None),
        };
        let list = match name {
            "input_files" => List::Inputs,
            "output_files" => List::Outputs,
            "arguments" => List::Arguments,
            "env.vars" => List::Env,
            "s3_mount_ids" => List::S3Mounts,
            "dataset_ids" => List::Datasets,
            "output_datasets" => List::OutputDatasets,
            "cloud_instance_types" => List::InstanceTypes,
            _ => return None,
        };
        let Some((key, part)) = rest.and_then(|rest| rest.rsplit_once(']')) else {
            return Some(Field::List(list));
        };
        let row = if list == List::Env {
            self.env
                .iter()
                .position(|row| format!("{:?}", row.name.trim()) == key)?
        } else {
            let place = key.parse::<usize>().ok()?;
            match self.written(list).get(place) {
                Some(row) => *row,
                // A script, which the form lists with the Python environment.
                None if list == List::Inputs => return Some(Field::List(List::RootPaths)),
                None => return None,
            }
        };
        let column = match part {
            _ if part.ends_with("var") || part == ".value" => Column::Second,
            ".size_gb" => Column::Size,
            ".description" => Column::Description,
            ".labels" => Column::Labels,
            _ => Column::First,
        };
        Some(Field::Cell(list, row, column))
    }
}

fn input(row: &InputRow) -> File {
    let compression = if row.is_folder {
        FileCompressionType::Zip
    } else {
        FileCompressionType::None
    };
    File {
        desc: Some(FileDesc {
            path: row.path.clone(),
            var: row.var.trim().to_owned(),
        }),
        sha256: row.content.sha256().to_owned(),
        size_bytes: row.content.size_bytes(),
        compression_type: compression.into(),
    }
}

/// As the published client names it.
fn local_module(place: usize, row: &InputRow) -> File {
    let row = InputRow {
        var: format!("{MODULE_VAR}_{place}"),
        is_folder: true,
        ..row.clone()
    };
    input(&row)
}

fn desc(row: &PathRow) -> FileDesc {
    FileDesc {
        path: row.path.clone(),
        var: row.var.trim().to_owned(),
    }
}

fn argument(row: &PairRow) -> Argument {
    Argument {
        name: row.name.trim().to_owned(),
        value: row.value.clone(),
    }
}

fn python_env(python: &Python) -> PythonEnv {
    let lines = python.requirements.lines().map(str::trim);
    let texts = |texts: &[String]| -> Vec<String> {
        let written = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        written.map(str::to_owned).collect()
    };
    PythonEnv {
        python_version: units::minor_version(&python.version).unwrap_or_default(),
        requirements: lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect(),
        pip_options: python.has_pip_options().then(|| PipOptions {
            index_url: python.index_url.trim().to_owned(),
            extra_index_urls: texts(&python.extra_index_urls),
            trusted_hosts: texts(&python.trusted_hosts),
            no_deps: python.no_deps,
        }),
        ..PythonEnv::default()
    }
}

fn output_dataset(row: &DatasetRow) -> OutputDatasetDesc {
    OutputDatasetDesc {
        name: row.name.trim().to_owned(),
        description: row.description.clone(),
        labels: units::labels(&row.labels).unwrap_or_default().into_iter().collect(),
        size_gb: units::bytes(&row.size).map_or(0, |bytes| bytes >> 30),
        var: row.var.trim().to_owned(),
    }
}

fn pair(name: &str, value: &str) -> PairRow {
    PairRow {
        name: name.to_owned(),
        value: value.to_owned(),
        ..PairRow::default()
    }
}

fn path_row(desc: &FileDesc) -> PathRow {
    PathRow {
        path: desc.path.clone(),
        var: desc.var.clone(),
    }
}

fn input_row(file: &File) -> InputRow {
    let PathRow { path, var } = file.desc.as_ref().map(path_row).unwrap_or_default();
    InputRow {
        path,
        var,
        content: InputContent::held(&*file.sha256, file.size_bytes),
        is_folder: file.compression_type() == FileCompressionType::Zip,
    }
}

fn without_var(row: InputRow) -> InputRow {
    InputRow {
        var: String::new(),
        ..row
    }
}

fn image(image: Option<DockerImage>) -> Image {
    match image {
        None => Image::default(),
        Some(DockerImage::DockerImageResourceId(id)) => Image {
            kind: ImageKind::Id,
            id,
            ..Image::default()
        },
        Some(DockerImage::DockerImageSpec(spec)) => Image {
            kind: ImageKind::Address,
            address: spec.image_url,
            username: spec.username,
            secret: match spec.password {
                Some(Password::PasswordDsSecretName(secret)) => secret,
                _ => String::new(),
            },
            ..Image::default()
        },
    }
}

fn python(env: &PythonEnv) -> Python {
    let pip = env.pip_options.clone().unwrap_or_default();
    Python {
        kind: PythonKind::Manual,
        version: env.python_version.clone(),
        requirements: env.requirements.join("\n"),
        index_url: pip.index_url,
        extra_index_urls: pip.extra_index_urls,
        trusted_hosts: pip.trusted_hosts,
        no_deps: pip.no_deps,
        brought: Brought {
            modules: env.local_modules.iter().map(input_row).map(without_var).collect(),
            ..Brought::default()
        },
        ..Python::default()
    }
}

fn dataset_row(desc: &OutputDatasetDesc) -> DatasetRow {
    let mut labels: Vec<(&String, &String)> = desc.labels.iter().collect();
    labels.sort();
    DatasetRow {
        name: desc.name.clone(),
        var: desc.var.clone(),
        size: format!("{}Gb", desc.size_gb),
        description: desc.description.clone(),
        labels: units::labels_text(&labels),
    }
}

fn shutdown(parameters: &GracefulShutdownParameters) -> Shutdown {
    Shutdown {
        is_on: true,
        signal: units::signal_name(parameters.signal).unwrap_or_default().to_owned(),
        timeout: parameters
            .timeout
            .as_ref()
            .map(units::duration_text)
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str, var: &str) -> PathRow {
        PathRow {
            path: path.into(),
            var: var.into(),
        }
    }

    fn draft() -> Draft {
        Draft {
            name: " Mean ".into(),
            cmd: "python3 ${S} ${BUCKET}\n".into(),
            inputs: vec![InputRow {
                path: "mean.py".into(),
                var: "S".into(),
                content: InputContent::held("ab", 3),
                ..InputRow::default()
            }],
            outputs: vec![path("", ""), path("mean.txt", "")],
            arguments: vec![pair("", ""), pair("N", " 5 ")],
            env: vec![pair("A", "1"), pair("", ""), pair("B", "2")],
            image: Image {
                kind: ImageKind::Address,
                id: "left over".into(),
                address: "cr.example/x:1".into(),
                username: "me".into(),
                secret: "PASSWORD".into(),
            },
            python: Python {
                kind: PythonKind::Manual,
                version: "3.11.4".into(),
                requirements: "six==1.16.0\n\n# no\n".into(),
                no_deps: true,
                ..Python::default()
            },
            s3_mounts: vec![path("bt1aaaaaaaaaaaaaaaaa", "BUCKET")],
            datasets: vec![path("bt1bbbbbbbbbbbbbbbbb", "")],
            output_datasets: vec![DatasetRow {
                name: "made".into(),
                var: "OUT".into(),
                size: "10Gb".into(),
                labels: "a=1,b=2".into(),
                ..DatasetRow::default()
            }],
            instance_types: vec!["g1.1".into(), "".into(), "c1.4".into()],
            storage_size: "150Gb".into(),
            attach_project_disk: true,
            shutdown: Shutdown {
                is_on: true,
                signal: "SIGINT".into(),
                timeout: "1m30s".into(),
            },
            spark_connector: "sc".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn blank_rows_are_left_out_and_the_rest_comes_back() {
        let request = draft().to_request("p");
        let parameters = request.job_parameters.clone().unwrap();
        assert_eq!(
            (request.name.as_str(), parameters.cmd.as_str()),
            ("Mean", "python3 ${S} ${bt1aaaaaaaaaaaaaaaaa}")
        );
        assert_eq!(parameters.output_files.len(), 1);
        assert_eq!(parameters.arguments[0].value, " 5 ");
        assert_eq!(parameters.cloud_instance_types.len(), 2);
        assert_eq!(parameters.extended_working_storage.as_ref().unwrap().size_gb, 150);
        let env = parameters.env.clone().unwrap();
        assert_eq!(env.python_env.as_ref().unwrap().python_version, "3.11");
        assert_eq!(env.python_env.as_ref().unwrap().requirements, ["six==1.16.0"]);
        let shutdown = parameters.graceful_shutdown_parameters.as_ref().unwrap();
        assert_eq!((shutdown.signal, shutdown.timeout.as_ref().unwrap().seconds), (2, 90));
        let again = Draft::from_parameters(&request.name, &request.desc, &parameters);
        assert_eq!(again.to_request("p"), request);
    }

    #[test]
    fn what_a_program_brings_along_is_sent_and_comes_back() {
        let row = |path: &str, sha256: &str| InputRow {
            path: path.into(),
            content: InputContent::held(sha256, 0),
            ..InputRow::default()
        };
        let mut draft = draft();
        draft.python.brought.scripts = vec![row("mean.py", "ab"), row("tools/run.py", "cd")];
        draft.python.brought.modules = vec![row("lib", "ef"), row("one.py", "01")];
        let request = draft.to_request("p");
        let parameters = request.job_parameters.clone().unwrap();
        let path = |file: &File| file.desc.clone().unwrap_or_default().path;
        let inputs: Vec<_> = parameters.input_files.iter().map(path).collect();
        assert_eq!(inputs, ["mean.py", "tools/run.py"]);
        let python = parameters.env.clone().unwrap().python_env.unwrap();
        let sent = python
            .local_modules
            .iter()
            .map(|file| file.desc.clone().unwrap_or_default().var);
        assert_eq!(sent.collect::<Vec<_>>(), ["_LOCAL_MODULE_0", "_LOCAL_MODULE_1"]);
        assert!(
            python
                .local_modules
                .iter()
                .all(|file| file.compression_type() == FileCompressionType::Zip)
        );
        let again = Draft::from_parameters(&request.name, &request.desc, &parameters);
        assert_eq!(again.to_request("p"), request);
        draft.python.kind = PythonKind::None;
        assert_eq!(draft.to_request("p").job_parameters.unwrap().input_files.len(), 1);
    }

    #[test]
    fn fields_of_the_request_lead_to_fields_of_the_draft() {
        let draft = draft();
        let cell = Field::Cell;
        for (path, field) in [
            ("name", Field::Item(Item::Name)),
            ("job_parameters.cmd", Field::Item(Item::Cmd)),
            ("job_parameters.input_files", Field::List(List::Inputs)),
            (
                "job_parameters.input_files[0].desc.var",
                cell(List::Inputs, 0, Column::Second),
            ),
            (
                "job_parameters.input_files[0].size_bytes",
                cell(List::Inputs, 0, Column::First),
            ),
            (
                "job_parameters.output_files[0].path",
                cell(List::Outputs, 1, Column::First),
            ),
            (
                "job_parameters.arguments[0].value",
                cell(List::Arguments, 1, Column::Second),
            ),
            ("job_parameters.env.vars[\"B\"]", cell(List::Env, 2, Column::First)),
            (
                "job_parameters.cloud_instance_types[1].name",
                cell(List::InstanceTypes, 2, Column::First),
            ),
            (
                "job_parameters.output_datasets[0].size_gb",
                cell(List::OutputDatasets, 0, Column::Size),
            ),
            (
                "job_parameters.env.docker_image_spec.image_url",
                Field::Item(Item::ImageAddress),
            ),
            ("job_parameters.env.vars[\"Z\"]", Field::Elsewhere),
            ("project_id", Field::Elsewhere),
        ] {
            assert_eq!(draft.field(path), field, "{path}");
        }
    }
}
