//! What the inputs are made of: chosen files and folders, and what is known of their contents.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::{Blob, File};

use super::ahead::Ahead;
use crate::{
    api::sha256::Sha256,
    browser::{
        digests,
        entries::{Picked, composed},
        files,
        handle::Handle,
        hashing::{HashError, PackEntry, Pool},
        reader,
    },
};
use jobsphere_authoring::folder::{Entry, Node, Rules, USUAL_RULES, base_name};

/// A larger `.gitignore` is no list of rules.
const MAX_RULES_BYTES: f64 = 256.0 * 1024.0;
const GIT_RULES: &str = ".gitignore";

/// A chosen file or folder.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) what: What,
    /// Once computed, kept: a second Run reads nothing again.
    hashed: StoredValue<Option<Hashed>>,
    /// Its reading before it is needed.
    ahead: StoredValue<Option<Ahead>, LocalStorage>,
    /// What leads to it after a reload, where the browser gives that.
    pub(crate) handle: Option<SendWrapper<Handle>>,
}

#[derive(Clone)]
pub(crate) enum What {
    File(SendWrapper<File>),
    Folder(Folder),
}

/// What is sent of a source.
#[derive(Clone)]
pub(crate) struct Hashed {
    pub(crate) sha256: Sha256,
    pub(crate) size_bytes: i64,
    pub(crate) body: SendWrapper<Blob>,
    /// The name of the folder in the archive; empty for a file.
    name: String,
}

impl Source {
    pub(crate) fn file(file: File) -> Self {
        Self {
            what: What::File(SendWrapper::new(file)),
            hashed: StoredValue::new(None),
            ahead: StoredValue::new_local(None),
            handle: None,
        }
    }

    pub(crate) fn folder(folder: Folder) -> Self {
        Self {
            what: What::Folder(folder),
            hashed: StoredValue::new(None),
            ahead: StoredValue::new_local(None),
            handle: None,
        }
    }

    /// The same, with what leads to it again.
    pub(crate) fn with_handle(mut self, handle: Option<Handle>) -> Self {
        self.handle = handle.map(SendWrapper::new);
        self
    }

    /// Its own name.
    pub(crate) fn name(&self) -> String {
        match &self.what {
            What::File(file) => composed(&file.name()),
            What::Folder(folder) => folder.name.clone(),
        }
    }

    pub(crate) fn as_file(&self) -> Option<File> {
        match &self.what {
            What::File(file) => Some((**file).clone()),
            What::Folder(_) => None,
        }
    }

    pub(crate) fn as_folder(&self) -> Option<Folder> {
        match &self.what {
            What::File(_) => None,
            What::Folder(folder) => Some(folder.clone()),
        }
    }

    /// Bytes of content; an archive is a little larger. Tracked.
    pub(crate) fn size_bytes(&self) -> f64 {
        match &self.what {
            What::File(file) => file.size(),
            What::Folder(folder) => folder.tree.with(|tree| tree.size_bytes as f64),
        }
    }

    /// What was computed of it last.
    pub(crate) fn known(&self) -> Option<Hashed> {
        self.hashed.get_value()
    }

    /// What is known of it as the content of an input at `path`.
    pub(crate) fn hashed(&self, path: &str) -> Option<Hashed> {
        let hashed = self.hashed.get_value()?;
        (hashed.name == self.name_in_archive(path)).then_some(hashed)
    }

    /// With what the entries of its archive begin when it is sent as `path`; empty for a file, and for a folder without a
    /// name, whose entries stand alone.
    fn name_in_archive<'a>(&self, path: &'a str) -> &'a str {
        match &self.what {
            What::Folder(folder) if !folder.name.is_empty() => base_name(path),
            _ => "",
        }
    }

    /// Forgets what was computed and remembered: the content is another one.
    pub(crate) async fn mistrust(&self) {
        self.forget();
        if let What::File(file) = &self.what {
            digests::forget(file).await;
        }
    }

    /// Forgets what was computed.
    pub(crate) fn forget(&self) {
        self.hashed.set_value(None);
        self.end_ahead();
    }

    /// Reads it as the content of an input at `path`; `on_progress` hears which share was read.
    ///
    /// # Errors
    /// [`HashError`].
    pub(crate) async fn hash(&self, pool: &Pool, path: &str, on_progress: impl Fn(f64)) -> Result<Hashed, HashError> {
        if let Some(hashed) = self.hashed(path)
            && self.is_as_it_was().await
        {
            return Ok(hashed);
        }
        let size_bytes = untrack(|| self.size_bytes()).max(1.0);
        let hashed = match &self.what {
            What::File(file) => {
                let progress = |bytes| on_progress(bytes / size_bytes);
                Hashed {
                    sha256: self.digest(pool, file, progress).await?,
                    size_bytes: file.size() as i64,
                    body: SendWrapper::new((**file).clone().into()),
                    name: String::new(),
                }
            }
            What::Folder(folder) => {
                let name = self.name_in_archive(path).to_owned();
                let entries = folder.packed_as(&name);
                // Each byte is read twice.
                let progress = |bytes| on_progress(bytes / 2.0 / size_bytes);
                let packed = pool.with(async |hasher| hasher.pack(&entries, progress).await).await?;
                Hashed {
                    sha256: packed.sha256,
                    size_bytes: packed.archive.size() as i64,
                    body: SendWrapper::new(packed.archive),
                    name,
                }
            }
        };
        self.hashed.set_value(Some(hashed.clone()));
        Ok(hashed)
    }

    /// Whether what was computed still holds: the service may hold the old content, and would run that without a word.
    async fn is_as_it_was(&self) -> bool {
        match &self.what {
            What::File(file) => files::is_unchanged(file).await,
            What::Folder(folder) => {
                let sent = folder.kept();
                files::are_unchanged(sent.into_iter().filter_map(|picked| picked.file)).await
            }
        }
    }

    /// The digest of its file, which may have been read, or be being read, ahead.
    async fn digest(&self, pool: &Pool, file: &File, on_progress: impl Fn(f64)) -> Result<Sha256, HashError> {
        if let Some(ahead) = self.ahead.get_value()
            && let Some(sha256) = ahead.follow(&on_progress).await
            && files::is_unchanged(file).await
        {
            return Ok(sha256);
        }
        hash_file(pool, file, on_progress).await
    }

    /// Reads its file before that is needed, if it was not read.
    pub(crate) async fn read_ahead(&self) {
        let What::File(file) = &self.what else { return };
        if self.known().is_some() {
            return;
        }
        let ahead = self.ahead.get_value().unwrap_or_else(|| Ahead::of((**file).clone()));
        self.ahead.set_value(Some(ahead.clone()));
        ahead.follow(|_| ()).await;
    }

    /// It is not read ahead any more.
    pub(crate) fn end_ahead(&self) {
        // It may be gone with its page.
        if let Some(ahead) = self.ahead.try_update_value(Option::take).flatten() {
            ahead.end();
        }
    }
}

/// The digest of a file: the remembered one, or else by reading.
pub(crate) async fn hash_file(pool: &Pool, file: &File, on_progress: impl Fn(f64)) -> Result<Sha256, HashError> {
    if let Some(sha256) = digests::known(file).await {
        return Ok(sha256);
    }
    let files = [file.clone()];
    let digests = pool.with(async |hasher| hasher.hash(&files, on_progress).await).await?;
    let [sha256] = digests[..] else {
        return Err(HashError::Worker("it answered for other files".into()));
    };
    digests::remember(file, sha256).await;
    Ok(sha256)
}

/// A chosen folder.
#[derive(Clone)]
pub(crate) struct Folder {
    pub(crate) name: String,
    /// With paths inside the folder, in their order.
    files: SendWrapper<Rc<Vec<Picked>>>,
    /// The texts of its `.gitignore` files.
    git: StoredValue<Rules>,
    /// Whether they count.
    pub(crate) uses_git: RwSignal<bool>,
    /// Rules of one's own.
    pub(crate) own_rules: RwSignal<String>,
    entries: RwSignal<Arc<Vec<Entry>>>,
    /// What is in it, with what is left out.
    pub(crate) tree: RwSignal<Arc<Node>>,
}

impl Folder {
    /// Takes in a folder's files, with paths inside it, and finds out which are left out.
    pub(crate) async fn open(name: &str, mut files: Vec<Picked>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut git = Rules::default();
        for picked in &files {
            let Some(file) = &picked.file else { continue };
            if base_name(&picked.path) == GIT_RULES && file.size() <= MAX_RULES_BYTES {
                let folder = picked.path.strip_suffix(GIT_RULES).unwrap_or_default();
                let text = files::text(file).await.unwrap_or_default();
                git.git.insert(folder.trim_end_matches('/').to_owned(), text);
            }
        }
        let folder = Self {
            name: name.to_owned(),
            files: SendWrapper::new(Rc::new(files)),
            git: StoredValue::new(git),
            uses_git: RwSignal::new(true),
            own_rules: RwSignal::new(USUAL_RULES.to_owned()),
            entries: RwSignal::default(),
            tree: RwSignal::default(),
        };
        folder.sift().await;
        folder
    }

    /// Takes in what was sent once: nothing of it is left out.
    pub(crate) async fn open_as_sent(name: &str, files: Vec<Picked>) -> Self {
        let folder = Self::open(name, files).await;
        folder.uses_git.set(false);
        folder.own_rules.set(String::new());
        folder.sift().await;
        folder
    }

    /// Whether it has `.gitignore` files.
    pub(crate) fn has_git_rules(&self) -> bool {
        self.git.with_value(|git| !git.git.is_empty())
    }

    /// Its files, with paths inside the folder, in their order.
    pub(crate) fn files(&self) -> Rc<Vec<Picked>> {
        Rc::clone(&self.files)
    }

    /// Applies the rules as they are now.
    pub(crate) async fn sift(&self) {
        let mut rules = if self.uses_git.get_untracked() {
            self.git.get_value()
        } else {
            Rules::default()
        };
        rules.own = self.own_rules.get_untracked();
        let paths: Vec<String> = self.files.iter().map(|picked| picked.path.clone()).collect();
        let left_out = reader::left_out(paths, rules).await;
        // Without the worker nothing is left out, which the tree shows.
        let left_out = left_out.unwrap_or_else(|_| vec![None; self.files.len()]);
        let entries: Vec<Entry> = self
            .files
            .iter()
            .zip(left_out)
            .filter_map(|(picked, left_out)| {
                Some(Entry {
                    path: picked.path.clone(),
                    size_bytes: picked.file.as_ref()?.size() as u64,
                    left_out,
                })
            })
            .collect();
        self.tree.set(Arc::new(Node::tree(&entries)));
        self.entries.set(Arc::new(entries));
    }

    /// What is sent, under the name the folder has in the archive.
    fn packed_as(&self, name: &str) -> Vec<PackEntry> {
        let entries = self.entries.get_untracked();
        let mut sent = entries.iter().filter(|entry| entry.left_out.is_none()).peekable();
        let mut packed = Vec::new();
        for picked in self.files.iter() {
            let is_sent = match &picked.file {
                // An empty folder; the folder itself has no path.
                None => true,
                Some(_) => sent.next_if(|entry| entry.path == picked.path).is_some(),
            };
            if is_sent {
                packed.push(PackEntry {
                    path: format!("{name}/{}", picked.path).trim_matches('/').to_owned(),
                    file: picked.file.clone(),
                });
            }
        }
        packed
    }

    /// The files that its rules leave in.
    pub(crate) fn kept(&self) -> Vec<Picked> {
        let entries = self.entries.get_untracked();
        let kept: BTreeSet<&str> = entries
            .iter()
            .filter(|entry| entry.left_out.is_none())
            .map(|entry| entry.path.as_str())
            .collect();
        let is_kept = |picked: &&Picked| kept.contains(picked.path.as_str());
        self.files.iter().filter(is_kept).cloned().collect()
    }

    /// The same with more files, each in the place of one of the same path; its rules stay.
    pub(crate) async fn with(&self, more: Vec<Picked>) -> Self {
        let mut all: BTreeMap<String, Picked> = BTreeMap::new();
        for picked in self.files.iter().cloned().chain(more) {
            all.insert(picked.path.clone(), picked);
        }
        let folder = Self::open(&self.name, all.into_values().collect()).await;
        folder.uses_git.set(self.uses_git.get_untracked());
        folder.own_rules.set(self.own_rules.get_untracked());
        folder.sift().await;
        folder
    }

    /// The files below `path`, as a folder of its own; `None` when there are none.
    pub(crate) fn below(files: &[Picked], path: &str) -> Option<Vec<Picked>> {
        let inside = |picked: &Picked| {
            let rest = picked.path.strip_prefix(path)?.strip_prefix('/')?;
            Some(Picked {
                path: rest.to_owned(),
                file: picked.file.clone(),
            })
        };
        let found: Vec<Picked> = files.iter().filter_map(inside).collect();
        (!found.is_empty()).then_some(found)
    }
}
