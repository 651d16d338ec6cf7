//! `cargo xtask test`: everything there is, in one report.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::app;
use crate::browser_tests;
use crate::checks;
use crate::containment;
use crate::demo;
use crate::foreign;
use crate::native_tests;
use crate::python;
use crate::report::{Report, Tally};
use crate::server;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Takes every step, also after a failure, except one whose ground is missing.
pub(crate) fn run(shell: &Shell, workspace: &Workspace) -> Report {
    let mut report = Report::default();
    checks::all(shell, workspace, &mut report);

    let mut python: Option<PathBuf> = None;
    report.step("python packages", || {
        python = Some(python::prepare(shell, workspace)?);
        Ok(Tally::one())
    });
    containment::prepare(shell);
    report.step("native tests", || native_tests::run(shell, python.as_deref()));

    let server = report.step("server", || built(server::build(shell, workspace)));
    let clients = || {
        let python = python.as_deref().filter(|_| server);
        let python = python.context("not run: there is no server to test, or no Python to test it with")?;
        foreign::run(shell, workspace, python)
    };
    let (_, app) = report.both(
        ("foreign clients", clients),
        ("app", || built(app::build(shell, workspace, app::Form::Small))),
    );
    let demo = report.step("demo", || {
        anyhow::ensure!(app, "not built: there is no app");
        built(demo::build(shell, workspace, app::Form::Small))
    });
    report.step("browser tests", || {
        anyhow::ensure!(
            server && app && demo,
            "not run: there is no server, app or demo to test"
        );
        let python = python
            .as_deref()
            .context("not run: the published descriptors are missing")?;
        let descriptors = foreign::write_descriptors(shell, workspace, python)?;
        browser_tests::run(shell, workspace, &descriptors)
    });
    report
}

fn built(result: Result<()>) -> Result<Tally> {
    result.map(|()| Tally::one())
}
