//! Files and logs, as the engine uses them.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jobsphere_api::{
    id::{JobId, ProjectId},
    sha256::Sha256,
};
use jobsphere_browser::error::message;
use jobsphere_demo::{engine::Keeping, log::LogSource};
use js_sys::{Array, Uint8Array};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::{blobs::PrivateBlobs, host::now_micros, logs::PrivateLogs};

/// What is kept in the browser's private files.
pub(super) struct Kept {
    pub(super) blobs: Arc<PrivateBlobs>,
    pub(super) logs: Arc<PrivateLogs>,
}

fn said(thrown: JsValue) -> String {
    message(&thrown)
}

#[async_trait]
impl Keeping for Kept {
    async fn read(&self, project: &ProjectId, sha256: Sha256) -> Result<Vec<u8>, String> {
        SendWrapper::new(async {
            let content = self.blobs.get(project, sha256).await.map_err(said)?;
            let content = content.ok_or("its content is gone")?;
            let bytes = JsFuture::from(content.array_buffer()).await.map_err(said)?;
            Ok(Uint8Array::new(&bytes).to_vec())
        })
        .await
    }

    async fn put(&self, project: &ProjectId, content: Vec<u8>) -> Result<Sha256, String> {
        SendWrapper::new(async {
            let parts = Array::of1(&Uint8Array::from(content.as_slice()));
            let content = Blob::new_with_u8_array_sequence(&parts).map_err(said)?;
            let taken = self.blobs.take(project, None, &content, |_| {}).await;
            taken.map(|(sha256, _)| sha256).map_err(|error| error.to_string())
        })
        .await
    }

    async fn append(&self, job: &JobId, source: &LogSource, content: &[u8]) -> Result<(), String> {
        SendWrapper::new(self.logs.append(job, source, content)).await
    }

    async fn sources(&self, job: &JobId) -> Result<BTreeMap<LogSource, Vec<u8>>, String> {
        SendWrapper::new(self.logs.sources(job)).await
    }

    fn now_micros(&self) -> i64 {
        now_micros()
    }
}
