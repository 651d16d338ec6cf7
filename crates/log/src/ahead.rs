//! The end of a long log before all of it has been read: a small log of its own.

use super::{
    Log, MemoryStorage, RowView, StorageError,
    model::{Ahead, Source, Window},
};
use crate::api::jobs::LogMessage;

/// More than any view is high.
const ROWS: u32 = 150;

/// Much more than a tail takes on the storage, with what belongs to its lines.
const SHELF_BYTES: u64 = 16 << 20;

/// The last rows of a log, as they look without a filter: `messages` are its content from the byte `begin`, where a line
/// begins, to its end.
///
/// # Errors
/// When the rows cannot be made, which does not happen.
pub fn ahead(begin: u64, messages: &[LogMessage]) -> Result<Ahead, StorageError> {
    let mut log = Log::new(MemoryStorage::new(SHELF_BYTES))?;
    let mut on_line = |_: &Source, _, _, _: &[u8]| {};
    for message in messages {
        log.push(message, &mut on_line)?;
    }
    let window = Window {
        first: None,
        count: ROWS,
    };
    let mut rows = RowView::default().window(&mut log, window)?.rows;
    for row in &mut rows {
        row.line = 0;
        row.offset += begin;
    }
    Ok(Ahead {
        end: begin + log.offset(),
        rows,
        sources: log.count().sources,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{
        jobs::{StandardStream, log_message},
        time,
    };

    #[test]
    fn the_last_rows_stand_where_they_stand_in_the_log() {
        let lines: String = (0..20_000).map(|line| format!("line {line}\n")).collect();
        let message = LogMessage {
            source: Some(log_message::Source::StandardStream(StandardStream::Out as i32)),
            content: (lines.clone() + "open").into_bytes(),
            created_at: Some(time::from_millis(7)),
        };
        let begin = 1 << 30;
        let end = begin + message.content.len() as u64;
        let ahead = ahead(begin, &[message]).expect("rows");
        assert_eq!((ahead.end, ahead.rows.len()), (end, ROWS as usize));
        let [.., last, open] = ahead.rows.as_slice() else {
            panic!("two rows");
        };
        assert_eq!((last.text.as_str(), open.text.as_str()), ("line 19999", "open"));
        assert_eq!(open.offset, begin + lines.len() as u64);
        assert!(open.is_open);
        assert_eq!(ahead.sources[usize::from(last.source)].source, Source::Out);
    }
}
