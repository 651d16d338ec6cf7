//! Debian's Chromium and Firefox, and a font with the letters of the tests.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;

/// A browser as Debian packs it.
struct Browser {
    program: &'static str,
    /// Names another program.
    override_name: &'static str,
    /// Without the recommended packages there would be no font at all.
    packages: [&'static str; 2],
}

const CHROMIUM: Browser = Browser {
    program: "/usr/bin/chromium",
    override_name: "JOBSPHERE_CHROMIUM",
    packages: ["chromium", FONT],
};

const FIREFOX: Browser = Browser {
    program: "/usr/bin/firefox-esr",
    override_name: "JOBSPHERE_FIREFOX",
    packages: ["firefox-esr", FONT],
};

const FONT: &str = "fonts-dejavu-core";

/// The programs of the browsers.
pub(crate) struct Browsers {
    pub(crate) chromium: PathBuf,
    pub(crate) firefox: PathBuf,
}

/// Makes sure of the browsers.
pub(crate) fn prepare(shell: &Shell) -> Result<Browsers> {
    let browsers = Browsers {
        chromium: CHROMIUM.prepare(shell)?,
        firefox: FIREFOX.prepare(shell)?,
    };
    if !has_cyrillic(shell)
        && let Err(error) = apt::install(shell, &[FONT], "20 s, once")
    {
        say::note(&format!("screenshots will lack Cyrillic letters: {error:#}"));
    }
    Ok(browsers)
}

impl Browser {
    fn prepare(&self, shell: &Shell) -> Result<PathBuf> {
        if let Some(chosen) = env::var_os(self.override_name).map(PathBuf::from) {
            if !chosen.is_file() {
                bail!("{} names {}, which is not there", self.override_name, chosen.display());
            }
            return Ok(chosen);
        }
        let path = PathBuf::from(self.program);
        if !path.is_file() {
            apt::install(shell, &self.packages, "2 minutes, once")?;
        }
        Ok(path)
    }
}

fn has_cyrillic(shell: &Shell) -> bool {
    Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").is_file()
        || process::answer(shell.command("fc-list").arg(":lang=ru")).is_some_and(|fonts| !fonts.is_empty())
}
