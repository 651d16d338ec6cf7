//! Finding a file among the outputs, in the archives of folders too. An archive's list is read once.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{
    content::Source,
    item::{Item, is_archive, path},
    place::Place,
};
use crate::api::jobs::File;
use jobsphere_results::listing::Entry;

/// Finds files of a job.
pub(crate) struct Finder {
    job_id: String,
    files: Vec<File>,
    listed: RefCell<BTreeMap<String, Rc<Vec<Entry>>>>,
}

impl Finder {
    pub(crate) fn new(job_id: String, files: Vec<File>) -> Self {
        Self {
            job_id,
            files,
            listed: RefCell::default(),
        }
    }

    /// The file at a place.
    pub(crate) async fn find(&self, place: &Place) -> Option<Item> {
        let file = self.files.iter().find(|file| path(file) == place.output)?;
        match &place.entry {
            None => Some(Item::of(file.clone())),
            Some(entry) => self.inside(file, entry).await,
        }
    }

    /// The file that lies at `wanted`, as a document `beside` names it.
    pub(crate) async fn beside(&self, beside: &Item, wanted: &str) -> Option<Item> {
        if beside.entry.is_some()
            && let Some(found) = self.inside(&beside.file, wanted).await
        {
            return Some(found);
        }
        if let Some(file) = self.files.iter().find(|file| path(file) == wanted && !is_archive(file)) {
            return Some(Item::of(file.clone()));
        }
        for file in self.files.iter().filter(|file| is_archive(file)) {
            let folder = path(file);
            let Some(below) = wanted.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            // Its entries begin with the folder's own name.
            let name = folder.rsplit('/').next().unwrap_or_default();
            if let Some(found) = self.inside(file, &format!("{name}/{below}")).await {
                return Some(found);
            }
        }
        None
    }

    async fn inside(&self, file: &File, wanted: &str) -> Option<Item> {
        let entries = self.entries(file).await?;
        let entry = entries.iter().find(|entry| entry.path == wanted)?;
        Some(Item {
            file: file.clone(),
            entry: Some(entry.clone()),
        })
    }

    async fn entries(&self, file: &File) -> Option<Rc<Vec<Entry>>> {
        let path = path(file);
        let known = self.listed.borrow().get(&path).cloned();
        if known.is_some() || !is_archive(file) {
            return known;
        }
        // What cannot be listed holds nothing that could be shown.
        let entries = Source::new(self.job_id.clone(), file.clone()).entries().await;
        let entries = Rc::new(entries.unwrap_or_default());
        self.listed.borrow_mut().insert(path, entries.clone());
        Some(entries)
    }
}
