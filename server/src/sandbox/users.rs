//! The users that a server which is root gives to what runs for a project.

use std::path::Path;

use jobsphere_api::sha256::Sha256;
use serde::{Deserialize, Serialize};

use super::shell;

/// Above those that systems and containers give out, and within 31 bits.
const FIRST_PORTER: u32 = 1_500_000_001;
const FIRST_OF_ENVIRONMENTS: u32 = 1_700_000_001;
const FIRST_OF_JOBS: u32 = 1_900_000_001;
const USERS: u32 = 200_000_000;

/// Whose files and processes something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    /// The user's number.
    pub(crate) uid: u32,
    /// The group: one for all users of a project.
    pub(crate) gid: u32,
    /// Under this user the porter is counted, and nobody who runs commands can reach it.
    pub(crate) porter: u32,
}

impl User {
    /// What each of them is called where its commands run.
    pub(crate) const NAME: &str = "job";

    /// Who runs the commands of `project`.
    pub(super) fn of_jobs(project: &str) -> Self {
        Self::in_group(project, FIRST_OF_JOBS)
    }

    /// Who builds the environments of `project`: commands read them and cannot change them.
    pub(super) fn of_environments(project: &str) -> Self {
        Self::in_group(project, FIRST_OF_ENVIRONMENTS)
    }

    /// The user whose number `uid` is; `None` when it is none of a project's.
    pub(crate) fn of_owner(uid: u32) -> Option<Self> {
        [FIRST_OF_JOBS, FIRST_OF_ENVIRONMENTS].into_iter().find_map(|first| {
            let number = uid.checked_sub(first).filter(|number| *number < USERS)?;
            Some(Self::numbered(number, first))
        })
    }

    /// The lists of the machine's users and groups, and the lines that this one has in them with its home.
    pub(super) fn named(&self, home: &Path) -> [(&'static str, String); 2] {
        let Self { uid, gid, .. } = self;
        let (name, home, shell) = (Self::NAME, home.display(), shell::path());
        [
            ("/etc/passwd", format!("{name}:x:{uid}:{gid}::{home}:{shell}\n")),
            ("/etc/group", format!("{name}:x:{gid}:\n")),
        ]
    }

    fn in_group(project: &str, first: u32) -> Self {
        Self::numbered(number(project), first)
    }

    fn numbered(number: u32, first: u32) -> Self {
        Self {
            uid: first + number,
            gid: FIRST_OF_JOBS + number,
            porter: FIRST_PORTER + number,
        }
    }
}

fn number(project: &str) -> u32 {
    let digest = Sha256::of(project.as_bytes()).to_string();
    // Seven digits are below 2^28.
    u32::from_str_radix(&digest[..7], 16).unwrap_or_default() % USERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_a_project_are_known_by_their_numbers() {
        let [jobs, environments] = [User::of_jobs("p"), User::of_environments("p")];
        assert_eq!(User::of_owner(jobs.uid), Some(jobs));
        assert_eq!(User::of_owner(environments.uid), Some(environments));
        assert_eq!((jobs.gid, jobs.porter), (environments.gid, environments.porter));
        assert_eq!([0, 1000, jobs.porter].map(User::of_owner), [None; 3]);
    }
}
