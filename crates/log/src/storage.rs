//! Where the bytes of a log are kept: appended once, read in pieces.

/// Why bytes could not be kept or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// There is no room for more.
    #[error("there is no room for more of the log")]
    Full,
    /// Anything else, in the words of the browser.
    #[error("the kept log cannot be read or written: {0}")]
    Failed(String),
}

/// Keeps bytes: a file of the browser, or memory.
pub trait Storage {
    /// Appends `bytes` and says where they begin.
    ///
    /// # Errors
    /// [`StorageError`]; nothing was appended then.
    fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError>;

    /// Fills `into` with the bytes at `position`.
    ///
    /// # Errors
    /// [`StorageError`], also when there are not so many.
    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError>;
}

/// Keeps bytes in memory, up to a bound.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    /// Pieces as they were appended, each with its position: a long log must not be copied to grow.
    pieces: Vec<(u64, Box<[u8]>)>,
    length: u64,
    limit: u64,
}

impl MemoryStorage {
    /// An empty storage for at most so many bytes.
    pub fn new(limit: u64) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }
}

impl Storage for MemoryStorage {
    fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError> {
        let position = self.length;
        let length = position + bytes.len() as u64;
        if length > self.limit {
            return Err(StorageError::Full);
        }
        self.pieces.push((position, bytes.into()));
        self.length = length;
        Ok(position)
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
        let mut at = self
            .pieces
            .partition_point(|(start, _)| *start <= position)
            .saturating_sub(1);
        let mut filled = 0;
        while filled < into.len() {
            let (start, piece) = self
                .pieces
                .get(at)
                .ok_or_else(|| StorageError::Failed("read behind the end".to_owned()))?;
            let skip = usize::try_from(position + filled as u64 - start).unwrap_or(usize::MAX);
            let part = piece.get(skip..).unwrap_or_default();
            let count = part.len().min(into.len() - filled);
            into[filled..filled + count].copy_from_slice(&part[..count]);
            filled += count;
            at += 1;
        }
        Ok(())
    }
}
