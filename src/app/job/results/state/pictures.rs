//! The pictures of a document: those that are outputs of the same job are loaded, one after another.

use std::{collections::BTreeMap, rc::Rc};

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{content::Source, finding::Finder, item::Item, preview::Address};
use crate::{api::jobs::File, browser::object_url::ObjectUrl};
use jobsphere_results::{kind::Kind, pictures};

/// A larger picture is not loaded into a document.
const MOST_BYTES: u64 = 8 << 20;
/// Nor are more than these, together.
const MOST_BYTES_OF_ALL: u64 = 64 << 20;

/// How far a picture is.
#[derive(Clone)]
pub(crate) enum Picture {
    Shown(Address),
    /// It is no output of the job, or no picture.
    Missing,
    /// It is not loaded because of its size.
    Large(u64),
}

/// The pictures by what the document calls them; those that are waited for are not there yet.
pub(crate) type Pictures = RwSignal<BTreeMap<String, Picture>>;

/// Loads `addresses` for the document `item`.
pub(crate) async fn load(job_id: String, files: Vec<File>, item: Item, addresses: Vec<String>, into: Pictures) {
    let finder = Finder::new(job_id.clone(), files);
    let mut left_bytes = MOST_BYTES_OF_ALL;
    for address in addresses {
        let Some(path) = pictures::path(&item.path(), &address) else {
            continue;
        };
        let picture = match finder.beside(&item, &path).await {
            None => Picture::Missing,
            Some(found) if found.size_bytes() > MOST_BYTES.min(left_bytes) => Picture::Large(found.size_bytes()),
            Some(found) => {
                left_bytes -= found.size_bytes();
                one(&job_id, &found).await.unwrap_or(Picture::Missing)
            }
        };
        // The document may be gone by now.
        if into.try_update(|known| known.insert(address, picture)).is_none() {
            return;
        }
    }
}

async fn one(job_id: &str, item: &Item) -> Option<Picture> {
    let source = Source::new(job_id.to_owned(), item.file.clone());
    let content = source.beginning(item, item.size_bytes()).await.ok()?;
    let Kind::Image(kind) = Kind::of(&item.name(), &content.bytes) else {
        return None;
    };
    let url = ObjectUrl::of(&content.bytes, kind).ok()?;
    Some(Picture::Shown(SendWrapper::new(Rc::new(url))))
}
