//! What `Clone` changes of the job it copies.

use super::rules::{Rule, Violation};
use crate::api::jobs::{
    Argument, Environment, File, FileDesc, JobParameters, docker_image_spec::Password, environment::DockerImage,
};

const BASE: &str = "job_parameters_overrides";

/// Puts each field that is set in `changes` in the place of the source's: an input or output by its variable,
/// an argument by its name, environment variables as a whole, everything else as a whole too.
///
/// # Errors
/// Each input, output and argument of `changes` that the source does not have; `parameters` is then half changed.
pub fn apply(parameters: &mut JobParameters, changes: JobParameters) -> Result<(), Vec<Violation>> {
    let mut found = Vec::new();
    for (index, input) in changes.input_files.into_iter().enumerate() {
        let var = variable(input.desc.as_ref()).to_owned();
        let same = |old: &&mut File| variable(old.desc.as_ref()) == var;
        match parameters.input_files.iter_mut().find(same).filter(|_| !var.is_empty()) {
            Some(old) => *old = input,
            None => found.push(unknown(&format!("input_files[{index}].desc.var"), &var)),
        }
    }
    for (index, output) in changes.output_files.into_iter().enumerate() {
        let same = |old: &&mut FileDesc| old.var == output.var;
        match parameters
            .output_files
            .iter_mut()
            .find(same)
            .filter(|_| !output.var.is_empty())
        {
            Some(old) => *old = output,
            None => found.push(unknown(&format!("output_files[{index}].var"), &output.var)),
        }
    }
    for (index, argument) in changes.arguments.into_iter().enumerate() {
        let same = |old: &&mut Argument| old.name == argument.name;
        match parameters.arguments.iter_mut().find(same) {
            Some(old) => old.value = argument.value,
            None => found.push(unknown(&format!("arguments[{index}].name"), &argument.name)),
        }
    }
    if let Some(env) = changes.env {
        environment(parameters.env.get_or_insert_default(), env);
    }
    replace_text(&mut parameters.cmd, changes.cmd);
    replace_list(&mut parameters.s3_mount_ids, changes.s3_mount_ids);
    replace_list(&mut parameters.dataset_ids, changes.dataset_ids);
    replace_list(&mut parameters.cloud_instance_types, changes.cloud_instance_types);
    replace_list(&mut parameters.output_datasets, changes.output_datasets);
    replace(
        &mut parameters.extended_working_storage,
        changes.extended_working_storage,
    );
    replace(
        &mut parameters.graceful_shutdown_parameters,
        changes.graceful_shutdown_parameters,
    );
    replace(&mut parameters.spark_parameters, changes.spark_parameters);
    parameters.attach_project_disk |= changes.attach_project_disk;
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// What `Clone` is to be told so that a copy of `source` becomes `wanted`; `None` when it cannot be told that, as when
/// something is to be taken away.
///
/// A password that the service knows and does not tell is no difference: who makes a draft cannot give it.
pub fn between(source: &JobParameters, wanted: &JobParameters) -> Option<JobParameters> {
    let mut wanted = wanted.clone();
    keep_password(source, &mut wanted);
    let env = wanted.env.clone().unwrap_or_default();
    let source_env = source.env.clone().unwrap_or_default();
    let env_changes = Environment {
        vars: changed(&source_env.vars, env.vars),
        docker_image: changed(&source_env.docker_image, env.docker_image),
        python_env: changed(&source_env.python_env, env.python_env),
    };
    let changes = JobParameters {
        input_files: new_rows(&source.input_files, &wanted.input_files),
        output_files: new_rows(&source.output_files, &wanted.output_files),
        arguments: new_rows(&source.arguments, &wanted.arguments),
        env: (env_changes != Environment::default()).then_some(env_changes),
        cmd: changed(&source.cmd, wanted.cmd.clone()),
        s3_mount_ids: changed(&source.s3_mount_ids, wanted.s3_mount_ids.clone()),
        dataset_ids: changed(&source.dataset_ids, wanted.dataset_ids.clone()),
        cloud_instance_types: changed(&source.cloud_instance_types, wanted.cloud_instance_types.clone()),
        output_datasets: changed(&source.output_datasets, wanted.output_datasets.clone()),
        extended_working_storage: changed(&source.extended_working_storage, wanted.extended_working_storage),
        graceful_shutdown_parameters: changed(
            &source.graceful_shutdown_parameters,
            wanted.graceful_shutdown_parameters,
        ),
        spark_parameters: changed(&source.spark_parameters, wanted.spark_parameters.clone()),
        attach_project_disk: wanted.attach_project_disk && !source.attach_project_disk,
    };
    let mut copy = source.clone();
    apply(&mut copy, changes.clone()).ok()?;
    // An environment that says nothing is as good as none.
    copy.env.get_or_insert_default();
    wanted.env.get_or_insert_default();
    (copy == wanted).then_some(changes)
}

/// Where both name the same image and user, and only the source has a password in plain text, it is taken over.
fn keep_password(source: &JobParameters, wanted: &mut JobParameters) {
    let image = source.env.as_ref().and_then(|env| env.docker_image.as_ref());
    let wanted = wanted.env.as_mut().and_then(|env| env.docker_image.as_mut());
    let (Some(DockerImage::DockerImageSpec(known)), Some(DockerImage::DockerImageSpec(spec))) = (image, wanted) else {
        return;
    };
    let is_same = known.image_url == spec.image_url && known.username == spec.username;
    if is_same && spec.password.is_none() && matches!(known.password, Some(Password::PasswordPlainText(_))) {
        spec.password.clone_from(&known.password);
    }
}

fn changed<T: Default + PartialEq>(source: &T, wanted: T) -> T {
    if *source == wanted { T::default() } else { wanted }
}

fn new_rows<T: Clone + PartialEq>(source: &[T], wanted: &[T]) -> Vec<T> {
    wanted.iter().filter(|row| !source.contains(row)).cloned().collect()
}

fn environment(env: &mut Environment, changes: Environment) {
    if !changes.vars.is_empty() {
        env.vars = changes.vars;
    }
    replace(&mut env.docker_image, changes.docker_image);
    replace(&mut env.python_env, changes.python_env);
}

fn replace<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

fn replace_list<T>(old: &mut Vec<T>, new: Vec<T>) {
    if !new.is_empty() {
        *old = new;
    }
}

fn replace_text(old: &mut String, new: String) {
    if !new.is_empty() {
        *old = new;
    }
}

fn variable(desc: Option<&FileDesc>) -> &str {
    desc.map(|desc| desc.var.as_str()).unwrap_or_default()
}

fn unknown(field: &str, name: &str) -> Violation {
    Violation {
        field: format!("{BASE}.{field}"),
        rule: Rule::NotInSource { name: name.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{CloudInstanceType, DockerImageSpec};

    fn file(path: &str, var: &str) -> File {
        File {
            desc: Some(FileDesc {
                path: path.into(),
                var: var.into(),
            }),
            ..Default::default()
        }
    }

    fn argument(name: &str, value: &str) -> Argument {
        Argument {
            name: name.into(),
            value: value.into(),
        }
    }

    fn source() -> JobParameters {
        JobParameters {
            cmd: "run ${IN} ${rate}".into(),
            input_files: vec![file("a.txt", "IN"), file("b.txt", "")],
            output_files: vec![FileDesc {
                path: "out".into(),
                var: "OUT".into(),
            }],
            arguments: vec![argument("rate", "1"), argument("depth", "2")],
            env: Some(Environment {
                vars: [("A".into(), "1".into()), ("B".into(), "2".into())].into(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    #[test]
    fn what_is_set_replaces_and_the_rest_stays() {
        let mut parameters = source();
        let changes = JobParameters {
            input_files: vec![file("c.txt", "IN")],
            arguments: vec![argument("rate", "9")],
            env: Some(Environment {
                vars: [("C".into(), "3".into())].into(),
                ..Default::default()
            }),
            cloud_instance_types: vec![CloudInstanceType { name: "g1.1".into() }],
            ..Default::default()
        };
        apply(&mut parameters, changes).unwrap();
        assert_eq!(parameters.input_files, [file("c.txt", "IN"), file("b.txt", "")]);
        assert_eq!(parameters.arguments, [argument("rate", "9"), argument("depth", "2")]);
        assert_eq!(parameters.env.unwrap().vars, [("C".into(), "3".into())].into());
        assert_eq!(parameters.cmd, source().cmd);
        assert_eq!(parameters.output_files, source().output_files);
        assert_eq!(parameters.cloud_instance_types[0].name, "g1.1");
    }

    #[test]
    fn a_difference_that_a_clone_can_take_is_found_and_no_other() {
        let source = JobParameters {
            cmd: "run".into(),
            input_files: vec![file("a", "A"), file("plain", "")],
            arguments: vec![argument("N", "1"), argument("M", "2")],
            ..Default::default()
        };
        let mut wanted = source.clone();
        wanted.arguments[0].value = "5".into();
        wanted.input_files[0].sha256 = "new".into();
        wanted.env.get_or_insert_default().vars.insert("E".into(), "1".into());
        let changes = between(&source, &wanted).unwrap();
        assert_eq!((changes.arguments.len(), changes.input_files.len()), (1, 1));
        assert_eq!(changes.cmd, "");
        let mut copy = source.clone();
        apply(&mut copy, changes).unwrap();
        assert_eq!(copy, wanted);
        assert_eq!(between(&source, &source), Some(JobParameters::default()));

        let mut without = source.clone();
        without.arguments.pop();
        assert_eq!(between(&source, &without), None);
        let mut other_plain = source.clone();
        other_plain.input_files[1].sha256 = "new".into();
        assert_eq!(between(&source, &other_plain), None);
    }

    #[test]
    fn a_password_that_is_not_told_is_no_difference_unless_the_image_is_another() {
        let with = |image_url: &str, password: Option<&str>| JobParameters {
            env: Some(Environment {
                docker_image: Some(DockerImage::DockerImageSpec(DockerImageSpec {
                    image_url: image_url.into(),
                    password: password.map(|password| Password::PasswordPlainText(password.into())),
                    ..Default::default()
                })),
                ..Default::default()
            }),
            ..source()
        };
        let shown = with("cr.example.org/image", Some("********"));
        let changes = between(&shown, &with("cr.example.org/image", None)).unwrap();
        assert_eq!(changes, JobParameters::default());
        let elsewhere = with("elsewhere.example/image", None);
        assert_eq!(between(&shown, &elsewhere).unwrap().env, {
            let mut env = elsewhere.env.unwrap();
            env.vars.clear();
            Some(env)
        });
    }

    #[test]
    fn what_the_source_does_not_have_is_named() {
        let changes = JobParameters {
            input_files: vec![file("c.txt", "NO"), file("b.txt", "")],
            output_files: vec![FileDesc::default()],
            arguments: vec![argument("speed", "9")],
            ..Default::default()
        };
        let found = apply(&mut source(), changes).unwrap_err();
        let fields: Vec<&str> = found.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "job_parameters_overrides.input_files[0].desc.var",
                "job_parameters_overrides.input_files[1].desc.var",
                "job_parameters_overrides.output_files[0].var",
                "job_parameters_overrides.arguments[0].name",
            ]
        );
    }
}
