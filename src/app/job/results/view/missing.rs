//! Outputs and logs that were not stored, with the reason of each.

use leptos::prelude::*;

use crate::{
    api::jobs::{
        FileUploadError,
        file_upload_error::{ErrorType, FileType},
    },
    app::{
        service_words::in_language,
        text::{Text, use_text, words},
    },
};
use jobsphere_results::{nearest, too_large::TooLarge};

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
        let reason = move || reason(text, &error.description);
        view! {
            <li>
                {words} " "
                <span class="as-written">{reason}</span>
            </li>
        }
    };
    errors.into_iter().map(item).collect_view()
}

/// Why it is missing, in the language of the page where the service's sentence is known.
fn reason(text: Text, description: &str) -> String {
    if let Some(near) = nearest::in_description(description) {
        return text.get(words::FileNearest { file: near });
    }
    // It says no more than stands before it.
    if description == nearest::description(None) {
        return String::new();
    }
    let Some(said) = TooLarge::in_description(description) else {
        return in_language(description, text);
    };
    let (size, most) = (
        said.size_bytes.map(|size| text.size(size as f64)),
        text.size(said.most_bytes as f64),
    );
    let held = match size {
        Some(size) => text.get(words::FileHolds { size }),
        None => text.get(words::FileHoldsMore { size: most.as_str() }),
    };
    let cure = match said.is_of_disk {
        true => text.get(words::FileLimitOfDisk { most }),
        false => text.get(words::FileLimitOfJob { most }),
    };
    format!("{held} {cure}")
}
