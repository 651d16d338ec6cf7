//! The worker's beginning: alone with what is kept, then open to all.

use std::sync::Arc;

use futures::channel::oneshot;
use gloo_events::EventListener;
use jobsphere_browser::{
    error::message,
    in_page::{self, Hall},
    slots::Locks,
};
use jobsphere_demo::{calls::Calls, engine::PageEngine, journal::JournalStore};
use jobsphere_service::{Capacity, InstanceType, JobService, Parts};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use super::{
    blobs::PrivateBlobs,
    folder::Folder,
    host::{WorkerHost, random_name},
    journal::IdbJournal,
    keeping::Kept,
    logs::PrivateLogs,
    machines::PortMachines,
    serve::{Answering, listen, serve},
};

/// Where the folders of all services of an origin lie.
const FOLDER: &str = "jobsphere-service";
/// Jobs that run at the same time, each in a machine of its own.
const JOBS: f64 = 2.0;
/// The one type there is, named as a server's first.
const INSTANCE_TYPE: &str = "c1.4";

/// Begins to serve; the name of the worker says for which place.
pub fn begin() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let place = scope.name();
    spawn_local(async move {
        let hall = match BroadcastChannel::new(&in_page::hall(&place)) {
            Ok(hall) => hall,
            Err(thrown) => wasm_bindgen::throw_val(thrown),
        };
        match prepare(&place).await {
            Ok((locks, answering)) => serve(place, random_name(), &hall, locks, answering),
            Err(sentence) => refuse(hall, sentence),
        }
    });
}

/// Tells everybody who comes why there is no service.
fn refuse(hall: BroadcastChannel, sentence: String) {
    let refused = Hall::Refused { sentence }.write();
    let told = hall.clone();
    let answer = refused.clone();
    let hear = listen(&hall, move |word| {
        if let Some(Hall::Hello { .. }) = Hall::read(word) {
            // Refused only for what cannot be copied.
            let _ = told.post_message(&answer);
        }
    });
    std::mem::forget(hear);
    let _ = hall.post_message(&refused);
}

async fn prepare(place: &str) -> Result<(Locks, Answering), String> {
    let locks = Locks::of_browser()
        .ok_or("the service inside this browser needs an address with https, or one of this computer itself")?;
    let no_lock = |thrown: JsValue| format!("the browser gives no lock: {}", message(&thrown));
    let lock = locks.wait_for(&in_page::service_lock(place)).await.map_err(no_lock)?;
    // Held as long as the worker lives: whoever has it is alone with what is kept.
    std::mem::forget(lock);
    let engine = ask_for_engine().await.map_err(|thrown| message(&thrown))?;
    let answering = open(place, engine).await?;
    Ok((locks, answering))
}

/// Tells the page that the worker is alone, whose end is noticed by the lock from now on; the page answers with the port of
/// its engine, if it has one.
async fn ask_for_engine() -> Result<Option<MessagePort>, JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let (tell, told) = oneshot::channel();
    let _hears = EventListener::once(&scope, "message", move |event| {
        let ports = event.dyn_ref::<MessageEvent>().map(MessageEvent::ports);
        // Who waits for it waits until it comes.
        let _ = tell.send(ports.and_then(|ports| ports.get(0).dyn_into().ok()));
    });
    scope.post_message(&JsValue::TRUE)?;
    Ok(told.await.ok().flatten())
}

async fn open(place: &str, engine: Option<MessagePort>) -> Result<Answering, String> {
    let kept = |thrown: JsValue| format!("this browser keeps no files for the page: {}", message(&thrown));
    let root = Folder::root().await.map_err(kept)?;
    let name = String::from(js_sys::encode_uri_component(&format!("at {place}/")));
    let root = root
        .folder(FOLDER)
        .await
        .map_err(kept)?
        .folder(&name)
        .await
        .map_err(kept)?;
    let blobs = Arc::new(PrivateBlobs::open(&root).await.map_err(kept)?);
    let logs = Arc::new(PrivateLogs::open(&root).await.map_err(kept)?);
    let (journal, entries) = IdbJournal::open(place)
        .await
        .map_err(|error| format!("this browser keeps no data for the page: {error}"))?;
    let opened = |error: jobsphere_service::StoreError| format!("what this browser kept cannot be read: {error}");
    let store = JournalStore::open(journal, entries).await.map_err(opened)?;
    let machines = PortMachines::new(engine, blobs.clone());
    let kept = Arc::new(Kept {
        blobs: blobs.clone(),
        logs: logs.clone(),
    });
    let service = JobService::open(Parts {
        store: Arc::new(store),
        blobs: blobs.clone(),
        logs,
        engine: Arc::new(PageEngine::new(machines, kept)),
        host: Arc::new(WorkerHost),
        capacity: Capacity {
            cpus: JOBS,
            instance_types: vec![InstanceType {
                name: INSTANCE_TYPE.into(),
                cpus: 1.0,
            }],
        },
    });
    let origin = format!("{}{place}", in_page::SCHEME);
    Ok(Answering {
        calls: Calls::new(service.await.map_err(opened)?, &origin),
        blobs,
    })
}
