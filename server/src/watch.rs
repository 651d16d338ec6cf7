//! One watch on the file system for the whole server, fanned out to whoever waits for a folder to change.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
        let subscription = Subscription {
            receiver,
            watcher: self.clone(),
            folder: folder.to_owned(),
        };
        futures::stream::unfold(subscription, |mut subscription| async {
            subscription.receiver.changed().await.ok()?;
            Some(((), subscription))
        })
    }

    fn subscribe(&self, folder: &Path) -> watch::Receiver<()> {
        let mut system = self.system();
        let mut folders = self.folders();
        if let Some(sender) = folders.get(folder) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(());
        folders.insert(folder.to_owned(), sender);
        drop(folders);
        if let Err(error) = system.watch(folder, RecursiveMode::NonRecursive) {
            tracing::error!("{} cannot be watched: {error}", folder.display());
        }
        receiver
    }

    /// Held over every change of what is watched, so that one listener's last look does not end another's watch.
    /// It is taken before `folders`, which the system's own thread takes too.
    fn system(&self) -> MutexGuard<'_, RecommendedWatcher> {
        self.system.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, watch::Sender<()>>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the system's watch on a folder with its last listener.
struct Subscription {
    receiver: watch::Receiver<()>,
    watcher: Arc<Watcher>,
    folder: PathBuf,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut system = self.watcher.system();
        let mut folders = self.watcher.folders();
        // This listener's own receiver is still counted.
        let is_last = folders
            .get(&self.folder)
            .is_some_and(|sender| sender.receiver_count() <= 1);
        if is_last {
            folders.remove(&self.folder);
            drop(folders);
            let _ = system.unwatch(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::{FutureExt, StreamExt};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn listeners_come_and_go_and_nobody_misses_anything() {
        let folder = tempfile::tempdir().unwrap();
        let watcher = Arc::new(Watcher::open().unwrap());
        let restless = tokio::task::spawn_blocking({
            let (watcher, folder) = (watcher.clone(), folder.path().to_owned());
            move || {
                for _ in 0..2_000 {
                    // Some go before they have heard anything, some after.
                    drop(watcher.changes(&folder));
                    let _ = watcher.changes(&folder).boxed().next().now_or_never();
                }
            }
        });
        for round in 0..200 {
            let mut changes = watcher.changes(folder.path()).boxed();
            changes.next().await.unwrap();
            std::fs::write(folder.path().join("file"), format!("{round}")).unwrap();
            let heard = tokio::time::timeout(Duration::from_secs(5), changes.next()).await;
            assert_eq!(heard, Ok(Some(())), "round {round}");
        }
        restless.await.unwrap();
    }
}
