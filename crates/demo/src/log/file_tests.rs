use super::*;
use crate::{
    api::jobs::{StandardStream, log_message::Source},
    log::SYSTEM_LOG,
};

#[derive(Debug, Clone, Default)]
struct Memory(Vec<u8>);

impl Content for Memory {
    fn length(&mut self) -> Result<u64, String> {
        Ok(self.0.len() as u64)
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<usize, String> {
        let rest = self.0.get(position as usize..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write(&mut self, position: u64, bytes: &[u8]) -> Result<(), String> {
        self.0.truncate(position as usize);
        self.0.extend(bytes);
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> Result<(), String> {
        self.0.truncate(length as usize);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), String> {
        Ok(())
    }
}

fn log(parts: &[&[u8]]) -> LogFile<Memory> {
    let mut log = LogFile::open(Memory::default()).unwrap();
    for part in parts {
        log.append(&LogSource::Out, 1_000_000, part).unwrap();
    }
    log
}

fn content(batch: &LogBatch) -> Vec<u8> {
    batch
        .messages
        .iter()
        .flat_map(|message| message.content.clone())
        .collect()
}

#[test]
fn a_log_is_read_from_any_offset() {
    let mut log = log(&[b"one\n", b"two\n", b"three\n"]);
    for offset in 0..=14 {
        let batch = log.read(LogFrom::Offset(offset), 1000).unwrap();
        assert_eq!(content(&batch), b"one\ntwo\nthree\n"[offset as usize..], "{offset}");
        assert_eq!(batch.offset, 14);
    }
    let behind = log.read(LogFrom::Offset(15), 10);
    assert!(matches!(behind, Err(LogsError::BehindEnd { offset: 15, end: 14 })));
    assert_eq!(log.read(LogFrom::End, 10).unwrap().offset, 14);
    let nothing = log.read(LogFrom::Offset(3), 0).unwrap();
    assert_eq!((nothing.messages.len(), nothing.offset), (0, 3));
}

#[test]
fn a_batch_ends_after_about_as_much_as_was_asked() {
    let mut log = log(&[b"one\n", b"two\n", b"three\n"]);
    let batch = log.read(LogFrom::Offset(1), 4).unwrap();
    assert_eq!((content(&batch).as_slice(), batch.offset), (&b"ne\ntwo\n"[..], 8));
}

#[test]
fn who_wrote_and_when_stays() {
    let mut log = LogFile::open(Memory::default()).unwrap();
    for source in [LogSource::Err, LogSource::File(SYSTEM_LOG.into()), LogSource::Out] {
        log.append(&source, 5_000_001, b"x").unwrap();
    }
    let mut log = LogFile::open(log.content).unwrap();
    let batch = log.read(LogFrom::Offset(0), 10).unwrap();
    let sources: Vec<_> = batch
        .messages
        .iter()
        .map(|message| message.source.clone().unwrap())
        .collect();
    let expected = [
        Source::StandardStream(StandardStream::Err.into()),
        Source::FilePath(SYSTEM_LOG.into()),
        Source::StandardStream(StandardStream::Out.into()),
    ];
    assert_eq!(sources, expected);
    assert!(
        batch
            .messages
            .iter()
            .all(|message| message.created_at.unwrap().seconds == 5)
    );
    let mut split = Vec::new();
    log.split(|source, content| split.push((source.clone(), content.to_vec())))
        .unwrap();
    assert_eq!(split[1], (LogSource::File(SYSTEM_LOG.into()), b"x".to_vec()));
}

#[test]
fn a_record_that_a_crash_has_cut_is_dropped_and_writing_goes_on() {
    let whole = log(&[b"one\n", "два\n".as_bytes()]).content.0;
    let first = HEADER_BYTES + 4;
    for length in 0..whole.len() {
        let mut log = LogFile::open(Memory(whole[..length].to_vec())).unwrap();
        assert_eq!(log.end(), if length < first { 0 } else { 4 }, "{length}");
        log.append(&LogSource::Out, 1, b"after\n").unwrap();
        let mut again = LogFile::open(log.content).unwrap();
        let expected: &[u8] = if length < first { b"after\n" } else { b"one\nafter\n" };
        assert_eq!(content(&again.read(LogFrom::Offset(0), 100).unwrap()), expected);
    }
}

#[test]
fn a_file_of_anything_is_an_empty_log() {
    for anything in [vec![0; 100], vec![0xA7; 100], vec![0xff; 30]] {
        assert_eq!(LogFile::open(Memory(anything)).unwrap().end(), 0);
    }
}

#[test]
fn a_long_log_is_found_by_its_places_and_long_writes_are_cut_between_letters() {
    let mut long = LogFile::open(Memory::default()).unwrap();
    let text = "щ".repeat(700_000);
    long.append(&LogSource::Out, 1, &text.as_bytes()[..1]).unwrap();
    long.append(&LogSource::Out, 1, &text.as_bytes()[1..]).unwrap();
    assert!(long.places.len() >= 4);
    let reopened = LogFile::open(long.content.clone()).unwrap();
    assert_eq!((reopened.end, &reopened.places), (long.end, &long.places));
    for offset in [0, 1, 65_536, 262_144, 1_000_001, 1_399_999] {
        let batch = long.read(LogFrom::Offset(offset), 10).unwrap();
        let read = content(&batch);
        assert!(
            !read.is_empty() && text.as_bytes()[offset as usize..].starts_with(&read),
            "{offset}"
        );
    }
    let messages = long.read(LogFrom::Offset(1), usize::MAX).unwrap().messages;
    let cut = messages
        .iter()
        .skip(1)
        .filter(|message| str::from_utf8(&message.content).is_err());
    assert_eq!(cut.count(), 0);
}
