//! A form in a link: the configuration and small text files, all behind `#`, which no server sees.

use leptos::prelude::untrack;
use wasm_bindgen::JsValue;

use super::{
    form::Form,
    inputs::{
        serving::{AtHand, serve_inputs},
        source::Source,
    },
};
use crate::browser::{entries::Picked, files};
use jobsphere_authoring::{draft::InputRow, folder::base_name};

const CONFIG: &str = "config";
const FILE: &str = "file";
/// Longer links are cut by programs that pass them on.
const MAX_FILE_BYTES: usize = 4096;

/// What a link or an example fills the form with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) config: String,
    /// Paths and texts.
    pub(crate) files: Vec<(String, String)>,
}

impl Template {
    /// The template in the address of the page.
    pub(crate) fn from_address() -> Option<Self> {
        let fragment = files::fragment()?;
        let mut template = Self::default();
        for part in fragment.split('&') {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            match name {
                CONFIG => template.config = files::decode(value)?,
                FILE => {
                    let (path, content) = value.split_once(':')?;
                    template.files.push((files::decode(path)?, files::decode(content)?));
                }
                _ => {}
            }
        }
        (!template.config.is_empty()).then_some(template)
    }

    /// Of the form as it is, with those of its files that are small texts.
    pub(crate) async fn of_form(form: Form) -> Self {
        let draft = untrack(|| form.draft());
        let mut template = Self {
            config: untrack(|| form.text()),
            files: Vec::new(),
        };
        let inputs = draft.inputs.iter().filter_map(|row| {
            let file = form.source_of(row)?.as_file()?;
            Some((row.path.clone(), file))
        });
        let project = untrack(|| form.project()).into_iter();
        let project = project.flat_map(|(_, folder)| folder.kept());
        let project = project.filter_map(|picked| Some((picked.path, picked.file?)));
        let mut left = MAX_FILE_BYTES;
        for (path, file) in inputs.chain(project) {
            if file.size() > left as f64 {
                continue;
            }
            let Ok(content) = files::text(&file).await else {
                continue;
            };
            if content.len() as f64 == file.size() && !content.contains('\u{fffd}') {
                left -= content.len();
                template.files.push((path, content));
            }
        }
        template
    }

    /// What stands behind `#`.
    pub(crate) fn fragment(&self) -> String {
        let mut fragment = format!("{CONFIG}={}", files::encode(&self.config));
        for (path, content) in &self.files {
            fragment += &format!("&{FILE}={}:{}", files::encode(path), files::encode(content));
        }
        fragment
    }

    /// Fills the form.
    ///
    /// # Errors
    /// The browser's, which makes no file.
    pub(crate) async fn fill(&self, form: Form) -> Result<(), JsValue> {
        form.type_text(self.config.clone());
        let mut picked = Vec::new();
        for (path, content) in &self.files {
            let name = base_name(path);
            picked.push(Picked {
                path: path.clone(),
                file: Some(files::file(name, content)?),
            });
        }
        let known: Vec<_> = picked.iter().map(|picked| picked.path.clone()).collect();
        let at_hand = AtHand {
            files: &picked,
            known: &[],
            handles: &[],
            preferred: &[],
        };
        serve_inputs(form, &at_hand).await;
        // A file that the configuration does not name is an input still.
        let draft = untrack(|| form.draft());
        let is_used = |path: &String| {
            let inside = |row: &InputRow| row.path == *path || path.starts_with(&format!("{}/", row.path));
            draft.inputs.iter().any(inside)
        };
        let unused = picked.into_iter().zip(known).filter(|(_, path)| !is_used(path));
        let is_of_program = |picked: &Picked| untrack(|| form.is_of_program(base_name(&picked.path)));
        let (of_program, others): (Vec<_>, Vec<_>) = unused.map(|(picked, _)| picked).partition(is_of_program);
        if !of_program.is_empty() {
            form.add_to_project(of_program, None).await;
        }
        let sources = others.into_iter().filter_map(|picked| picked.file.map(Source::file));
        form.add_sources(sources.collect());
        Ok(())
    }
}
