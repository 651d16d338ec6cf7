//! The server's end of a porter, for what a command has made and nobody has named.

use std::{
    collections::HashSet,
    ffi::OsStr,
    io::{self, Read},
    os::unix::ffi::OsStrExt,
};

use super::{
    super::{
        made::{MOST_FILES, MOST_PATH_BYTES},
        pack::told,
        wire::{MadeFile, Moment, Sum},
    },
    Answer, Collected, MOST_MEASURED, Porter, PorterError, Request, below, garbled,
};

/// What a command has made, as its porter tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Made {
    /// The files that are told one by one, in the order of their paths; each once.
    pub(crate) files: Vec<MadeFile>,
    /// The others.
    pub(crate) more: Sum,
    /// Those in caches and environments.
    pub(crate) passed: Sum,
}

impl Made {
    /// Whether there is nothing that somebody may want.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.more.files == 0
    }

    /// Bytes of all there is, also of what is not told one by one; holes count.
    pub(crate) fn bytes(&self) -> u64 {
        let told = self.files.iter().map(|file| file.size_bytes);
        let counted = [self.more.bytes, self.passed.bytes];
        told.chain(counted).fold(0, u64::saturating_add)
    }

    /// Takes one more; what is told twice, or leads elsewhere, or is more than there is room for, is not believed.
    fn push(&mut self, file: MadeFile, paths: &mut HashSet<String>, left_bytes: &mut usize) -> io::Result<()> {
        below(&file.path)?;
        let path = told(OsStr::from_bytes(&file.path));
        *left_bytes = left_bytes
            .checked_sub(path.len())
            .filter(|_| self.files.len() < MOST_FILES)
            .ok_or_else(|| garbled("more paths than it may"))?;
        if !paths.insert(path) {
            return Err(garbled("a path for the second time"));
        }
        self.files.push(MadeFile {
            size_bytes: file.size_bytes.min(MOST_MEASURED),
            ..file
        });
        Ok(())
    }
}

impl Porter {
    /// The files in a folder that were made since then, but for those that lie at the paths `named` or below them.
    ///
    /// # Errors
    /// [`PorterError`].
    pub(crate) fn made(&mut self, folder: usize, named: Vec<Vec<u8>>, since: Moment) -> Result<Made, PorterError> {
        self.say(&Request::Made { folder, named, since }, None)?;
        let (mut made, mut paths, mut left_bytes) = (Made::default(), HashSet::new(), MOST_PATH_BYTES);
        loop {
            match self.answer()? {
                Answer::MadeFile(file) => {
                    if let Err(error) = made.push(file, &mut paths, &mut left_bytes) {
                        self.is_in_step = false;
                        return Err(error.into());
                    }
                }
                Answer::MadeAll { more, passed } => {
                    (made.more, made.passed) = (bounded(more), bounded(passed));
                    return Ok(made);
                }
                other => return self.out_of_step(&other),
            }
        }
    }

    /// Lets `store` read a file of at most `most_bytes`; nothing may be kept when that is answered with an error.
    ///
    /// # Errors
    /// [`PorterError`].
    pub(crate) fn take<T>(
        &mut self,
        folder: usize,
        path: Vec<u8>,
        most_bytes: u64,
        store: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<Collected<T>, PorterError> {
        let take = Request::Take {
            folder,
            path,
            most_bytes,
        };
        self.given(&take, most_bytes, store)
    }
}

fn bounded(sum: Sum) -> Sum {
    Sum {
        files: sum.files.min(MOST_MEASURED),
        bytes: sum.bytes.min(MOST_MEASURED),
    }
}
