//! A form in a link: the configuration and small text files, all behind `#`, which no server sees.

use wasm_bindgen::JsValue;

use super::{form::Form, sources::Source};
use crate::browser::files;

const CONFIG: &str = "config";
const FILE: &str = "file";
/// Longer links are cut by programs that pass them on.
const MAX_FILE_BYTES: usize = 4096;

/// What a link or an example fills the form with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) config: String,
    /// Paths and texts.
    pub(super) files: Vec<(String, String)>,
}

impl Template {
    /// The template in the address of the page.
    pub(super) fn from_address() -> Option<Self> {
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
    pub(super) async fn of_form(form: Form) -> Self {
        let draft = leptos::prelude::untrack(|| form.draft());
        let mut template = Self {
            config: leptos::prelude::untrack(|| form.text()),
            files: Vec::new(),
        };
        let mut left = MAX_FILE_BYTES;
        for row in &draft.inputs {
            let file = form.source(row.source).and_then(|source| source.as_file());
            let Some(file) = file.filter(|file| file.size() <= left as f64) else {
                continue;
            };
            let Ok(content) = files::text(&file).await else {
                continue;
            };
            if content.len() as f64 == file.size() && !content.contains('\u{fffd}') {
                left -= content.len();
                template.files.push((row.path.clone(), content));
            }
        }
        template
    }

    /// What stands behind `#`.
    pub(super) fn fragment(&self) -> String {
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
    pub(super) async fn fill(&self, form: Form) -> Result<(), JsValue> {
        form.type_text(self.config.clone());
        let mut picked = Vec::new();
        for (path, content) in &self.files {
            let name = crate::job::folder::base_name(path);
            picked.push(crate::browser::entries::Picked {
                path: path.clone(),
                file: Some(files::file(name, content)?),
            });
        }
        let known: Vec<_> = picked.iter().map(|picked| picked.path.clone()).collect();
        form.find_inputs(picked.clone()).await;
        // A file that the configuration does not name is an input still.
        let draft = leptos::prelude::untrack(|| form.draft());
        let is_used = |path: &String| {
            let inside =
                |row: &crate::job::draft::InputRow| row.path == *path || path.starts_with(&format!("{}/", row.path));
            draft.inputs.iter().any(inside)
        };
        let unused = picked.into_iter().zip(known).filter(|(_, path)| !is_used(path));
        let sources = unused.filter_map(|(picked, _)| picked.file.map(Source::file)).collect();
        form.add_sources(sources);
        Ok(())
    }
}
