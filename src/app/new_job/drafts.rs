//! Drafts: kept in this browser while they are written, with their files where that is possible, and the state of their
//! sending; a reload, a crash or a closed laptop loses nothing.

use std::collections::BTreeSet;

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use super::{
    form::Form,
    kept_source::{Back, bring_back, value},
    run::Run,
    source_job::SourceJob,
    sources::Source,
};
use crate::{
    browser::{
        self,
        clock::now_ms,
        database::{self, Store},
        document,
        storage::{self, Keep},
    },
    client::submission::Pending,
    job::draft::Draft,
};

/// The part of the address behind `?` that names a draft.
pub(super) const DRAFT_QUERY: &str = "draft";

/// Where this tab keeps which draft was written last.
const LAST_DRAFT: &str = "draft";

/// Where this tab keeps a draft that was left before it could be saved.
const UNSAVED: &str = "draft-unsaved";

/// Between the last change and its saving.
const SAVE_AFTER_MS: u32 = 300;

/// Stands for the project's files where inputs are called by their paths.
pub(super) const PROJECT: &str = "";

/// A draft as it is kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Saved {
    pub(super) id: String,
    pub(super) project: String,
    pub(super) changed_ms: i64,
    pub(super) draft: Draft,
    text: String,
    sources: Vec<SavedSource>,
    /// Which of the sources holds the project's files.
    #[serde(default)]
    project_source: Option<u64>,
    /// Id of the job it is run again from.
    #[serde(default)]
    source_job: Option<String>,
    sending: Option<Pending>,
}

/// What is kept of a source beside its files.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct SavedSource {
    id: u64,
    /// Of a folder.
    rules: Option<(bool, String)>,
    /// What it was found to hold, when it was read.
    hashed: Option<(String, i64)>,
}

/// Keeps one form's draft.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    form: Form,
    run: Run,
    project: Memo<String>,
    id: StoredValue<Option<String>>,
    kept: StoredValue<BTreeSet<u64>>,
    timer: StoredValue<Option<SendWrapper<Timeout>>>,
    /// The draft has become a job; nothing of it is kept any more.
    is_over: StoredValue<bool>,
}

impl Keeper {
    /// Keeps the draft from its first change on.
    pub(super) fn new(form: Form, run: Run, project: Memo<String>) -> Self {
        let keeper = Self {
            form,
            run,
            project,
            id: StoredValue::new(None),
            kept: StoredValue::default(),
            timer: StoredValue::new(None),
            is_over: StoredValue::new(false),
        };
        Effect::new(move || {
            form.draft();
            form.text();
            form.project();
            run.sending.track();
            if !form.is_blank() {
                let timer = Timeout::new(SAVE_AFTER_MS, move || spawn_local(keeper.save()));
                keeper.timer.set_value(Some(SendWrapper::new(timer)));
            }
        });
        // Nothing can be waited for when the page is left.
        let leaving = window_event_listener(leptos::ev::pagehide, move |_| {
            let saved = untrack(|| if form.is_blank() { None } else { keeper.saved() });
            if let Some(saved) = saved {
                storage::set(Keep::Tab, UNSAVED, &serde_json::to_string(&saved).unwrap_or_default());
            }
        });
        // What was typed last is not lost by going to another page.
        on_cleanup(move || {
            leaving.remove();
            let is_due = keeper.timer.try_update_value(Option::take).flatten().is_some();
            if is_due && !untrack(|| form.is_blank()) {
                // Read now: the form is gone when the writing begins.
                spawn_local(keeper.save());
            }
        });
        keeper
    }

    /// Writes the draft down as it is at the call.
    pub(super) fn save(self) -> impl Future<Output = ()> {
        let saved = untrack(|| self.saved());
        let sources = untrack(|| self.form.used_sources());
        let new_sources: Vec<_> = sources
            .into_iter()
            .filter(|(id, _)| self.kept.try_update_value(|kept| kept.insert(*id)).unwrap_or_default())
            .collect();
        async move {
            if let Some(saved) = saved {
                write(&saved, new_sources).await;
            }
        }
    }

    /// The draft's id; it gets one at its first change.
    pub(super) fn id(self) -> String {
        self.id.get_value().unwrap_or_else(|| {
            let id = document::random_id();
            document::set_query(DRAFT_QUERY, &id);
            storage::set(Keep::Tab, LAST_DRAFT, &id);
            self.id.set_value(Some(id.clone()));
            id
        })
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
            sending: self.run.sending.get(),
        })
    }

    /// Brings a draft back; false when there is none.
    pub(super) async fn restore(self, id: &str) -> bool {
        let Some(saved) = newest(id).await else {
            return false;
        };
        self.id.set_value(Some(saved.id.clone()));
        storage::set(Keep::Tab, LAST_DRAFT, &saved.id);
        let mut draft = saved.draft;
        let brought = &mut draft.python.brought;
        // They are found again in the project's files.
        let rows = brought.scripts.iter_mut().chain(&mut brought.modules);
        rows.for_each(|row| row.source = 0);
        for known in &saved.sources {
            let value = database::get(Store::Sources, &format!("{id}/{}", known.id)).await;
            match bring_back(value).await {
                Back::Source(source) => {
                    if let (Some(folder), Some((uses_git, own_rules))) = (source.as_folder(), &known.rules) {
                        folder.uses_git.set(*uses_git);
                        folder.own_rules.set(own_rules.clone());
                        folder.sift().await;
                    }
                    self.kept.update_value(|kept| {
                        kept.insert(known.id);
                    });
                    self.form.put_source(known.id, source);
                    if saved.project_source == Some(known.id) {
                        self.form.set_project(saved.project_source);
                    }
                }
                // What is known by its hash need not be chosen again if the service holds it.
                back => {
                    for row in draft.inputs.iter_mut().filter(|row| row.source == known.id) {
                        row.source = 0;
                        if let Some((sha256, size_bytes)) = &known.hashed {
                            row.sha256.clone_from(sha256);
                            row.size_bytes = *size_bytes;
                        }
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
        self.run.sending.set(saved.sending);
        self.form.take_back(saved.text, draft);
        if let Some(job_id) = saved.source_job
            && let Ok(job) = browser::client().job(&job_id).await
        {
            self.form.set_source_job(Some(SourceJob::new(job)));
        }
        true
    }

    /// Writes the draft down and begins another one, with a blank form.
    pub(super) async fn begin_anew(self) {
        if !untrack(|| self.form.is_blank()) {
            self.save().await;
        }
        self.timer.set_value(None);
        self.id.set_value(None);
        self.kept.set_value(BTreeSet::new());
        self.run.sending.set(None);
        self.form.set_project(None);
        self.form.set_source_job(None);
        self.form.take_back(String::new(), Draft::default());
    }

    /// Forgets the draft: it has become a job.
    pub(super) async fn forget(self) {
        self.is_over.set_value(true);
        self.timer.set_value(None);
        if let Some(id) = self.id.try_get_value().flatten() {
            forget(&id).await;
        }
    }
}

async fn write(saved: &Saved, sources: Vec<(u64, Source)>) {
    let Ok(text) = serde_json::to_string(saved) else { return };
    if !database::put(Store::Drafts, &saved.id, &JsValue::from_str(&text)).await {
        return;
    }
    for (id, source) in sources {
        if let Some(value) = value(&source) {
            database::put(Store::Sources, &format!("{}/{id}", saved.id), &value).await;
        }
    }
}

/// Forgets a draft with its files.
pub(super) async fn forget(id: &str) {
    storage::remove(Keep::Tab, UNSAVED);
    database::remove(Store::Drafts, id).await;
    database::remove(Store::Sources, &format!("{id}/")).await;
}

/// The draft that was written last in this tab, if it is still one of this project.
pub(super) async fn last(project: &str) -> Option<String> {
    let id = storage::get(Keep::Tab, LAST_DRAFT)?;
    let saved = newest(&id).await?;
    (saved.project == project).then_some(id)
}

/// A draft as it was written down last: in the database, or in haste when the page was left.
async fn newest(id: &str) -> Option<Saved> {
    let unsaved = storage::get(Keep::Tab, UNSAVED).and_then(|text| serde_json::from_str::<Saved>(&text).ok());
    let unsaved = unsaved.filter(|unsaved| unsaved.id == id);
    let saved = read(database::get(Store::Drafts, id).await);
    unsaved.into_iter().chain(saved).max_by_key(|saved| saved.changed_ms)
}

/// All drafts of this browser.
pub(super) async fn all() -> Vec<Saved> {
    let all = database::all(Store::Drafts, "").await;
    all.into_iter().filter_map(|value| read(Some(value))).collect()
}

fn read(value: Option<JsValue>) -> Option<Saved> {
    serde_json::from_str(&value?.as_string()?).ok()
}
