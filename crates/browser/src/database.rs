//! What this browser keeps in its database (IndexedDB): drafts with their files, digests of files,
//! and the numbers that jobs came to. Where it may not,
//! nothing is kept, and everything else works.

use futures::channel::oneshot;
use idb::{Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

const NAME: &str = "jobsphere";
const VERSION: u32 = 2;

/// A part of the database; values are found by a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// Drafts, by their ids.
    Drafts,
    /// The files of drafts, by the draft's id, a slash, and their number in it.
    Sources,
    /// Digests, by what is known of a file without reading it.
    Digests,
    /// The last numbers of jobs that have ended, by their ids.
    Numbers,
}

impl Store {
    const ALL: [Self; 4] = [Self::Drafts, Self::Sources, Self::Digests, Self::Numbers];

    fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Sources => "sources",
            Self::Digests => "digests",
            Self::Numbers => "numbers",
        }
    }
}

/// The value of `key`, if there is one and the browser lets it be read.
pub async fn get(store: Store, key: &str) -> Option<JsValue> {
    let key = JsValue::from_str(key);
    let read = async move |database: &Database| {
        let transaction = database.transaction(&[store.name()], TransactionMode::ReadOnly)?;
        transaction.object_store(store.name())?.get(key)?.await
    };
    with(read).await.flatten().filter(|value| !value.is_undefined())
}

/// Every value whose key begins with `prefix`, in the order of the keys.
pub async fn all(store: Store, prefix: &str) -> Vec<JsValue> {
    let prefix = prefix.to_owned();
    let read = async move |database: &Database| {
        let transaction = database.transaction(&[store.name()], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(store.name())?;
        store.get_all(Some(beginning(&prefix)?.into()), None)?.await
    };
    with(read).await.unwrap_or_default()
}

/// Keeps `value` under `key`; false when the browser does not let it.
pub async fn put(store: Store, key: &str, value: &JsValue) -> bool {
    let (key, value) = (JsValue::from_str(key), value.clone());
    let write = async move |database: &Database| {
        let transaction = database.transaction(&[store.name()], TransactionMode::ReadWrite)?;
        let objects = transaction.object_store(store.name())?;
        objects.put(&value, Some(&key))?.await?;
        transaction.commit()?.await.map(drop)
    };
    with(write).await.is_some()
}

/// Forgets every value whose key begins with `prefix`.
pub async fn remove(store: Store, prefix: &str) {
    let prefix = prefix.to_owned();
    let write = async move |database: &Database| {
        let transaction = database.transaction(&[store.name()], TransactionMode::ReadWrite)?;
        transaction
            .object_store(store.name())?
            .delete(beginning(&prefix)?)?
            .await?;
        transaction.commit()?.await.map(drop)
    };
    with(write).await;
}

fn beginning(prefix: &str) -> Result<KeyRange, Error> {
    // Behind every text that begins so.
    let last = format!("{prefix}\u{ffff}");
    KeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&last), None, None)
}

/// Does the work to its end, also when nobody waits for it any more: the browser calls back in any case.
async fn with<T: 'static>(work: impl AsyncFnOnce(&Database) -> Result<T, Error> + 'static) -> Option<T> {
    let (tell, told) = oneshot::channel();
    spawn_local(async move {
        let Ok(database) = open().await else { return };
        let done = work(&database).await;
        database.close();
        // Nobody may be waiting.
        let _ = tell.send(done.ok());
    });
    told.await.ok().flatten()
}

async fn open() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for store in Store::ALL {
            // Fails for one that exists already.
            let _ = database.create_object_store(store.name(), ObjectStoreParams::new());
        }
    });
    request.await
}
