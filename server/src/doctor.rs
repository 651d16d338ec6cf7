//! `jobsphere-server doctor`.

use std::io::{self, Write};

use crate::{
    cli::Options,
    sandbox::{self, Finding},
};

/// Prints what holds on this machine, and what does not.
pub(crate) fn print(options: &Options) -> anyhow::Result<()> {
    let data_dir = options.data_dir()?;
    let sandbox = options.sandbox(&data_dir)?;
    let mut out = io::stdout().lock();
    writeln!(out, "data folder: {}", data_dir.display())?;
    for Finding { what, holds, how } in sandbox::findings(sandbox, &data_dir) {
        let mark = if holds { "yes" } else { " no" };
        writeln!(out, "{mark}  {what}\n     {how}")?;
    }
    Ok(())
}
