//! The log of a job in one file: records, one after the other, each with who wrote, when, and where in the content.
//!
//! The service is the only one that writes, so where things are is known in memory; a file is gone over once, when it is
//! opened. A record that a crash has cut is dropped then.

mod changes;
mod file;
mod record;

pub use changes::Changes;
pub use file::LogFile;
pub use record::LogSource;

/// The service's own file in the log stream.
pub const SYSTEM_LOG: &str = ".system.log";

/// The bytes of one log.
pub trait Content {
    /// How many there are.
    ///
    /// # Errors
    /// The browser's words.
    fn length(&mut self) -> Result<u64, String>;

    /// Fills `into` with the bytes from `position` on; answers how many there were.
    ///
    /// # Errors
    /// The browser's words.
    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<usize, String>;

    /// Writes at `position`, the end; all or nothing.
    ///
    /// # Errors
    /// The browser's words.
    fn write(&mut self, position: u64, bytes: &[u8]) -> Result<(), String>;

    /// Leaves the first `length` bytes.
    ///
    /// # Errors
    /// The browser's words.
    fn truncate(&mut self, length: u64) -> Result<(), String>;

    /// Puts all on stable storage.
    ///
    /// # Errors
    /// The browser's words.
    fn flush(&mut self) -> Result<(), String>;
}
