//! How much there is, and what a reader of a failed job wants to see first.

use super::{
    Log, Storage, StorageError,
    model::{Count, LineRef, SourceCount, Trouble},
};

/// The lines that tell the reason, and the last ones of both streams.
pub type TroubleMark = (Vec<u64>, [Option<u64>; 2]);

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
    pub fn trouble_mark(&self) -> TroubleMark {
        let last = [&self.last_err, &self.last_out].map(|last| last.back().copied());
        (self.reasons.lines(), last)
    }

    /// The lines that tell the reason of a failure, and the last ones of standard error and standard output.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn trouble(&mut self) -> Result<Trouble, StorageError> {
        Ok(Trouble {
            reasons: self.line_refs(self.reasons.lines())?,
            last_err: self.line_refs(self.last_err.clone())?,
            last_out: self.line_refs(self.last_out.clone())?,
            ..Trouble::default()
        })
    }

    fn line_refs(&mut self, lines: impl IntoIterator<Item = u64>) -> Result<Vec<LineRef>, StorageError> {
        let mut found = Vec::new();
        for line in lines {
            found.extend(self.line_ref(line)?);
        }
        Ok(found)
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
