//! The rules of what surrounds a command: variables, the image, Python.

use super::{Check, Rule};
use crate::{
    api::{
        jobs::{JobParameters, PythonEnv, docker_image_spec::Password, environment::DockerImage},
        path,
    },
    limits, variable,
};

impl Check {
    pub(super) fn environment(&mut self, base: &str, parameters: &JobParameters) {
        let Some(env) = &parameters.env else { return };
        for (name, value) in &env.vars {
            if name.len() > limits::MAX_WORD_BYTES {
                self.length(&format!("{base}.env.vars"), name.len(), limits::MAX_WORD_BYTES);
                continue;
            }
            let field = format!("{base}.env.vars[{name:?}]");
            if !variable::is_env_name(name) {
                self.report(&field, Rule::EnvName { name: name.clone() });
            }
            self.text(&field, value, limits::MAX_VALUE_BYTES.saturating_sub(name.len() + 1));
        }
        let max_bytes = limits::MAX_ENV_BYTES;
        if env
            .vars
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2)
            .sum::<usize>()
            > max_bytes
        {
            self.report(format!("{base}.env.vars"), Rule::EnvTooLarge { max_bytes });
        }
        if let Some(image) = &env.docker_image {
            self.image(&format!("{base}.env"), image);
        }
        if let Some(python) = &env.python_env {
            self.python(&format!("{base}.env.python_env"), python);
        }
    }

    fn image(&mut self, env: &str, image: &DockerImage) {
        let spec = match image {
            DockerImage::DockerImageResourceId(id) => {
                return self.text(&format!("{env}.docker_image_resource_id"), id, limits::MAX_WORD_BYTES);
            }
            DockerImage::DockerImageSpec(spec) => spec,
        };
        let field = |name: &str| format!("{env}.docker_image_spec.{name}");
        self.text(&field("image_url"), &spec.image_url, limits::MAX_LINE_BYTES);
        self.text(&field("username"), &spec.username, limits::MAX_WORD_BYTES);
        match &spec.password {
            Some(Password::PasswordPlainText(password)) => {
                self.text(&field("password_plain_text"), password, limits::MAX_PASSWORD_BYTES);
            }
            Some(Password::PasswordDsSecretName(name)) => {
                self.text(&field("password_ds_secret_name"), name, limits::MAX_WORD_BYTES);
            }
            None => {}
        }
    }

    fn python(&mut self, base: &str, python: &PythonEnv) {
        let (modules, lines) = (format!("{base}.local_modules"), format!("{base}.requirements"));
        self.text(
            &format!("{base}.conda_yaml"),
            &python.conda_yaml,
            limits::MAX_CONFIG_BYTES,
        );
        self.text(
            &format!("{base}.python_version"),
            &python.python_version,
            limits::MAX_WORD_BYTES,
        );
        self.at_most(&modules, python.local_modules.len(), limits::MAX_LOCAL_MODULES);
        for (index, module) in python.local_modules.iter().enumerate() {
            self.file(&format!("{modules}[{index}]"), module);
            let Some(desc) = &module.desc else { continue };
            if desc.path.len() > path::MAX_PATH_BYTES {
                self.report(format!("{modules}[{index}].desc.path"), Rule::PathTooLong);
            }
            self.length(
                &format!("{modules}[{index}].desc.var"),
                desc.var.len(),
                variable::MAX_LENGTH,
            );
        }
        for (index, line) in python.requirements.iter().enumerate() {
            self.text(&format!("{lines}[{index}]"), line, limits::MAX_LINE_BYTES);
        }
        let Some(pip) = &python.pip_options else { return };
        let pip_field = format!("{base}.pip_options");
        self.text(
            &format!("{pip_field}.index_url"),
            &pip.index_url,
            limits::MAX_LINE_BYTES,
        );
        for (name, texts) in [
            ("extra_index_urls", &pip.extra_index_urls),
            ("trusted_hosts", &pip.trusted_hosts),
        ] {
            self.entries(&format!("{pip_field}.{name}"), texts.len());
            for (index, text) in texts.iter().enumerate() {
                self.text(&format!("{pip_field}.{name}[{index}]"), text, limits::MAX_LINE_BYTES);
            }
        }
    }
}
