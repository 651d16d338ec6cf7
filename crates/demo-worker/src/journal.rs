//! The journal of the store in IndexedDB: an entry is a value, a commit is a transaction.

use async_trait::async_trait;
use futures::channel::oneshot;
use idb::{Database, DatabaseEvent, Error, Factory, ObjectStoreParams, TransactionMode, TransactionResult};
use jobsphere_demo::journal::Journal;
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

const VERSION: u32 = 1;
const ENTRIES: &str = "entries";

/// The database of the service at one place.
#[derive(Clone)]
pub(super) struct IdbJournal(SendWrapper<Rc<Database>>);

impl IdbJournal {
    /// Opens the database for the service at `place`, and reads its entries in their order.
    pub(super) async fn open(place: &str) -> Result<(Self, Vec<Vec<u8>>), Error> {
        let name = format!("jobsphere-service:{place}");
        let mut request = Factory::new()?.open(&name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else { return };
            let mut params = ObjectStoreParams::new();
            params.auto_increment(true);
            // Fails for one that exists already.
            let _ = database.create_object_store(ENTRIES, params);
        });
        let database = request.await?;
        let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadOnly)?;
        let entries = transaction.object_store(ENTRIES)?.get_all(None, None)?.await?;
        let bytes = entries
            .into_iter()
            .filter_map(|entry| entry.dyn_into::<Uint8Array>().ok());
        let entries = bytes.map(|bytes| bytes.to_vec()).collect();
        Ok((Self(SendWrapper::new(Rc::new(database))), entries))
    }

    /// Adds an entry, in the place of all others if they are to go. It comes to its end also when nobody waits any more.
    fn write(&self, entry: &[u8], alone: bool) -> impl Future<Output = Result<(), String>> + Send + use<> {
        let (tell, told) = oneshot::channel();
        let (database, entry) = (self.0.clone(), Uint8Array::from(entry));
        spawn_local(async move {
            let written = write(&database, &entry, alone).await;
            // Nobody may be waiting.
            let _ = tell.send(written.map_err(|error| error.to_string()));
        });
        async { told.await.unwrap_or_else(|_| Err("the browser gave up".into())) }
    }
}

async fn write(database: &Database, entry: &Uint8Array, alone: bool) -> Result<(), Error> {
    let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadWrite)?;
    let entries = transaction.object_store(ENTRIES)?;
    if alone {
        entries.clear()?.await?;
    }
    entries.add(entry, None)?.await?;
    match transaction.commit()?.await? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => Err(Error::DomExceptionNotFound),
    }
}

#[async_trait]
impl Journal for IdbJournal {
    async fn append(&self, entry: Vec<u8>) -> Result<(), String> {
        self.write(&entry, false).await
    }

    async fn replace(&self, entry: Vec<u8>) -> Result<(), String> {
        self.write(&entry, true).await
    }
}
