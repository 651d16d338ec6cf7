//! How far the jobs of a draft have come that were begun: one, or several where an argument has several values.

use std::collections::BTreeMap;

use leptos::prelude::*;

use jobsphere_authoring::draft::Variant;
use jobsphere_client::submission::Pending;

/// How the jobs of a draft that makes several stand, by the keys of their variants.
pub(crate) type Group = BTreeMap<String, Pending>;

/// What was begun and has not come to its end.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sending {
    /// Of a draft that makes one job.
    pub(crate) one: RwSignal<Option<Pending>>,
    /// Of a draft that makes several.
    pub(crate) group: RwSignal<Group>,
}

impl Sending {
    /// Writes down how the job of a variant stands.
    pub(crate) fn keep(self, key: &str, pending: &Pending) {
        if key.is_empty() {
            return self.one.set(Some(pending.clone()));
        }
        self.group
            .update(|group| drop(group.insert(key.to_owned(), pending.clone())));
    }

    /// What was kept of it.
    pub(crate) fn kept(self, key: &str) -> Option<Pending> {
        if key.is_empty() {
            return self.one.get_untracked();
        }
        self.group.with_untracked(|group| group.get(key).cloned())
    }

    /// The job of a variant was started.
    pub(crate) fn has_begun(self, key: &str) {
        self.group.update(|group| {
            if let Some(pending) = group.get_mut(key) {
                pending.has_begun = true;
            }
        });
    }

    /// Takes out what was begun and is none of these any more.
    pub(crate) fn take_unwanted(self, variants: &[Variant]) -> Vec<Pending> {
        let is_wanted = |key: &str| variants.iter().any(|variant| variant.key == key);
        let mut unwanted = Vec::new();
        if !is_wanted("") {
            unwanted.extend(self.one.get_untracked());
            self.one.set(None);
        }
        let mut group = self.group.get_untracked();
        group.retain(|key, pending| {
            let is_wanted = is_wanted(key);
            if !is_wanted {
                unwanted.push(std::mem::take(pending));
            }
            is_wanted
        });
        self.group.set(group);
        unwanted
    }

    /// Whether anything was begun; tracked.
    pub(crate) fn is_any(self) -> bool {
        self.one.read().is_some() || !self.group.read().is_empty()
    }

    /// How many jobs of several were started; tracked.
    pub(crate) fn begun_count(self) -> usize {
        let group = self.group.read();
        group.values().filter(|pending| pending.has_begun).count()
    }

    /// Nothing was begun.
    pub(crate) fn clear(self) {
        self.one.set(None);
        self.group.set(Group::new());
    }
}
