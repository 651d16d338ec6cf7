//! Where the scripts of the workers are.

use super::asset;

/// The address of the script that starts the worker of this name.
pub fn address(name: &str) -> String {
    // Where the page does not say it, trunk has built it, see `data-loader-shim` in index.html.
    asset::address(&format!("worker-{name}")).unwrap_or_else(|| format!("{name}_loader.js"))
}
