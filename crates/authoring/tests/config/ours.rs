//! Our reading of a text, in the terms of the published client.

use jobsphere_authoring::{
    config::{Misfit, read},
    draft::{Column, Draft, Field, InputContent, Item, List, PathRow, Problem, PythonKind},
    yaml::{self, Content, Node},
};
use jobsphere_rules::rules::Rule;
use serde_json::{Value, json};

/// What the text says as YAML, as `published.py` writes it; `None` for what is not YAML.
pub(crate) fn tree(text: &str) -> Option<Value> {
    let root = yaml::parse(text).ok()?;
    Some(root.as_ref().map_or(Value::Null, node))
}

fn node(of: &Node) -> Value {
    match &of.content {
        Content::Text(text) => json!(text),
        Content::List(items) => items.iter().map(node).collect(),
        Content::Map(entries) => {
            let mut pairs: Vec<(&str, Value)> = Vec::new();
            for (key, value) in entries.iter() {
                let key = key.as_text().unwrap();
                match pairs.iter_mut().find(|(known, _)| *known == key) {
                    Some(known) => known.1 = node(value),
                    None => pairs.push((key, node(value))),
                }
            }
            json!({ "map": pairs })
        }
    }
}

/// The draft of a text as somebody completes it who has the files and the values at hand.
pub(crate) fn completed(text: &str) -> Draft {
    let mut draft = read(text).draft;
    for (place, row) in draft.inputs.iter_mut().enumerate() {
        row.content = InputContent::Chosen {
            number: place as u64 + 1,
            size_bytes: 0,
            sha256: None,
        };
        row.is_folder = row.path.split('/').all(|name| matches!(name, "" | "."));
    }
    draft.python.brought.requirements = Some(String::new());
    for row in draft.env.iter_mut().filter(|row| row.is_asked && row.name == "PRESENT") {
        row.value = "here".into();
    }
    draft
}

/// Why we refuse a text.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The file does not fit.
    File(Misfit),
    /// A field breaks a rule.
    Field(Problem),
}

impl Refusal {
    /// Whether it is the service that would refuse the job, and not the published parser the file.
    pub(crate) fn is_the_services(&self, draft: &Draft) -> bool {
        let Self::Field(Problem { field, rule }) = self else {
            // The service's rules for these names allow no blanks; the form would take them away.
            let text = match self {
                Self::File(Misfit::EdgeBlank { text }) => text,
                // An argument or variable that has no name.
                Self::File(Misfit::EntryMissing { key }) => return matches!(key.as_str(), "args" | "env.vars"),
                _ => return false,
            };
            return free_names(draft).any(|name| name == text);
        };
        let is_free_name = matches!(field, Field::Cell(List::Arguments | List::OutputDatasets, ..));
        match rule {
            // What no command or path can hold, and the service's own limits.
            Rule::Nul | Rule::TooLong { .. } | Rule::TooLarge { .. } | Rule::TimeTooLong { .. } => true,
            Rule::PathTooLong | Rule::Negative | Rule::RequestTooLarge { .. } | Rule::FilledTooLong { .. } => true,
            // What could not run.
            Rule::PathNamesNothing | Rule::OutputIsWorkingDirectory | Rule::OutputInFile { .. } => true,
            Rule::VariableMisplaced(_) => true,
            Rule::TooMany { .. } => *field == Field::List(List::InstanceTypes),
            Rule::EnvName { .. } => true,
            // The published client looks at the variables of paths alone.
            Rule::VariableReserved { .. } => is_free_name,
            // Alike but for the blanks around them.
            Rule::VariableRepeated { name } | Rule::EnvRepeated { name } => {
                free_names(draft).any(|given| given != name && given.trim() == name)
            }
            Rule::VariableName { name } => is_free_name || is_between_cases(name),
            // A command of blanks, a path that names nothing, a dataset of less than a gigabyte.
            Rule::Required => true,
            Rule::NameRepeated { name } => {
                let made = draft.output_datasets.iter();
                made.filter(|row| row.name == *name).count() < 2
            }
            Rule::Duration => *field == Field::Item(Item::DataTtl),
            // Absolute paths and those that lead outside share one folder at the service.
            Rule::PathRepeated { .. } | Rule::PathNested { .. } => {
                let inputs = draft.inputs.iter().map(|row| &row.path);
                let mut paths = inputs.chain(draft.outputs.iter().map(|row| &row.path));
                paths.any(|path| path.starts_with('/') || path.contains(".."))
            }
            _ => false,
        }
    }
}

/// Names of which the published client takes any.
fn free_names(draft: &Draft) -> impl Iterator<Item = &String> {
    let made = draft.output_datasets.iter().map(|row| &row.var);
    made.chain(draft.arguments.iter().chain(&draft.env).map(|row| &row.name))
}

/// Whether a name has one of the signs between `Z` and `a`, which the published client's pattern takes by a slip.
fn is_between_cases(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || (b'['..=b'`').contains(&byte);
    name.len() <= 50 && name.bytes().all(is_letter)
}

/// Everything that keeps a text from becoming a job.
pub(crate) fn refusals(text: &str) -> Vec<Refusal> {
    let notes = read(text).notes.into_iter().map(|note| note.misfit);
    let misfits = notes.filter(|misfit| !misfit.is_warning()).map(Refusal::File);
    let problems = completed(text).problems("p").into_iter().map(Refusal::Field);
    misfits.chain(problems).collect()
}

fn trimmed(texts: &[String]) -> Vec<&str> {
    let trimmed = texts.iter().map(|text| text.trim());
    trimmed.filter(|text| !text.is_empty()).collect()
}

fn paths(rows: &[PathRow]) -> Value {
    rows.iter().map(|row| json!([row.path, row.var])).collect()
}

/// What a text means, as `published.py` writes it.
pub(crate) fn meaning(text: &str) -> Value {
    let draft = completed(text);
    let request = draft.to_request("p");
    let parameters = request.job_parameters.unwrap();
    let mut vars: Vec<_> = parameters.env.unwrap_or_default().vars.into_iter().collect();
    vars.sort();
    let instances: Vec<_> = parameters.cloud_instance_types.iter().map(|kind| &kind.name).collect();
    let shutdown = parameters.graceful_shutdown_parameters.unwrap_or_default();
    let made = parameters.output_datasets.into_iter().map(|made| {
        let mut labels: Vec<_> = made.labels.into_iter().collect();
        labels.sort();
        json!([made.name, made.var, made.size_gb, made.description, labels])
    });
    let inputs = draft.inputs.iter().map(|row| json!([row.path, row.var]));
    json!({
        "name": draft.name,
        "desc": draft.desc,
        "cmd": parameters.cmd,
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": paths(&draft.outputs),
        "mounts": paths(&draft.s3_mounts),
        "datasets": paths(&draft.datasets),
        "args": parameters.arguments.iter().map(|row| json!([row.name, row.value])).collect::<Vec<_>>(),
        "vars": vars,
        "disk": parameters.attach_project_disk,
        // Where none is given the published client itself writes down the smallest.
        "instances": if instances.is_empty() { json!(["c1.4"]) } else { json!(instances) },
        "storage": parameters.extended_working_storage.map_or(0, |storage| storage.size_gb),
        "made": made.collect::<Vec<_>>(),
        "shutdown": [shutdown.signal, shutdown.timeout.unwrap_or_default().seconds],
        "spark": draft.spark_connector.trim(),
        "image": [draft.image.id.trim(), draft.image.address.trim(), draft.image.username.trim(), draft.image.secret.trim()],
        "python": python(&draft),
    })
}

fn python(draft: &Draft) -> Value {
    let python = &draft.python;
    let version = draft
        .to_request("p")
        .job_parameters
        .and_then(|parameters| parameters.env?.python_env);
    // In the published client the version of `auto` is that of the caller's interpreter.
    let version = version
        .filter(|_| python.kind == PythonKind::Manual)
        .unwrap_or_default()
        .python_version;
    json!([
        python.kind != PythonKind::None,
        version,
        python.index_url.trim(),
        trimmed(&python.extra_index_urls),
        trimmed(&python.trusted_hosts),
        python.no_deps,
    ])
}

/// The published client's meaning without the blanks that our form takes away around values which are names.
pub(crate) fn without_edges(mut means: Value) -> Value {
    let trim = |value: &mut Value| {
        if let Value::String(text) = value {
            *text = text.trim().to_owned();
        }
    };
    let trim_all = |value: &mut Value| {
        let items = value.as_array_mut().unwrap();
        items.iter_mut().for_each(trim);
        items.retain(|item| item != "");
    };
    trim_all(&mut means["instances"]);
    if means["instances"] == json!([]) {
        means["instances"] = json!(["c1.4"]);
    }
    trim(&mut means["spark"]);
    means["image"].as_array_mut().unwrap().iter_mut().for_each(trim);
    for made in means["made"].as_array_mut().unwrap() {
        trim(&mut made[0]);
        for label in made[4].as_array_mut().unwrap() {
            label.as_array_mut().unwrap().iter_mut().for_each(trim);
        }
    }
    for list in ["inputs", "outputs"] {
        for path in means[list].as_array_mut().unwrap() {
            if path[0] == "" {
                path[0] = ".".into();
            }
        }
    }
    trim(&mut means["python"][2]);
    for list in 3..5 {
        trim_all(&mut means["python"][list]);
    }
    means
}

/// What a person is told, with the line: what does not fit, or else what breaks a rule.
pub(crate) fn said(text: &str) -> Vec<String> {
    let reading = read(text);
    let errors = reading.notes.iter().filter(|note| !note.misfit.is_warning());
    let mut said: Vec<String> = errors.map(|note| format!("{}: {}", note.line, note.misfit)).collect();
    if !said.is_empty() {
        return said;
    }
    for Problem { field, rule } in completed(text).problems("p") {
        let holder = match field {
            Field::Cell(list, row, _) => Field::Cell(list, row, Column::First),
            field => field,
        };
        let line = reading.line(field).or_else(|| reading.line(holder)).unwrap_or_default();
        said.push(format!("{line}: {rule}"));
    }
    said
}
