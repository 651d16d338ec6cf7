//! Drafts as this browser holds them.

use wasm_bindgen::JsValue;

use super::{sending::Group, stored_source::value};
use crate::{
    app::new_job::state::inputs::source::Source,
    browser::{
        database::{self, Store},
        storage::{self, Scope},
    },
};
use jobsphere_authoring::draft::Draft;
use jobsphere_client::submission::Pending;

/// Where this tab keeps which draft was written last.
pub(crate) const LAST_DRAFT: &str = "draft";

/// Where this tab keeps a draft that was left before it could be saved.
pub(crate) const UNSAVED: &str = "draft-unsaved";

/// A draft as it is kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) changed_ms: i64,
    pub(crate) draft: Draft,
    pub(crate) text: String,
    pub(crate) sources: Vec<SavedSource>,
    /// Which of the sources holds the project's files.
    #[serde(default)]
    pub(crate) project_source: Option<u64>,
    /// Id of the job it is run again from.
    #[serde(default)]
    pub(crate) source_job: Option<String>,
    pub(crate) sending: Option<Pending>,
    /// The same of each job of a draft that makes several.
    #[serde(default)]
    pub(crate) group: Group,
    /// Id of the job that it became: kept for a while, so that going back finds it.
    #[serde(default)]
    pub(crate) became: Option<String>,
}

/// What is kept of a source beside its files.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct SavedSource {
    pub(crate) id: u64,
    /// Of a folder.
    pub(crate) rules: Option<(bool, String)>,
    /// What it was found to hold, when it was read.
    pub(crate) hashed: Option<(String, i64)>,
}

/// Writes a draft down, with the sources that are new.
pub(crate) async fn write(saved: &Saved, sources: Vec<(u64, Source)>) {
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

/// So many drafts that became jobs are kept.
const MOST_DONE: usize = 5;

/// Forgets all but the newest of the drafts that became jobs.
pub(crate) async fn forget_done() {
    let mut done: Vec<Saved> = all().await.into_iter().filter(|saved| saved.became.is_some()).collect();
    done.sort_by_key(|saved| std::cmp::Reverse(saved.changed_ms));
    for saved in done.into_iter().skip(MOST_DONE) {
        forget(&saved.id).await;
    }
}

/// Forgets a draft with its files.
pub(crate) async fn forget(id: &str) {
    storage::remove(Scope::Tab, UNSAVED);
    database::remove(Store::Drafts, id).await;
    database::remove(Store::Sources, &format!("{id}/")).await;
}

/// The draft that was written last in this tab, if it is still one of this project.
pub(crate) async fn last(project: &str) -> Option<String> {
    let id = storage::get(Scope::Tab, LAST_DRAFT)?;
    let saved = newest(&id).await?;
    (saved.project == project && saved.became.is_none()).then_some(id)
}

/// A draft as it was written down last: in the database, or in haste when the page was left.
pub(crate) async fn newest(id: &str) -> Option<Saved> {
    let unsaved = storage::get(Scope::Tab, UNSAVED).and_then(|text| serde_json::from_str::<Saved>(&text).ok());
    let unsaved = unsaved.filter(|unsaved| unsaved.id == id);
    let saved = read(database::get(Store::Drafts, id).await);
    unsaved.into_iter().chain(saved).max_by_key(|saved| saved.changed_ms)
}

/// All drafts of this browser.
pub(crate) async fn all() -> Vec<Saved> {
    let all = database::all(Store::Drafts, "").await;
    all.into_iter().filter_map(|value| read(Some(value))).collect()
}

fn read(value: Option<JsValue>) -> Option<Saved> {
    serde_json::from_str(&value?.as_string()?).ok()
}
