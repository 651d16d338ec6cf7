//! The store of a page: rows in memory, and each commit as one entry of a journal that survives.
//!
//! An entry is written whole before the change is seen by anybody; at the next start the entries are read in their order.
//! A journal that has grown long is replaced by one entry that says all there is.

mod entry;
mod store;

use async_trait::async_trait;
pub use store::JournalStore;

/// Where entries are written down.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Adds an entry behind all others; it is there for good when this returns.
    ///
    /// # Errors
    /// The browser's words; then nothing was added.
    async fn append(&self, entry: Vec<u8>) -> Result<(), String>;

    /// Puts one entry in the place of all.
    ///
    /// # Errors
    /// The browser's words; then all is as it was.
    async fn replace(&self, entry: Vec<u8>) -> Result<(), String>;
}
