//! Debian's Chromium, and a font with the letters of the tests.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;

const CHROMIUM: &str = "/usr/bin/chromium";

/// Names another Chromium than Debian's.
const OVERRIDE: &str = "JOBSPHERE_CHROMIUM";

/// Makes sure of the browser; its program.
pub(crate) fn prepare(shell: &Shell) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(OVERRIDE).map(PathBuf::from) {
        if !chosen.is_file() {
            bail!("{OVERRIDE} names {}, which is not there", chosen.display());
        }
        return Ok(chosen);
    }
    let path = PathBuf::from(CHROMIUM);
    if !path.is_file() {
        // Without the recommended packages there would be no font at all.
        apt::install(shell, &["chromium", "fonts-dejavu-core"], "2 minutes, once")?;
    } else if !has_cyrillic(shell)
        && let Err(error) = apt::install(shell, &["fonts-dejavu-core"], "20 s, once")
    {
        say::note(&format!("screenshots will lack Cyrillic letters: {error:#}"));
    }
    Ok(path)
}

fn has_cyrillic(shell: &Shell) -> bool {
    Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").is_file()
        || process::answer(shell.command("fc-list").arg(":lang=ru")).is_some_and(|fonts| !fonts.is_empty())
}
