//! The draft of a form: stored in this browser while it is written, with its files where that is possible, and the state
//! of its sending; a reload, a crash or a closed laptop loses nothing.

use std::collections::BTreeSet;

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    saved::{self, LAST_DRAFT, Saved, SavedSource, UNSAVED, newest, write},
    sending::{Group, Sending},
    stored_source::{Back, bring_back},
};
use crate::{
    app::{
        address::DRAFT_QUERY,
        new_job::state::{form::Form, source_job::SourceJob},
    },
    browser::{
        self,
        clock::now_ms,
        database::{self, Store},
        document,
        storage::{self, Scope},
    },
};
use jobsphere_authoring::draft::{Draft, InputContent};

/// Between the last change and its saving.
const SAVE_AFTER_MS: u32 = 300;

/// Stands for the project's files where inputs are called by their paths.
pub(crate) const PROJECT: &str = "";

/// Stores one form's draft while it is written.
#[derive(Clone, Copy)]
pub(crate) struct DraftStore {
    form: Form,
    sending: Sending,
    project: Memo<String>,
    id: StoredValue<Option<String>>,
    /// Ids of the sources that are in the database.
    stored: StoredValue<BTreeSet<u64>>,
    timer: StoredValue<Option<SendWrapper<Timeout>>>,
    /// The draft has become a job; what is written from now on is not kept.
    is_over: StoredValue<bool>,
    /// What became a job, as long as it is not changed: another draft begins with the first change.
    done: StoredValue<Option<Draft>>,
}

/// What came of bringing a draft back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Restored {
    /// There is none.
    Gone,
    /// It is the form now.
    Draft,
    /// It became this job; what is in the form now is another draft that says the same.
    Done(String),
}

impl DraftStore {
    /// Keeps the draft from its first change on.
    pub(crate) fn new(form: Form, sending: Sending, project: Memo<String>) -> Self {
        let store = Self {
            form,
            sending,
            project,
            id: StoredValue::new(None),
            stored: StoredValue::default(),
            timer: StoredValue::new(None),
            is_over: StoredValue::new(false),
            done: StoredValue::new(None),
        };
        Effect::new(move || {
            form.draft();
            form.text();
            form.project();
            sending.is_any();
            if !form.is_blank() && !store.is_done() {
                let timer = Timeout::new(SAVE_AFTER_MS, move || spawn_local(store.save()));
                store.timer.set_value(Some(SendWrapper::new(timer)));
            }
        });
        // Nothing can be waited for when the page is left.
        let leaving = window_event_listener(leptos::ev::pagehide, move |_| {
            let saved = untrack(|| {
                if form.is_blank() || store.is_done() {
                    None
                } else {
                    store.saved()
                }
            });
            if let Some(saved) = saved {
                storage::set(Scope::Tab, UNSAVED, &serde_json::to_string(&saved).unwrap_or_default());
            }
        });
        // What was typed last is not lost by going to another page.
        on_cleanup(move || {
            leaving.remove();
            let is_due = store.timer.try_update_value(Option::take).flatten().is_some();
            if is_due && !untrack(|| form.is_blank()) {
                // Read now: the form is gone when the writing begins.
                spawn_local(store.save());
            }
        });
        store
    }

    /// Writes the draft down as it is at the call.
    pub(crate) fn save(self) -> impl Future<Output = ()> {
        let saved = untrack(|| self.saved());
        let sources = untrack(|| self.form.used_sources());
        let new_sources: Vec<_> = sources
            .into_iter()
            .filter(|(id, _)| {
                self.stored
                    .try_update_value(|stored| stored.insert(*id))
                    .unwrap_or_default()
            })
            .collect();
        async move {
            if let Some(saved) = saved {
                write(&saved, new_sources).await;
            }
        }
    }

    /// The draft's id; it gets one at its first change.
    pub(crate) fn id(self) -> String {
        self.id.get_value().unwrap_or_else(|| {
            let id = document::random_id();
            document::set_query(DRAFT_QUERY, &id);
            storage::set(Scope::Tab, LAST_DRAFT, &id);
            self.id.set_value(Some(id.clone()));
            id
        })
    }

    /// Whether the form holds what became a job, and nothing else yet.
    fn is_done(self) -> bool {
        let done = self.done.try_get_value().flatten();
        done.is_some_and(|done| self.form.with(|draft| *draft == done))
    }

    fn saved(self) -> Option<Saved> {
        if self.is_over.try_get_value().unwrap_or(true) {
            return None;
        }
        self.id.try_get_value()?;
        let id = self.id();
        let mut draft = self.form.draft();
        // They were asked for because they are not to be written down.
        draft
            .env
            .iter_mut()
            .filter(|row| row.is_asked)
            .for_each(|row| row.value.clear());
        let sources = self.form.used_sources().into_iter();
        let sources = sources.map(|(id, source)| SavedSource {
            id,
            rules: source
                .as_folder()
                .map(|folder| (folder.uses_git.get(), folder.own_rules.get())),
            hashed: source
                .known()
                .map(|hashed| (hashed.sha256.to_string(), hashed.size_bytes)),
        });
        Some(Saved {
            id,
            project: self.project.get(),
            changed_ms: now_ms(),
            draft,
            text: self.form.text(),
            sources: sources.collect(),
            project_source: self.form.project().map(|(id, _)| id),
            source_job: self.form.source_job().map(|source| source.id),
            sending: self.sending.one.get(),
            group: self.sending.group.get(),
            became: None,
        })
    }

    /// Brings a draft back.
    pub(crate) async fn restore(self, id: &str) -> Restored {
        let Some(saved) = newest(id).await else {
            return Restored::Gone;
        };
        let is_new = saved.became.is_none();
        if is_new {
            self.id.set_value(Some(saved.id.clone()));
            storage::set(Scope::Tab, LAST_DRAFT, &saved.id);
        }
        let mut draft = saved.draft;
        let brought = &mut draft.python.brought;
        // They are found again in the project's files.
        let rows = brought.scripts.iter_mut().chain(&mut brought.modules);
        rows.for_each(|row| row.content = row.content.unchosen());
        for known in &saved.sources {
            let value = database::get(Store::Sources, &format!("{id}/{}", known.id)).await;
            match bring_back(value).await {
                Back::Source(source) => {
                    if let (Some(folder), Some((uses_git, own_rules))) = (source.as_folder(), &known.rules) {
                        folder.uses_git.set(*uses_git);
                        folder.own_rules.set(own_rules.clone());
                        folder.sift().await;
                    }
                    if is_new {
                        self.stored.update_value(|stored| {
                            stored.insert(known.id);
                        });
                    }
                    self.form.put_source(known.id, source);
                    if saved.project_source == Some(known.id) {
                        self.form.set_project(saved.project_source);
                    }
                }
                // What is known by its hash need not be chosen again if the service holds it.
                back => {
                    for row in draft
                        .inputs
                        .iter_mut()
                        .filter(|row| row.content.chosen() == Some(known.id))
                    {
                        row.content = match &known.hashed {
                            Some((sha256, size_bytes)) => InputContent::held(&**sha256, *size_bytes),
                            None => row.content.unchosen(),
                        };
                        if let Back::Locked(handle) = &back {
                            self.form.wait_for(&row.path, handle.clone());
                        }
                    }
                    if let (Back::Locked(handle), true) = (&back, saved.project_source == Some(known.id)) {
                        self.form.wait_for(PROJECT, handle.clone());
                    }
                }
            }
        }
        self.sending.one.set(saved.sending);
        self.sending.group.set(saved.group);
        self.done.set_value((!is_new).then(|| draft.clone()));
        self.form.take_back(saved.text, draft);
        if let Some(job_id) = saved.source_job
            && let Ok(job) = browser::client().job(&job_id).await
        {
            self.form.set_source_job(Some(SourceJob::new(job)));
        }
        saved.became.map_or(Restored::Draft, Restored::Done)
    }

    /// Writes the draft down and begins another one, with a blank form.
    pub(crate) async fn begin_anew(self) {
        if !untrack(|| self.form.is_blank()) {
            self.save().await;
        }
        self.timer.set_value(None);
        self.id.set_value(None);
        self.stored.set_value(BTreeSet::new());
        self.sending.clear();
        self.form.set_project(None);
        self.form.set_source_job(None);
        self.form.take_back(String::new(), Draft::default());
    }

    /// The draft has become a job, or several of which this is the first: it is no draft any more, but going back finds it.
    pub(crate) async fn become_job(self, job_id: &str) {
        let saved = untrack(|| self.saved());
        self.is_over.set_value(true);
        self.timer.set_value(None);
        storage::remove(Scope::Tab, UNSAVED);
        if let Some(saved) = saved {
            let done = Saved {
                sending: None,
                group: Group::new(),
                became: Some(job_id.to_owned()),
                ..saved
            };
            write(&done, Vec::new()).await;
            saved::forget_done().await;
        }
    }
}
