//! The log as a whole: whatever the messages' borders, whatever the bytes.

use proptest::prelude::*;

use super::{
    model::{CopyForm, Goal, Pattern, Row, RowFilter, SaveForm, Source, Window},
    *,
};
use crate::api::{
    jobs::{LogMessage, StandardStream, log_message},
    time,
};

fn message(source: &Source, time_ms: i64, content: &[u8]) -> LogMessage {
    let source = match source {
        Source::Out => log_message::Source::StandardStream(StandardStream::Out as i32),
        Source::Err => log_message::Source::StandardStream(StandardStream::Err as i32),
        Source::File(path) => log_message::Source::FilePath(path.clone()),
    };
    LogMessage {
        source: Some(source),
        content: content.to_vec(),
        created_at: Some(time::from_millis(time_ms)),
    }
}

fn book_of(messages: &[(Source, &[u8])]) -> Log<MemoryStorage> {
    let mut log = Log::new(MemoryStorage::new(1 << 30)).expect("log");
    for (source, content) in messages {
        log.push(&message(source, 0, content), &mut |_: &Source, _, _, _: &[u8]| {})
            .expect("push");
    }
    log
}

fn rows(log: &mut Log<MemoryStorage>, row_view: &mut RowView) -> Vec<Row> {
    let window = Window {
        first: Some(0),
        count: 1000,
    };
    row_view.window(log, window).expect("rows").rows
}

fn texts(log: &mut Log<MemoryStorage>) -> Vec<String> {
    rows(log, &mut RowView::default())
        .into_iter()
        .map(|row| row.text)
        .collect()
}

#[test]
fn lines_stand_in_the_order_they_end() {
    let table = Source::File(".gpu_stats.tsv".into());
    let mut log = book_of(&[
        (Source::Out, b"one\ntw"),
        (Source::Err, b"err\nop"),
        (table.clone(), b"1\t2\n"),
        (Source::Out, b"o\nth"),
    ]);
    let mut row_view = RowView::default();
    let seen: Vec<_> = rows(&mut log, &mut row_view)
        .into_iter()
        .map(|row| (row.line, row.offset, row.text, row.is_open))
        .collect();
    let expected = [
        (1, 0, "one", false),
        (2, 6, "err", false),
        (3, 4, "two", false),
        (4, 10, "op", true),
        (5, 18, "th", true),
    ];
    assert_eq!(
        seen,
        expected.map(|(line, offset, text, is_open)| (line, offset, text.to_owned(), is_open))
    );
    assert_eq!(log.count().lines, 5);
    row_view.set_lens(RowFilter {
        sources: vec![table],
        ..RowFilter::default()
    });
    let seen: Vec<_> = rows(&mut log, &mut row_view)
        .into_iter()
        .map(|row| (row.line, row.text))
        .collect();
    assert_eq!(seen, [(1, "1\t2".to_owned())]);
}

#[test]
fn escapes_returns_letters_and_bytes_become_text() {
    let mut log = book_of(&[(
        Source::Out,
        b"a\x1b[31mred\x1b]8;;http://x\x1b\\link\n10%\r20%\r\x1b[K\nab\x08c\xff\tz\r\n\x1b[0mq\n\0\x01\x02\nstuck \x1b]0;never ends\nnext\n",
    )]);
    assert_eq!(
        texts(&mut log),
        ["aredlink", "", "ac\u{fffd}\tz", "q", "00 01 02", "stuck ", "next"]
    );
    let rows = rows(&mut log, &mut RowView::default());
    assert_eq!((rows[0].styles[0].start, rows[0].styles[0].end), (1, 8));
    assert_eq!(rows[0].styles[0].ink, Some(model::Colour::Named(1)));
    // The colour goes on until it is ended.
    assert_eq!((rows[1].states, rows[2].styles.len()), (2, 1));
    assert!(rows[3].styles.is_empty() && rows[4].is_binary);
}

#[test]
fn history_shows_each_state() {
    let mut log = book_of(&[(Source::Err, b"x\n\x1b[32m1%\r2%\x1b[0m\r\r3%\nlast 1\rlast 2")]);
    let mut row_view = RowView::default();
    row_view.set_lens(RowFilter {
        with_history: true,
        ..RowFilter::default()
    });
    let seen: Vec<_> = rows(&mut log, &mut row_view)
        .into_iter()
        .map(|row| (row.text, row.state, row.styles.len()))
        .collect();
    let expected = [
        ("x", 0, 0),
        ("1%", 0, 1),
        ("2%", 1, 1),
        ("3%", 2, 0),
        ("last 1", 0, 0),
        ("last 2", 1, 0),
    ];
    assert_eq!(
        seen,
        expected.map(|(text, state, styles)| (text.to_owned(), state, styles))
    );
}

#[test]
fn a_line_that_never_ends_stays_bounded() {
    let mut log = Log::new(MemoryStorage::new(1 << 30)).expect("log");
    let mut whole = Vec::new();
    for at in 0..3000_u32 {
        let piece: Vec<u8> = (0..100).map(|byte| b'a' + ((at + byte) % 26) as u8).collect();
        whole.extend_from_slice(&piece);
        log.push(&message(&Source::Out, 0, &piece), &mut |_: &Source, _, _, _: &[u8]| {})
            .expect("push");
    }
    let held = log.streams[0]
        .open
        .as_ref()
        .map_or(0, |open| open.bytes.len() + open.first.len());
    assert!(held <= block::MAX_BYTES + open::FIRST_BYTES);
    let open = rows(&mut log, &mut RowView::default()).remove(0);
    assert_eq!((open.text.len(), open.cut_bytes, open.is_open), (4000, 296_000, true));
    log.push(
        &message(&Source::Out, 0, b"\nnext\n"),
        &mut |_: &Source, _, _, _: &[u8]| {},
    )
    .expect("push");
    let ended = rows(&mut log, &mut RowView::default());
    assert_eq!((ended.len(), ended[0].cut_bytes, &*ended[1].text), (2, 296_000, "next"));
    let place = log.place(0).expect("line");
    whole.push(b'\n');
    assert_eq!(log.line_bytes(place, 0, usize::MAX).expect("bytes"), whole);
}

#[test]
fn groups_fold_and_say_how_many_they_hide() {
    let mut log = book_of(&[
        (
            Source::Out,
            b"before\n::group::Install\na\n::group::Inner\nb\n::endgroup::\n",
        ),
        (Source::Err, b"between\n"),
        (Source::Out, b"c\n::endgroup::\nafter\n::error file=x::Bad\n"),
    ]);
    let mut row_view = RowView::default();
    let shown = |log: &mut Log<MemoryStorage>, row_view: &mut RowView| -> Vec<(String, u64, u8)> {
        let rows = rows(log, row_view).into_iter();
        rows.map(|row| (row.text, row.hidden_before, row.depth)).collect()
    };
    let open = rows(&mut log, &mut row_view);
    assert_eq!(
        open[1].group,
        Some(model::Group {
            lines: 5,
            is_closed: false
        })
    );
    assert_eq!((open[4].depth, &*open[10].text, open[10].is_error), (2, "Bad", true));
    row_view.fold(&mut log, 2, true).expect("fold");
    let expected = [
        ("before", 0, 0),
        ("Install", 0, 0),
        ("between", 4, 0),
        ("after", 2, 0),
        ("Bad", 0, 0),
    ];
    assert_eq!(
        shown(&mut log, &mut row_view),
        expected.map(|(text, hidden, depth)| (text.to_owned(), hidden, depth))
    );
    row_view.fold(&mut log, 2, false).expect("fold");
    assert_eq!(rows(&mut log, &mut row_view).len(), 11);
}

#[test]
fn matches_are_shown_with_their_neighbours() {
    let text: String = (0..2000).map(|line| format!("line {line}\n")).collect();
    let mut log = book_of(&[(Source::Out, text.as_bytes())]);
    let mut row_view = RowView::default();
    row_view.set_lens(RowFilter {
        matches_with_context: Some(1),
        ..RowFilter::default()
    });
    row_view.set_pattern(Some(Pattern {
        text: "LINE 199".into(),
        is_regex: false,
        is_case_sensitive: false,
    }));
    while row_view.step(&mut log, || true).expect("step") {}
    let matches = row_view.matches(&log).expect("matches");
    assert_eq!((matches.lines, matches.searched, matches.of), (11, 2000, 2000));
    let rows = rows(&mut log, &mut row_view);
    assert_eq!(
        (&*rows[0].text, rows[0].is_context, rows[0].hidden_before),
        ("line 198", true, 198)
    );
    assert_eq!(
        (&*rows[1].text, rows[1].is_context, &rows[1].matches[..]),
        ("line 199", false, &[(0, 8)][..])
    );
    assert_eq!(
        (&*rows[3].text, rows[3].is_context, rows[3].hidden_before),
        ("line 1989", true, 1788)
    );
    assert_eq!(rows.len(), 3 + 11);
}

fn saved(log: &mut Log<MemoryStorage>, row_view: &RowView, form: SaveForm, source: Option<Source>) -> Vec<u8> {
    let mut saving = Saving::new(row_view, form, source);
    let mut all = Vec::new();
    while let Some(part) = saving.part(log).expect("part") {
        all.extend(part);
    }
    all
}

#[test]
fn places_are_found_and_said_to_be_hidden() {
    let lines: String = (0..1500).map(|line| format!("line {line:04}\n")).collect();
    let mut log = book_of(&[
        (Source::Out, lines.as_bytes()),
        (Source::Err, b"ValueError: no\nop"),
        (Source::Out, b"en end\n"),
    ]);
    let mut row_view = RowView::default();
    let seek = |log: &mut Log<MemoryStorage>, row_view: &mut RowView, goal| {
        let sought = row_view.seek(log, goal).expect("seek");
        (sought.row, sought.line)
    };
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::Offset(10 * 777 + 3)),
        (Some(777), Some(778))
    );
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::Offset(15_016)),
        (Some(1502), Some(1503))
    );
    assert_eq!(seek(&mut log, &mut row_view, Goal::Offset(99_999)), (None, None));
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::ErrorAfter(3)),
        (Some(1500), Some(1501))
    );
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::ErrorAfter(1500)),
        (Some(1500), Some(1501))
    );
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::ErrorBefore(1501)),
        (Some(1500), Some(1501))
    );
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::ErrorBefore(2)),
        (Some(1500), Some(1501))
    );
    assert_eq!(seek(&mut log, &mut row_view, Goal::MatchAfter(0)), (None, None));
    row_view.set_pattern(Some(Pattern {
        text: "[05]0$".into(),
        is_regex: true,
        is_case_sensitive: true,
    }));
    while row_view.step(&mut log, || true).expect("step") {}
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::MatchAfter(u64::MAX)),
        (Some(0), Some(1))
    );
    assert_eq!(seek(&mut log, &mut row_view, Goal::MatchAfter(0)), (Some(50), Some(51)));
    assert_eq!(
        seek(&mut log, &mut row_view, Goal::MatchBefore(0)),
        (Some(1450), Some(1451))
    );
    assert_eq!(
        row_view.seek(&mut log, Goal::MatchBefore(0)).expect("seek").rank,
        Some(30)
    );
    row_view.set_lens(RowFilter {
        sources: vec![Source::Out],
        ..RowFilter::default()
    });
    assert_eq!(seek(&mut log, &mut row_view, Goal::Offset(15_000)), (None, Some(1501)));
    assert_eq!(seek(&mut log, &mut row_view, Goal::ErrorAfter(0)), (None, None));
    assert_eq!(seek(&mut log, &mut row_view, Goal::Time(0)), (Some(0), Some(1)));
    assert_eq!(seek(&mut log, &mut row_view, Goal::Time(1)), (None, None));
}

#[test]
fn copies_and_saves_are_whole() {
    let long = "x".repeat(200_000);
    let out = format!("a\x1b[1mb\x1b[0m\r\n{long}\ntoken=abcdef `` \nopen");
    let mut log = book_of(&[(Source::Out, out.as_bytes()), (Source::Err, b"e\n")]);
    let mut row_view = RowView::default();
    let (text, left_out) = row_view
        .copy(&mut log, Some("job"), (1, 2), CopyForm::Plain)
        .expect("copy");
    assert_eq!((text, left_out), (format!("ab\n{long}\n"), 0));
    let (text, _) = row_view
        .copy(&mut log, Some("job"), (3, 9), CopyForm::Report)
        .expect("copy");
    assert_eq!(
        text,
        "job · 1970-01-01T00:00:00.000Z · L3–L9\n\n```text\n00:00:00.000 out token=*** `` \n00:00:00.000 err e\n\
         00:00:00.000 out open\n```\n"
    );
    let (text, _) = row_view.copy(&mut log, None, (3, 3), CopyForm::Report).expect("copy");
    assert!(text.starts_with("1970-01-01T00:00:00.000Z · L3–L3\n"), "{text}");
    assert_eq!(
        saved(&mut log, &row_view, SaveForm::Plain, Some(Source::Out)),
        out.as_bytes()
    );
    assert_eq!(
        saved(&mut log, &row_view, SaveForm::Plain, None),
        format!("{}e\nopen\n", &out[..out.len() - 4]).as_bytes()
    );
    let json = String::from_utf8(saved(&mut log, &row_view, SaveForm::JsonLines, Some(Source::Err))).expect("json");
    let offset = out.len();
    assert_eq!(
        json,
        format!("{{\"time\":\"1970-01-01T00:00:00.000Z\",\"source\":\"err\",\"offset\":{offset},\"text\":\"e\"}}\n")
    );
}

#[test]
fn a_full_shelf_is_said_and_what_comes_is_counted() {
    let mut log = Log::new(MemoryStorage::new(70_000)).expect("log");
    for _ in 0..300 {
        log.push(
            &message(&Source::Out, 0, &[b"x".repeat(999), b"\n".to_vec()].concat()),
            &mut |_: &Source, _, _, _: &[u8]| {},
        )
        .expect("push");
    }
    let mut row_view = RowView::default();
    assert!(log.is_full());
    assert_eq!((log.count().lines, log.offset()), (300, 300_000));
    assert!(row_view.count(&mut log).expect("rows") < 150);
    assert_eq!(rows(&mut log, &mut row_view)[70].text.len(), 999);
}

/// Streams with every kind of byte in them, in pieces.
fn logs() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    let piece = prop_oneof![
        "[a-c \n]{0,12}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            &b"\x1b[31m"[..],
            b"\x1b[0m",
            b"\x1b]8;;u\x1b\\",
            b"\x1b",
            b"[",
            b"\r",
            b"\r\n",
            b"\n",
            b"\x08",
            b"\0",
            b"\xd0",
            b"\xb6",
            b"\xff",
            "жук".as_bytes(),
            b"::group::g\n",
            b"::endgroup::\n",
            b"error: x\n",
            b"Traceback (most recent call last):\n",
            b"\t",
            b"\x1b[A",
            b"\x1b[2A\r",
            b"\x1b[B",
            b"\x1b[2F",
            b"\x1b[K",
            b"\x1b[J",
            b"\x1b[2;2H",
            b"\x1b[2J\x1b[H",
            b"\x1b7",
            b"\x1b8",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec((0_u8..3, piece), 0..60)
}

fn source(number: u8) -> Source {
    match number {
        0 => Source::Out,
        1 => Source::Err,
        _ => Source::File("train.log".into()),
    }
}

proptest! {
    #[test]
    fn borders_of_messages_change_nothing(log in logs(), with_history in any::<bool>()) {
        let whole: Vec<(Source, &[u8])> = log.iter().map(|(number, bytes)| (source(*number), &bytes[..])).collect();
        let single: Vec<(Source, &[u8])> =
            whole.iter().flat_map(|(source, bytes)| bytes.chunks(1).map(|byte| (source.clone(), byte))).collect();
        // Neighbours of one source as one message.
        let mut joined: Vec<(Source, Vec<u8>)> = Vec::new();
        for (source, bytes) in &whole {
            match joined.last_mut() {
                Some((last, all)) if last == source => all.extend_from_slice(bytes),
                _ => joined.push((source.clone(), bytes.to_vec())),
            }
        }
        let joined: Vec<(Source, &[u8])> = joined.iter().map(|(source, bytes)| (source.clone(), &bytes[..])).collect();
        let filter = RowFilter { with_history, ..RowFilter::default() };
        let read = |messages: &[(Source, &[u8])]| {
            let mut log = book_of(messages);
            let mut row_view = RowView::default();
            row_view.set_lens(filter.clone());
            let growing = rows(&mut log, &mut row_view);
            let trouble = log.trouble().expect("trouble");
            log.finish(&mut |_: &Source, _, _, _: &[u8]| {}).expect("finish");
            // Sources are numbered as they come, which borders do not change but empty messages do.
            (growing, rows(&mut log, &mut row_view), trouble, log.count())
        };
        let first = read(&single);
        let nonempty: Vec<_> = whole.into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        let joined: Vec<_> = joined.into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        prop_assert_eq!(&first, &read(&nonempty));
        prop_assert_eq!(&first, &read(&joined));
    }

    #[test]
    fn every_byte_is_kept(log in logs()) {
        let whole: Vec<(Source, &[u8])> = log.iter().map(|(number, bytes)| (source(*number), &bytes[..])).collect();
        let mut log = book_of(&whole);
        log.finish(&mut |_: &Source, _, _, _: &[u8]| {}).expect("finish");
        for number in 0..3 {
            let expected: Vec<u8> =
                whole.iter().filter(|(its, _)| *its == source(number)).flat_map(|(_, bytes)| bytes.to_vec()).collect();
            let kept = saved(&mut log, &RowView::default(), SaveForm::Plain, Some(source(number)));
            prop_assert_eq!(expected, kept);
        }
    }

    #[test]
    fn finding_equals_looking_at_each_row(log in logs(), pattern in prop::sample::select(vec![
        "a", "b+ *c", r"\s", "^a", "c$", "(?-m)^b", r"\Aa", "(?s)a.*b", "", "ж", "[^a]", "red|error", r"a\s+b",
    ])) {
        let whole: Vec<(Source, &[u8])> = log.iter().map(|(number, bytes)| (source(*number), &bytes[..])).collect();
        let mut log = book_of(&whole);
        log.finish(&mut |_: &Source, _, _, _: &[u8]| {}).expect("finish");
        let mut row_view = RowView::default();
        row_view.set_lens(RowFilter { sources: vec![Source::Out, Source::Err], ..RowFilter::default() });
        row_view.set_pattern(Some(Pattern { text: pattern.to_owned(), is_regex: true, is_case_sensitive: true }));
        while row_view.step(&mut log, || true).expect("step") {}
        let regex = regex::RegexBuilder::new(pattern).multi_line(true).build().expect("regex");
        let all = rows(&mut log, &mut row_view);
        let expected = all.iter().filter(|row| regex.is_match(&row.text)).count() as u64;
        prop_assert_eq!(row_view.matches(&log).expect("matches").lines, expected);
    }
}
