//! What can be looked at of the outputs that a link names: pictures and tables, by themselves and in folders, which travel
//! as archives.

use web_sys::File;

use crate::{
    api::{jobs::FileCompressionType, share::SharedOutput},
    app::job::results::state::unpacking::whole,
    browser::{files, shared_file},
};
use jobsphere_client::shares::ShareCredentials;
use jobsphere_results::{
    kind::{Kind, Words, promises_a_look},
    listing::{Entry, Ranges},
};

/// Larger outputs are not fetched unasked.
pub(crate) const MAX_BYTES: i64 = 16 << 20;
/// A larger file in a folder is not looked at.
const MAX_ENTRY_BYTES: u64 = 8 << 20;
/// So many files of a folder are looked at.
const MAX_ENTRIES: usize = 24;
/// Of a table so much is read.
const TABLE_BYTES: usize = 256 << 10;

/// A picture or a table.
pub(crate) struct Look {
    pub(crate) path: String,
    /// Of a table the beginning.
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_whole: bool,
}

/// Whether an output is the archive of a folder.
pub(crate) fn is_folder(output: &SharedOutput) -> bool {
    output.compression_type() == FileCompressionType::Zip
}

/// What an output is saved as.
pub(crate) fn file_name(output: &SharedOutput) -> String {
    let path = output.path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = if matches!(name, "" | "." | "..") { "file" } else { name };
    if is_folder(output) && !name.ends_with(".zip") {
        return format!("{name}.zip");
    }
    name.to_owned()
}

/// Fetches an output, whose bytes are those that the job made.
///
/// # Errors
/// Why there is none: `None` for other bytes than were announced, else in the browser's or the service's words.
pub(crate) async fn fetch(credentials: &ShareCredentials, output: &SharedOutput) -> Result<File, Option<String>> {
    let path = credentials.output_path(output.index);
    let file = shared_file::fetch(&path, &credentials.authorization())
        .await
        .map_err(Some)?;
    match shared_file::sha256(&file).await.map_err(Some)? {
        digest if digest == output.sha256 => Ok(file),
        _ => Err(None),
    }
}

/// What can be looked at in a fetched output.
pub(crate) async fn looks(file: &File, output: &SharedOutput) -> Vec<Look> {
    let Ok(bytes) = files::bytes(file).await else {
        return Vec::new();
    };
    if !is_folder(output) {
        return look(output.path.clone(), bytes).into_iter().collect();
    }
    let Ok(entries) = Ranges::whole(&bytes).entries() else {
        return Vec::new();
    };
    let mut looks = Vec::new();
    for entry in entries.into_iter().filter(is_worth_reading).take(MAX_ENTRIES) {
        let Ok(content) = whole(&entry, &bytes).await else {
            continue;
        };
        let path = entry.path.clone();
        looks.extend(look(path, content));
    }
    looks
}

/// Whether its name is that of a picture or a table: a folder may hold thousands of other files.
fn is_worth_reading(entry: &Entry) -> bool {
    entry.size_bytes <= MAX_ENTRY_BYTES && promises_a_look(&entry.path)
}

fn look(path: String, mut bytes: Vec<u8>) -> Option<Look> {
    let kind = Kind::of(&path, &bytes);
    let is_table = matches!(kind, Kind::Words(Words::Table(_) | Words::MaybeTable));
    let is_whole = !is_table || bytes.len() <= TABLE_BYTES;
    if !is_whole {
        bytes.truncate(TABLE_BYTES);
    }
    (is_table || matches!(kind, Kind::Image(_))).then_some(Look { path, bytes, is_whole })
}
