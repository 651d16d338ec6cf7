//! How much there is, and what a reader of a failed job wants to see first.

use super::{
    Log, Storage, StorageError,
    model::{Count, LineRef, SourceCount, Trouble},
};

impl<S: Storage> Log<S> {
    /// How much there is; rows and filter are left to the caller.
    pub fn count(&self) -> Count {
        let sources: Vec<SourceCount> = self
            .streams
            .iter()
            .map(|stream| SourceCount {
                source: stream.source.clone(),
                lines: stream.lines + stream.lost_lines + u64::from(stream.open.is_some()),
                bytes: stream.bytes,
                errors: stream.errors,
            })
            .collect();
        let texts = self.streams.iter().zip(&sources).filter(|(stream, _)| !stream.is_table);
        Count {
            lines: texts.map(|(_, count)| count.lines).sum(),
            offset: self.offset,
            began_ms: self.began_ms,
            sources,
            ..Count::default()
        }
    }

    /// Changes whenever [`Self::trouble`] may.
    pub fn trouble_mark(&self) -> (Option<u64>, Option<u64>) {
        (self.first_error, self.last_err.back().copied())
    }

    /// The first line that tells an error, and the last ones of standard error.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn trouble(&mut self) -> Result<Trouble, StorageError> {
        let mut trouble = Trouble::default();
        if let Some(line) = self.first_error {
            trouble.first_error = self.line_ref(line)?;
        }
        for line in self.last_err.clone() {
            trouble.last_err.extend(self.line_ref(line)?);
        }
        Ok(trouble)
    }

    fn line_ref(&mut self, line: u64) -> Result<Option<LineRef>, StorageError> {
        let Some(place) = self.place(line) else {
            return Ok(None);
        };
        Ok(Some(LineRef {
            line: self.number(line)?,
            offset: self.head(place)?.offset,
            text: self.line_text(place)?,
        }))
    }
}
