//! The worker: does what it is asked for, one thing or several at once.

use web_sys::File;

use super::{Answer, Failure, Hashing, Request, collecting, digesting, packing, reading::Progress};
use crate::channel::worker::{self, Teller};

/// Listens for requests, and tells the page that it does.
pub fn listen() {
    worker::listen::<Hashing>(answer);
}

async fn answer(request: Request, teller: Teller<Hashing>) -> Result<Answer, Failure> {
    match request {
        Request::Digest(files) => {
            let files: Vec<File> = files.into_iter().map(|file| file.0).collect();
            digesting::digest(&files, Progress::of(teller)).await
        }
        Request::Pack(entries) => packing::pack(entries, Progress::of(teller)).await,
        Request::Collect(step) => match collecting::take(step, &teller).await {
            Ok(()) => Ok(Answer::Collected),
            Err(error) => Err(Failure::NotCollected(error)),
        },
    }
}
