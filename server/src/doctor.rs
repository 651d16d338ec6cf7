//! `jobsphere-server doctor`.

use std::{
    io::{self, Write},
    path::Path,
};

use crate::{
    cli::Options,
    config::Config,
    engine::environment,
    sandbox::{self, Finding},
};

/// Prints what holds on this machine, and what does not.
pub(crate) fn print(options: &Options) -> anyhow::Result<()> {
    let data_dir = options.data_dir()?;
    let sandbox = options.sandbox(&data_dir)?;
    say(format_args!("data folder: {}", data_dir.display()))?;
    tell(sandbox::findings(sandbox, &data_dir))?;
    // An operator's file that cannot be read takes nothing from what was said before.
    tell(pythons(options, &data_dir)?)
}

fn tell(findings: Vec<Finding>) -> anyhow::Result<()> {
    for Finding { what, holds, how } in findings {
        let mark = if holds { "yes" } else { " no" };
        say(format_args!("{mark}  {what}\n     {how}"))?;
    }
    Ok(())
}

fn say(line: std::fmt::Arguments<'_>) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// Each Python of the machine, and whether jobs are offered it.
fn pythons(options: &Options, data_dir: &Path) -> anyhow::Result<Vec<Finding>> {
    let config = Config::read(options.config.as_deref(), data_dir)?;
    let around = options.around(data_dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pythons = runtime.block_on(environment::pythons(&config.environments, &around));
    let findings = pythons.into_iter().map(|python| Finding {
        what: format!("jobs can have Python {}", python.version),
        holds: python.is_usable,
        how: match python.is_usable {
            true => python.path.display().to_string(),
            false => format!(
                "{} lies where the users of jobs cannot enter or look; install one elsewhere, such as in /usr or /opt",
                python.path.display()
            ),
        },
    });
    Ok(findings.collect())
}
