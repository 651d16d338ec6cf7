//! Where the scripts of the workers are: their names change with their content, so the page says them.

use super::document::document;

/// The address of the script that starts the worker of this name.
pub fn address(name: &str) -> String {
    let said = document()
        .and_then(|document| {
            document
                .query_selector(&format!("meta[name=\"worker-{name}\"]"))
                .ok()
                .flatten()
        })
        .and_then(|meta| meta.get_attribute("content"));
    // Where the page does not say it, trunk has built it, see `data-loader-shim` in index.html.
    said.unwrap_or_else(|| format!("/{name}_loader.js"))
}
