//! What the folders at hand offer to the job: their programs as its command, the files that the command names and does
//! not have, the packages that they ask for.

mod folders;
mod meet;
mod start;

use leptos::prelude::*;

pub(crate) use self::{
    folders::{FolderAtHand, Place},
    meet::{Meeting, Missing},
};
use crate::app::{
    new_job::state::form::{Form, Snapshot},
    task::run_while_mounted,
};

/// What was done at a press, to be said and to be taken back.
#[derive(Clone)]
pub(crate) struct Done {
    /// The command that the job has now.
    pub(crate) cmd: String,
    /// The file whose packages are the environment now.
    pub(crate) packages_of: Option<String>,
    /// Lines of that file that a job cannot say.
    pub(crate) left_out: Vec<String>,
    /// A file that names packages in a way that is not read.
    pub(crate) unread: Option<&'static str>,
    before: Snapshot,
}

/// What the folders at hand offer.
#[derive(Clone, Copy)]
pub(crate) struct Offers {
    pub(crate) form: Form,
    /// The folders, with what was found in them.
    pub(crate) folders: RwSignal<Vec<FolderAtHand>>,
    /// What was done last.
    pub(crate) done: RwSignal<Option<Done>>,
}

impl Offers {
    /// Follows the form.
    pub(crate) fn new(form: Form) -> Self {
        let offers = Self {
            form,
            folders: RwSignal::default(),
            done: RwSignal::new(None),
        };
        let places = Memo::new(move |_| folders::places(form));
        Effect::new(move || {
            let places = places.get();
            // The next change ends this reading.
            run_while_mounted(async move {
                let mut found = Vec::new();
                for place in places {
                    found.extend(folders::look_into(form, place).await);
                }
                offers.folders.set(found);
            });
        });
        offers
    }

    /// Whether programs are offered: as long as there is no command; tracked.
    pub(crate) fn is_open(self) -> bool {
        self.form.with(|draft| draft.cmd.trim().is_empty())
    }

    /// What the command names and does not have, where a folder has it; tracked.
    pub(crate) fn missing(self) -> Option<Missing> {
        self.folders
            .with(|folders| self.form.with(|draft| meet::missing(draft, folders)))
    }

    /// The folder whose packages the command may want, where no environment is set; tracked.
    pub(crate) fn packages(self) -> Option<FolderAtHand> {
        let is_wanted = self.form.with(start::may_want_packages);
        let folders = self.folders.read();
        let found = folders.iter().find(|folder| folder.packages.is_some());
        found.filter(|_| is_wanted).cloned()
    }

    /// Makes the form what it was before the last press.
    pub(crate) fn undo(self) {
        if let Some(done) = self.done.try_update(Option::take).flatten() {
            self.form.restore(&done.before);
        }
    }
}
