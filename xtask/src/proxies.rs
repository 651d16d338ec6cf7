//! Debian's nginx, which the browser tests put between the page and the server.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::apt;
use crate::shell::Shell;

const PROGRAM: &str = "/usr/sbin/nginx";
/// Names another program.
const OVERRIDE: &str = "JOBSPHERE_NGINX";

/// Makes sure of the program.
pub(crate) fn prepare(shell: &Shell) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(OVERRIDE).map(PathBuf::from) {
        if !chosen.is_file() {
            bail!("{OVERRIDE} names {}, which is not there", chosen.display());
        }
        return Ok(chosen);
    }
    let path = PathBuf::from(PROGRAM);
    if !path.is_file() {
        apt::install(shell, &["nginx"], "20 s, once")?;
    }
    Ok(path)
}
