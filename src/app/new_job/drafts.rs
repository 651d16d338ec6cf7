//! Drafts: kept in this browser while they are written, with their files where that is possible, and the state of their
//! sending; a reload, a crash or a closed laptop loses nothing.

use std::collections::BTreeSet;

use gloo_timers::callback::Timeout;
use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};

use super::{
    form::Form,
    run::{Run, Sending},
    source_job::SourceJob,
    sources::{Folder, Source, What},
};
use crate::{
    app::{announce::use_announcer, shell::new_job_address, task::run_while_mounted, text::use_text, time::Instant},
    browser::{
        self,
        clock::now_ms,
        database::{self, Store},
        document,
        entries::Picked,
        handle::Handle,
    },
    job::draft::Draft,
};

/// The part of the address behind `?` that names a draft.
pub(super) const DRAFT_QUERY: &str = "draft";

/// Between the last change and its saving.
const SAVE_AFTER_MS: u32 = 300;
/// Files of a source up to this size are kept themselves; of larger ones only what leads to them.
const MAX_KEPT_BYTES: f64 = 64.0 * 1024.0 * 1024.0;
/// A folder of more files is kept by what leads to it, where there is that: writing them all down stops the page.
const MAX_KEPT_FILES: usize = 500;

/// Stands for the project's files where inputs are called by their paths.
pub(super) const PROJECT: &str = "";

const FILES: &str = "files";
const HANDLE: &str = "handle";

/// A draft as it is kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Saved {
    id: String,
    project: String,
    changed_ms: i64,
    draft: Draft,
    text: String,
    sources: Vec<SavedSource>,
    /// Which of the sources holds the project's files.
    #[serde(default)]
    project_source: Option<u64>,
    /// Id of the job it is run again from.
    #[serde(default)]
    source_job: Option<String>,
    sending: Option<Sending>,
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
        // What was typed last is not lost by going to another page.
        on_cleanup(move || {
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
        let Some(saved) = read(database::get(Store::Drafts, id).await) else {
            return false;
        };
        self.id.set_value(Some(saved.id.clone()));
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

async fn forget(id: &str) {
    database::remove(Store::Drafts, id).await;
    database::remove(Store::Sources, &format!("{id}/")).await;
}

fn read(value: Option<JsValue>) -> Option<Saved> {
    serde_json::from_str(&value?.as_string()?).ok()
}

/// A source for the database; `None` when the browser gives nothing that could be kept.
fn value(source: &Source) -> Option<JsValue> {
    let is_large = untrack(|| source.size_bytes()) > MAX_KEPT_BYTES;
    let is_many = source
        .as_folder()
        .is_some_and(|folder| folder.files().len() > MAX_KEPT_FILES);
    match &source.handle {
        Some(handle) if is_large || is_many => return Some(Array::of2(&HANDLE.into(), &handle.value()).into()),
        None if is_large => return None,
        _ => {}
    }
    let value = Array::of2(&FILES.into(), &source.name().into());
    match &source.what {
        What::File(file) => {
            value.push(file);
        }
        What::Folder(folder) => {
            for picked in folder.files().iter() {
                value.push(&JsValue::from_str(&picked.path));
                value.push(&picked.file.clone().map_or(JsValue::NULL, JsValue::from));
            }
        }
    }
    Some(value.into())
}

enum Back {
    Source(Source),
    /// The person must let the page read it.
    Locked(Handle),
    Gone,
}

async fn bring_back(value: Option<JsValue>) -> Back {
    let Some(parts) = value.and_then(|value| value.dyn_into::<Array>().ok()) else {
        return Back::Gone;
    };
    let second = parts.get(1);
    if parts.get(0).as_string().as_deref() == Some(HANDLE) {
        let handle = Handle::from_value(second);
        if !handle.is_readable(false).await {
            return Back::Locked(handle);
        }
        return reread(&handle).await.map_or(Back::Gone, Back::Source);
    }
    let name = second.as_string().unwrap_or_default();
    let content = parts.slice(2, parts.length());
    if let Ok(file) = content.get(0).dyn_into::<web_sys::File>() {
        return Back::Source(Source::file(file));
    }
    let files = content.to_vec();
    let files = files.chunks(2).map(|pair| Picked {
        path: pair[0].as_string().unwrap_or_default(),
        file: pair.get(1).and_then(|file| file.clone().dyn_into().ok()),
    });
    Back::Source(Source::folder(Folder::open(&name, files.collect()).await))
}

/// Reads what a handle leads to.
pub(super) async fn reread(handle: &Handle) -> Option<Source> {
    let picked = handle.read().await.ok()?;
    let source = match &picked[..] {
        [Picked { path, file: Some(file) }] if !path.contains('/') => Source::file(file.clone()),
        _ => {
            let name = handle.name();
            let files = Folder::below(&picked, &name).unwrap_or_default();
            Source::folder(Folder::open(&name, files).await)
        }
    };
    Some(source.with_handle(Some(handle.clone())))
}

/// The other drafts of the project, to go on with or to delete.
#[component]
pub(super) fn Drafts(
    /// Which project's.
    project: Memo<String>,
    /// The draft in the form, which is not listed.
    current: Option<String>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let drafts = RwSignal::new(Vec::<Saved>::new());
    run_while_mounted(async move {
        let all = database::all(Store::Drafts, "").await;
        let mut all: Vec<Saved> = all.into_iter().filter_map(|value| read(Some(value))).collect();
        all.retain(|saved| saved.project == project.get_untracked() && Some(&saved.id) != current.as_ref());
        all.sort_by_key(|saved| std::cmp::Reverse(saved.changed_ms));
        drafts.set(all);
    });
    let delete = move |id: String| {
        drafts.update(|drafts| drafts.retain(|saved| saved.id != id));
        announcer.say(text.get("draft-deleted"));
        document::focus("drafts");
        spawn_local(async move { forget(&id).await });
    };
    let title = move |saved: &Saved| {
        let words = [&saved.draft.name, &saved.draft.cmd];
        let first = words.into_iter().find(|words| !words.trim().is_empty());
        first.map_or_else(|| text.get("draft-untitled"), |words| words.trim().to_owned())
    };
    let item = move |saved: Saved| {
        let name = title(&saved);
        let label = {
            let name = name.clone();
            move || text.with("draft-delete", [("name", name.as_str().into())])
        };
        let address = format!("{}?{DRAFT_QUERY}={}", new_job_address(&saved.project), saved.id);
        let id = saved.id.clone();
        view! {
            <li>
                <a href=address>{name}</a>
                " "
                <span class="quiet"><Instant millis=saved.changed_ms /></span>
                " "
                <button type="button" class="small" aria-label=label on:click=move |_| delete(id.clone())>
                    {text.say("draft-delete-short")}
                </button>
            </li>
        }
    };
    view! {
        <div id="drafts" tabindex="-1">
            <Show when=move || !drafts.read().is_empty()>
                <details class="drafts">
                    <summary>{move || text.with("drafts-heading", [("count", drafts.read().len().into())])}</summary>
                    <ul>{move || drafts.get().into_iter().map(item).collect_view()}</ul>
                </details>
            </Show>
        </div>
    }
}
