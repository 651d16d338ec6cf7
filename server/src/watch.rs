//! One watch on the file system for the whole server, fanned out to whoever waits for a folder to change.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use futures::Stream;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::watch;

type Folders = Arc<Mutex<HashMap<PathBuf, watch::Sender<()>>>>;

/// Tells when files in a folder are written, made or renamed; no disk is polled.
pub struct Watcher {
    folders: Folders,
    system: Mutex<RecommendedWatcher>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watcher")
    }
}

impl Watcher {
    /// Opens the system's watch.
    ///
    /// # Errors
    /// When the system has none left for this user (`fs.inotify.max_user_instances`).
    pub fn open() -> notify::Result<Self> {
        let folders = Folders::default();
        let told = folders.clone();
        let system = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let folders = told.lock().unwrap_or_else(PoisonError::into_inner);
            match event {
                Ok(event) if !event.need_rescan() && !event.kind.is_access() => {
                    for folder in event.paths.iter().filter_map(|path| path.parent()) {
                        if let Some(sender) = folders.get(folder) {
                            sender.send_replace(());
                        }
                    }
                }
                Ok(event) if event.kind.is_access() => {}
                // Something was missed: everyone looks.
                _ => folders.values().for_each(|sender| {
                    sender.send_replace(());
                }),
            }
        })?;
        Ok(Self {
            folders,
            system: Mutex::new(system),
        })
    }

    /// An item at once, and whenever something in `folder` has changed since; changes that nobody took are one.
    pub fn changes(self: &Arc<Self>, folder: &Path) -> impl Stream<Item = ()> + Send + 'static + use<> {
        let mut receiver = self.subscribe(folder);
        receiver.mark_changed();
        let last = Subscription {
            watcher: self.clone(),
            folder: folder.to_owned(),
        };
        futures::stream::unfold((receiver, last), |(mut receiver, last)| async {
            receiver.changed().await.ok()?;
            Some(((), (receiver, last)))
        })
    }

    fn subscribe(&self, folder: &Path) -> watch::Receiver<()> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = folders.get(folder) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(());
        folders.insert(folder.to_owned(), sender);
        drop(folders);
        let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = system.watch(folder, RecursiveMode::NonRecursive) {
            tracing::error!("{} cannot be watched: {error}", folder.display());
        }
        receiver
    }
}

/// Ends the system's watch on a folder with its last listener.
struct Subscription {
    watcher: Arc<Watcher>,
    folder: PathBuf,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut folders = self.watcher.folders.lock().unwrap_or_else(PoisonError::into_inner);
        // This listener's own receiver is still counted.
        if folders
            .get(&self.folder)
            .is_some_and(|sender| sender.receiver_count() <= 1)
        {
            folders.remove(&self.folder);
            drop(folders);
            let mut system = self.watcher.system.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = system.unwatch(&self.folder);
        }
    }
}
