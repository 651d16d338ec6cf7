//! nginx, the proxy in front of the server in tests, and the reference of the benchmarks.

use std::path::Path;

use anyhow::Result;

use crate::apt;
use crate::shell::Shell;

/// Where Debian puts it; an ordinary user's PATH does not say so.
const DEBIANS: &str = "/usr/sbin/nginx";

/// Makes sure of it.
pub(crate) fn prepare(shell: &Shell) -> Result<()> {
    if shell.has("nginx") || Path::new(DEBIANS).is_file() {
        return Ok(());
    }
    apt::install(shell, &["nginx-light"], "20 s, once")
}
