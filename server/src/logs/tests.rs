use std::io::Write;

use jobsphere_service::{LogFrom, LogsError};

use super::{FILE, LogSource, LogWriter, reader, unfinished_letter};

fn bytes(dir: &std::path::Path, from: u64, max_bytes: usize) -> (Vec<u8>, u64) {
    let batch = reader::read(dir, LogFrom::Offset(from), max_bytes).unwrap();
    let content = batch.messages.into_iter().flat_map(|message| message.content).collect();
    (content, batch.offset)
}

/// What each message of a log says.
pub(crate) fn messages(dir: &std::path::Path) -> Vec<String> {
    let batch = reader::read(dir, LogFrom::Offset(0), usize::MAX).unwrap();
    let messages = batch.messages.into_iter();
    messages
        .map(|message| String::from_utf8_lossy(&message.content).into_owned())
        .collect()
}

#[test]
fn what_is_cut_is_cut_between_lines_or_letters() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = LogWriter::open(dir.path()).unwrap();
    writer
        .append(&LogSource::Out, "жёлтый ключ\n".repeat(8000).as_bytes())
        .unwrap();
    writer
        .append(&LogSource::Err, format!("a{}", "😀".repeat(40_000)).as_bytes())
        .unwrap();
    let messages = messages(dir.path());
    assert!(messages.len() > 4);
    assert!(messages.iter().all(|text| !text.contains('\u{fffd}')));
    assert!(
        messages
            .iter()
            .filter(|text| text.contains('ж'))
            .all(|text| text.ends_with('\n'))
    );
}

#[test]
fn bytes_that_are_no_letters_are_not_waited_for() {
    for (text, unfinished) in [
        (&b"a\xd1"[..], 1),
        (b"a\xf0\x9f\x98", 3),
        (b"a\xff", 0),
        (b"a\xd1b", 0),
        (b"\x80\x80", 0),
        (b"", 0),
    ] {
        assert_eq!(unfinished_letter(text), unfinished, "{text:?}");
    }
}

#[test]
fn every_offset_gives_the_rest_and_none_behind_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = LogWriter::open(dir.path()).unwrap();
    let parts = [
        (LogSource::Out, "one\n"),
        (LogSource::Err, "Ошибка\n"),
        (LogSource::File("a.log".into()), "x"),
    ];
    for (source, text) in &parts {
        writer.append(source, text.as_bytes()).unwrap();
    }
    let whole: String = parts.iter().map(|(_, text)| *text).collect();
    for from in 0..=whole.len() {
        assert_eq!(
            bytes(dir.path(), from as u64, 1 << 20),
            (whole.as_bytes()[from..].to_vec(), whole.len() as u64)
        );
        let end = reader::read(dir.path(), LogFrom::Offset(from as u64), 0).unwrap();
        assert_eq!((end.offset, end.messages.len()), (from as u64, 0));
    }
    let behind = whole.len() as u64 + 1;
    let error = reader::read(dir.path(), LogFrom::Offset(behind), 1).unwrap_err();
    assert!(matches!(error, LogsError::BehindEnd { .. }));
    assert_eq!(
        reader::read(dir.path(), LogFrom::End, 9).unwrap().offset,
        whole.len() as u64
    );
}

#[test]
fn a_long_log_is_read_in_batches_through_its_index() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = LogWriter::open(dir.path()).unwrap();
    let line = vec![b'x'; 100_000];
    for _ in 0..40 {
        writer.append(&LogSource::Out, &line).unwrap();
    }
    let (mut offset, mut total) = (0, 0);
    loop {
        let (content, next) = bytes(dir.path(), offset, 300_000);
        if content.is_empty() {
            break;
        }
        assert!(content.len() < 400_000);
        total += content.len();
        offset = next;
    }
    assert_eq!(total, 4_000_000);
    assert_eq!(bytes(dir.path(), 3_999_999, 9).0, b"x");
}

#[test]
fn a_record_that_a_crash_cut_is_dropped_and_written_over() {
    let dir = tempfile::tempdir().unwrap();
    LogWriter::open(dir.path())
        .unwrap()
        .append(&LogSource::Out, b"whole")
        .unwrap();
    let whole = std::fs::read(dir.path().join(FILE)).unwrap();
    for cut in 1..whole.len() {
        std::fs::write(dir.path().join(FILE), &whole).unwrap();
        let mut file = std::fs::File::options()
            .append(true)
            .open(dir.path().join(FILE))
            .unwrap();
        file.write_all(&whole[..cut]).unwrap();
        assert_eq!(bytes(dir.path(), 0, 99), (b"whole".to_vec(), 5), "{cut}");
        LogWriter::open(dir.path())
            .unwrap()
            .append(&LogSource::Err, b"more")
            .unwrap();
        assert_eq!(bytes(dir.path(), 0, 99), (b"wholemore".to_vec(), 9), "{cut}");
    }
}
