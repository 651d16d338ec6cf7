//! Jobs that attack the server they run on, and their neighbours.
//!
//! [`MATRIX`] says of each attack how it must end by how commands are kept apart. Each cell that is [`Cell::Fails`] is
//! checked by the attack itself: a real job on a real server. A cell that is [`Cell::NotPromised`] is not tried; it is what
//! `jobsphere-server doctor` and docs/security.md must say.
//!
//! These tests run as root, and a defence that they find missing is not there to protect the machine either. So whatever an
//! attack would destroy is a canary in a folder of the test's own: no link, mount or name leads to anything else that could
//! be written, moved or removed. What is not promised is never tried, because without a sandbox nothing would hold it.
//!
//! A word on proof: an attack that finds nothing proves something only when it was seen to find something. How each was
//! seen to succeed, on the program as it was before its defence, stands beside it.

mod arena;
mod collection;
mod datasets;
mod descriptors;
mod environment;
mod leftovers;
mod namespaces;
mod neighbours;
mod program;
mod storage;
mod terminal;
mod variables;

use std::panic::AssertUnwindSafe;

use futures::{
    FutureExt,
    future::{LocalBoxFuture, join_all},
};

use arena::{MODES, Mode};

/// How an attack must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// It gets nothing.
    Fails,
    /// It may get what it wants, and that is told.
    NotPromised,
    /// What it is after is not there.
    NoSuchCase,
}

use Cell::{Fails, NoSuchCase, NotPromised};

/// One cell for each of [`MODES`], in their order: bubblewrap as root and as an ordinary user, own users as root, nothing
/// as root and as an ordinary user.
type Row = [Cell; MODES.len()];

const EVERYWHERE: Row = [Fails; MODES.len()];
/// What needs a sandbox of any kind: without one a command has the server's rights.
const SANDBOXED: Row = [Fails, Fails, Fails, NotPromised, NotPromised];
/// What needs the name spaces of bubblewrap.
const WRAPPED: Row = [Fails, Fails, NotPromised, NotPromised, NotPromised];
/// What needs users of the projects' own.
const OWN_USERS: Row = [Fails, NotPromised, Fails, NotPromised, NotPromised];
/// What only the user sandbox leaves to try.
const USERS_ALONE: Row = [NoSuchCase, NoSuchCase, Fails, NotPromised, NotPromised];

/// What an attack has got, in words; `None` when it got nothing.
type Got = Option<String>;

/// Something that a job tries.
struct Attack {
    /// What would be so if it succeeded.
    what: &'static str,
    row: Row,
    run: fn(Mode) -> LocalBoxFuture<'static, Got>,
}

/// All that is tried, by theme.
const MATRIX: [(&str, &[Attack]); 11] = [
    ("terminal", terminal::ATTACKS),
    ("descriptors", descriptors::ATTACKS),
    ("environment", environment::ATTACKS),
    ("collection", collection::ATTACKS),
    ("neighbours", neighbours::ATTACKS),
    ("namespaces", namespaces::ATTACKS),
    ("storage", storage::ATTACKS),
    ("datasets", datasets::ATTACKS),
    ("leftovers", leftovers::ATTACKS),
    ("program", program::ATTACKS),
    ("variables", variables::ATTACKS),
];

/// Tries every attack of a theme where it must fail, each mode beside the others, on a server of its own.
async fn hold(theme: &str) {
    let (_, attacks) = MATRIX.iter().find(|(name, _)| *name == theme).unwrap();
    // For whoever looks at one attack: `JOBSPHERE_ESCAPE=words of it`.
    let only = std::env::var("JOBSPHERE_ESCAPE").unwrap_or_default();
    let by_mode = MODES.iter().enumerate().map(|(index, mode)| {
        let only = &only;
        async move {
            let mut lines = Vec::new();
            for attack in attacks.iter().filter(|attack| attack.row[index] == Fails) {
                if attack.what.contains(only.as_str()) {
                    lines.extend(try_it(*mode, attack).await);
                }
            }
            lines
        }
    });
    let lines: Vec<String> = join_all(by_mode).await.concat();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// A line when the attack has got something, or could not be tried.
async fn try_it(mode: Mode, attack: &Attack) -> Option<String> {
    let begun = std::time::Instant::now();
    let got = AssertUnwindSafe((attack.run)(mode)).catch_unwind().await;
    println!("{:>6.2} s  {mode}: {}", begun.elapsed().as_secs_f64(), attack.what);
    match got {
        Ok(None) => None,
        Ok(Some(got)) => Some(format!("GOT     {mode}: {}\n        {}", attack.what, brief(&got))),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let text = text.unwrap_or_default();
            Some(format!("BROKEN  {mode}: {}\n        {}", attack.what, brief(&text)))
        }
    }
}

fn brief(text: &str) -> String {
    let text = text.trim().replace('\n', "\n        ");
    text.chars().take(1500).collect()
}

#[test]
fn each_attack_has_a_name_of_its_own() {
    let names = MATRIX
        .iter()
        .flat_map(|(_, attacks)| attacks.iter().map(|attack| attack.what));
    let mut names: Vec<&str> = names.collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// Prints the matrix as docs/security.md may show it; `--nocapture` shows it.
#[test]
fn what_is_not_promised_is_told() {
    for (index, mode) in MODES.iter().enumerate() {
        let not_promised: Vec<&str> = MATRIX
            .iter()
            .flat_map(|(_, attacks)| attacks.iter())
            .filter(|attack| attack.row[index] == NotPromised)
            .map(|attack| attack.what)
            .collect();
        println!("\n{mode}:\n  {}", not_promised.join("\n  "));
        let told = mode.doctor();
        let is_told = told
            .lines()
            .any(|line| line.starts_with(" no") && !line.contains("the kernel keeps"));
        assert_eq!(is_told, !not_promised.is_empty(), "{mode}: {told}");
    }
}
