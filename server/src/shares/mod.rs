//! What is given out for share links beside the calls: outputs (`outputs`), pages with their previews (`pages`) and
//! badges (`badge`).

mod badge;
mod escape;
mod outputs;
mod pages;
mod words;

use std::sync::Arc;

use axum::{Router, routing::get};
use http::{HeaderName, header};
use jobsphere_service::JobService;

use crate::{app_files::Pages, blobs::DiskBlobs, files::every_answer, guard::share_door::ShareDoor, headers};
use outputs::Outputs;

/// The routes.
pub(crate) fn router(service: JobService, blobs: Arc<DiskBlobs>, pages: Pages, door: ShareDoor) -> Router {
    let outputs = Router::new()
        .route("/shares/{share}/outputs/{index}", get(outputs::give))
        .with_state(Outputs {
            service: service.clone(),
            blobs,
            door,
        })
        .layer(every_answer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(every_answer(header::CACHE_CONTROL, "private, no-store"))
        .layer(every_answer(header::CONTENT_SECURITY_POLICY, headers::INERT));
    let opened = Router::new()
        .route("/s/{share}", get(pages::link))
        .route("/embed/{share}", get(pages::embed))
        .with_state((service.clone(), pages));
    Router::new()
        .route("/badge/{file}", get(badge::give))
        .with_state(service)
        .merge(outputs)
        .merge(opened)
        .layer(every_answer(header::REFERRER_POLICY, "no-referrer"))
        .layer(every_answer(HeaderName::from_static("x-robots-tag"), "noindex"))
}
