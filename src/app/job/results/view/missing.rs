//! Outputs and logs that were not stored, with the reason of each.

use leptos::prelude::*;

use crate::{
    api::jobs::{
        FileUploadError,
        file_upload_error::{ErrorType, FileType},
    },
    app::text::use_text,
    job::results::nearest,
};

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
        let id = match (ErrorType::try_from(error.r#type), &error.file_type) {
            (Ok(ErrorType::NotFound), Some(FileType::OutputFileDesc(_))) => "file-not-found",
            (Ok(ErrorType::NotFound), _) => "log-not-found",
            _ => "file-not-stored",
        };
        let near = nearest::in_description(&error.description).map(str::to_owned);
        let reason = move || match &near {
            Some(near) => text.with("file-nearest", [("file", near.as_str().into())]),
            // It says no more than stands before it.
            None if error.description == nearest::description(None) => String::new(),
            None => error.description.clone(),
        };
        view! {
            <li>
                {move || text.with(id, [("file", what.as_str().into())])} " "
                <span class="as-written">{reason}</span>
            </li>
        }
    };
    errors.into_iter().map(item).collect_view()
}
