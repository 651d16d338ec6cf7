//! Outputs and logs that were not stored, with the reason of each.

use leptos::prelude::*;

use crate::{
    api::jobs::{
        FileUploadError,
        file_upload_error::{ErrorType, FileType},
    },
    app::text::{use_text, words},
};
use jobsphere_names::said;
use jobsphere_results::nearest;

/// What is missing.
#[component]
pub(crate) fn Missing(
    /// As the service says it.
    errors: Vec<FileUploadError>,
) -> impl IntoView {
    (!errors.is_empty()).then(|| view! { <ul class="notice notice-warn missing"><MissingItems errors /></ul> })
}

/// An item of a list for each that is missing, with the reason in the language of the page where it is a known one.
#[component]
pub(crate) fn MissingItems(
    /// As the service says it.
    errors: Vec<FileUploadError>,
) -> impl IntoView {
    let text = use_text();
    let item = move |error: FileUploadError| {
        let what = match &error.file_type {
            Some(FileType::OutputFileDesc(desc)) => desc.path.clone(),
            Some(FileType::LogFileName(name)) => name.clone(),
            None => String::new(),
        };
        let kind = ErrorType::try_from(error.r#type);
        let is_output = matches!(error.file_type, Some(FileType::OutputFileDesc(_)));
        let words = move || {
            let file = what.as_str();
            match kind {
                Ok(ErrorType::NotFound) if is_output => text.get(words::FileNotFound { file }),
                Ok(ErrorType::NotFound) => text.get(words::LogNotFound { file }),
                _ => text.get(words::FileNotStored { file }),
            }
        };
        let near = nearest::in_description(&error.description).map(str::to_owned);
        let reason = move || match &near {
            Some(near) => text.get(words::FileNearest { file: near.as_str() }),
            // It says no more than stands before it.
            None if error.description == nearest::description(None) => String::new(),
            None => said(&error.description).into_owned(),
        };
        view! {
            <li>
                {words} " "
                <span class="as-written">{reason}</span>
            </li>
        }
    };
    errors.into_iter().map(item).collect_view()
}
