//! What tools write that draw on several rows: the view ends as a terminal does.
//!
//! In `terminal/`, `NAME.raw` holds the bytes: of tqdm 4.70, rich 15.0 and cargo, recorded; of docker, log-update (ink, listr)
//! and a status line with ESC 7, written as these write. `NAME.rows` holds what stood on the screen of a VT emulator, pyte
//! 0.8.2 of 200 columns and 60 rows, in its mode in which a line feed begins a row. `make.py` has made both.

#![allow(clippy::expect_used, clippy::disallowed_methods)]

use proptest::prelude::*;

use jobsphere_api::jobs::{LogMessage, StandardStream, log_message};
use jobsphere_log::{
    Log, MemoryStorage, RowView, Saving,
    model::{Goal, Pattern, Row, RowFilter, SaveForm, Source, Window},
};

fn of(chunks: &[&[u8]]) -> Log<MemoryStorage> {
    let mut log = Log::new(MemoryStorage::new(1 << 30)).expect("log");
    for content in chunks {
        let message = LogMessage {
            source: Some(log_message::Source::StandardStream(StandardStream::Err as i32)),
            content: content.to_vec(),
            created_at: None,
        };
        log.push(&message, &mut |_: &Source, _, _, _: &[u8]| {}).expect("push");
    }
    log
}

fn rows(log: &mut Log<MemoryStorage>, view: &mut RowView) -> Vec<Row> {
    let window = Window {
        first: Some(0),
        count: 1000,
    };
    view.window(log, window).expect("rows").rows
}

fn texts(log: &mut Log<MemoryStorage>) -> Vec<String> {
    let rows = rows(log, &mut RowView::default());
    let mut texts: Vec<String> = rows.iter().map(|row| row.text.trim_end().to_owned()).collect();
    while texts.last().is_some_and(String::is_empty) {
        texts.pop();
    }
    texts
}

fn saved(log: &mut Log<MemoryStorage>) -> Vec<u8> {
    let mut saving = Saving::new(&RowView::default(), SaveForm::Plain, None);
    std::iter::from_fn(|| saving.part(log).expect("part"))
        .flatten()
        .collect()
}

#[test]
fn tools_that_draw_on_several_rows_end_as_on_a_terminal() {
    let mut count = 0;
    for file in std::fs::read_dir("tests/terminal").expect("folder") {
        let path = file.expect("file").path();
        if path.extension().is_none_or(|ending| ending != "raw") {
            continue;
        }
        count += 1;
        let raw = std::fs::read(&path).expect("bytes");
        let expected = std::fs::read_to_string(path.with_extension("rows")).expect("rows");
        let expected: Vec<&str> = expected.lines().collect();
        let name = path.display();
        for size in [raw.len(), 1, 7] {
            let mut log = of(&raw.chunks(size).collect::<Vec<_>>());
            assert_eq!(texts(&mut log), expected, "{name} in pieces of {size}");
            // What is kept of a line is what was written.
            let lines = raw.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!(log.count().lines, lines, "{name}");
            assert_eq!(saved(&mut log), raw, "{name}");
        }
        // The same behind so many lines that they are on the storage, and before as many.
        let many: Vec<String> = (0..3000).map(|line| format!("line {line}\n")).collect();
        let many = many.concat();
        let mut log = of(&[many.as_bytes(), &raw, many.as_bytes()]);
        let window = Window {
            first: Some(3000),
            count: expected.len() as u32,
        };
        let shown = RowView::default().window(&mut log, window).expect("rows").rows;
        let shown: Vec<&str> = shown.iter().map(|row| row.text.trim_end()).collect();
        assert_eq!(shown, expected, "{name} within a log");
    }
    assert_eq!(count, 8);
}

/// Two bars, one above the other, as nested loops draw them.
const BARS: &[u8] =
    b"outer   0%\ninner   0%\r\x1b[1A\router  33%\x1b[K\n\rinner  50%\x1b[K\x1b[1A\router  33%\x1b[K\n\rinner 100%\
    \x1b[K\x1b[1A\router  66%\x1b[K\n\rinner 100%\x1b[K\nboth done\n";

#[test]
fn rows_keep_their_lines_and_all_states_stay() {
    let mut log = of(&[BARS]);
    let mut view = RowView::default();
    let seen: Vec<_> = rows(&mut log, &mut view)
        .into_iter()
        .map(|row| (row.line, row.offset, row.text, row.states))
        .collect();
    let expected = [
        (1, 0, "outer  66%", 3),
        (2, 11, "inner 100%", 4),
        (6, 122, "both done", 0),
    ];
    assert_eq!(
        seen,
        expected.map(|(line, offset, text, states)| (line, offset, text.to_owned(), states))
    );
    // A byte of a line without a row leads to the row it was written to last.
    let place = view.seek(&mut log, Goal::Offset(70)).expect("place");
    assert_eq!((place.row, place.line), (Some(0), Some(1)));
    view.set_lens(RowFilter {
        with_history: true,
        ..RowFilter::default()
    });
    let seen: Vec<_> = rows(&mut log, &mut view)
        .into_iter()
        .map(|row| (row.line, row.text))
        .collect();
    let expected = [
        (1, "outer   0%"),
        (2, "inner   0%"),
        (2, "outer  33%"),
        (3, "inner  50%"),
        (3, "outer  33%"),
        (4, "inner 100%"),
        (4, "outer  66%"),
        (5, "inner 100%"),
        (6, "both done"),
    ];
    assert_eq!(seen, expected.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn two_sources_are_two_terminals() {
    let mut log = of(&[b"bar 0%\n"]);
    let message = |stream: StandardStream, content: &[u8]| LogMessage {
        source: Some(log_message::Source::StandardStream(stream as i32)),
        content: content.to_vec(),
        created_at: None,
    };
    for message in [
        message(StandardStream::Out, b"printed\n"),
        message(StandardStream::Err, b"\x1b[Abar 100%\n"),
        message(StandardStream::Out, b"also\n"),
    ] {
        log.push(&message, &mut |_: &Source, _, _, _: &[u8]| {}).expect("push");
    }
    assert_eq!(texts(&mut log), ["bar 100%", "printed", "", "also"]);
}

#[test]
fn what_is_looked_for_is_what_is_shown() {
    let find = |text: &str, context: Option<u32>| {
        let mut view = RowView::default();
        view.set_lens(RowFilter {
            matches_with_context: context,
            ..RowFilter::default()
        });
        view.set_pattern(Some(Pattern {
            text: text.to_owned(),
            is_regex: false,
            is_case_sensitive: true,
        }));
        view
    };
    let step = |view: &mut RowView, log: &mut Log<MemoryStorage>| {
        while view.step(log, || true).expect("step") {}
        view.matches(log).expect("matches").lines
    };
    // As it comes, in pieces, with a look after each.
    let mut log = of(&[]);
    let (mut done, mut begun) = (find("done", None), find("  0%", Some(0)));
    let message = |content: &[u8]| LogMessage {
        source: Some(log_message::Source::StandardStream(StandardStream::Err as i32)),
        content: content.to_vec(),
        created_at: None,
    };
    let mut were_begun = 0;
    for piece in b"a 0%\nb   0%\n\x1b[2A\ra done\x1b[K\n\rb   1%\nc\n".chunks(3) {
        log.push(&message(piece), &mut |_: &Source, _, _, _: &[u8]| {})
            .expect("push");
        step(&mut done, &mut log);
    }
    assert_eq!(step(&mut done, &mut log), 1);
    let place = done.seek(&mut log, Goal::MatchAfter(u64::MAX)).expect("place");
    assert_eq!((place.row, place.rank), (Some(0), Some(1)));
    let mut log = of(&[]);
    for piece in b"a\nb   0%\n\x1b[A\rb   1%\n".split_inclusive(|byte| *byte == b'\n') {
        log.push(&message(piece), &mut |_: &Source, _, _, _: &[u8]| {})
            .expect("push");
        were_begun += step(&mut begun, &mut log);
    }
    assert_eq!((were_begun, begun.version()), (1, 3));
    assert!(rows(&mut log, &mut begun).is_empty());
}

#[test]
fn a_failure_is_seen_on_the_row_it_was_written_to() {
    let mut log = of(&[b"one\ntwo\n\x1b[2A\rValueError: no\x1b[K\n\nthree\n"]);
    let mut view = RowView::default();
    let seen: Vec<_> = rows(&mut log, &mut view)
        .into_iter()
        .map(|row| (row.text, row.is_error))
        .collect();
    let expected = [("ValueError: no", true), ("two", false), ("three", false)];
    assert_eq!(seen, expected.map(|(text, is_error)| (text.to_owned(), is_error)));
    for goal in [Goal::ErrorAfter(1), Goal::ErrorAfter(0), Goal::ErrorBefore(2)] {
        let place = view.seek(&mut log, goal).expect("place");
        assert_eq!(place.row, Some(0), "{goal:?}");
    }
    assert_eq!(log.trouble().expect("trouble").reasons[0].text, "ValueError: no");
}

#[test]
fn going_up_without_end_costs_no_more_than_letters() {
    // What takes steps for each row that is there, or keeps what nobody sees, does not come to its end here.
    for piece in [
        "\x1b[200A\x1b[J\x1b[200B",
        "\x1b[A\n",
        "a\nb\x1b[Ac\n\n",
        "x\x1b[511Gy\n\x1b[Az\n\n",
        "\x1b7\n\x1b8",
        "\x1b[2J\x1b[H\n",
    ] {
        let raw = ["first\n".repeat(300), piece.repeat(50_000)].concat();
        let mut log = of(&[raw.as_bytes()]);
        assert!(!texts(&mut log).is_empty());
        assert_eq!(log.offset(), raw.len() as u64);
    }
}

/// A terminal as simple as it can be: it has as many rows as line feeds have made.
#[derive(Default)]
struct Plain {
    rows: Vec<Vec<char>>,
    row: usize,
    column: usize,
    saved: Option<(usize, usize)>,
}

impl Plain {
    fn hear(&mut self, order: &Heard) {
        let last = self.rows.len() - 1;
        match *order {
            Heard::Letter(letter) => {
                let row = &mut self.rows[self.row];
                row.resize(row.len().max(self.column + 1), ' ');
                row[self.column] = letter;
                self.column += 1;
            }
            Heard::Return => self.column = 0,
            Heard::Feed => {
                if self.row == last {
                    self.rows.push(Vec::new());
                }
                (self.row, self.column) = (self.row + 1, 0);
            }
            Heard::Up(rows) => self.row = self.row.saturating_sub(rows),
            Heard::Down(rows) => self.row = (self.row + rows).min(last),
            Heard::Right(columns) => self.column += columns,
            Heard::Left(columns) => self.column = self.column.saturating_sub(columns),
            Heard::Column(column) => self.column = column - 1,
            Heard::EraseLine => self.rows[self.row].truncate(self.column),
            Heard::EraseBelow => {
                self.rows[self.row].truncate(self.column);
                self.rows[self.row + 1..].iter_mut().for_each(Vec::clear);
            }
            Heard::Save => self.saved = Some((self.row, self.column)),
            Heard::Restore => (self.row, self.column) = self.saved.unwrap_or((self.row, self.column)),
        }
    }

    fn texts(&self) -> Vec<String> {
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().collect::<String>().trim_end().to_owned());
        let mut texts: Vec<String> = rows.collect();
        while texts.last().is_some_and(String::is_empty) {
            texts.pop();
        }
        texts
    }
}

#[derive(Debug, Clone)]
enum Heard {
    Letter(char),
    Return,
    Feed,
    Up(usize),
    Down(usize),
    Right(usize),
    Left(usize),
    Column(usize),
    EraseLine,
    EraseBelow,
    Save,
    Restore,
}

impl Heard {
    fn bytes(&self) -> String {
        match self {
            Self::Letter(letter) => letter.to_string(),
            Self::Return => "\r".to_owned(),
            Self::Feed => "\n".to_owned(),
            Self::Up(rows) => format!("\x1b[{rows}A"),
            Self::Down(rows) => format!("\x1b[{rows}B"),
            Self::Right(columns) => format!("\x1b[{columns}C"),
            Self::Left(columns) => format!("\x1b[{columns}D"),
            Self::Column(column) => format!("\x1b[{column}G"),
            Self::EraseLine => "\x1b[K".to_owned(),
            Self::EraseBelow => "\x1b[J".to_owned(),
            Self::Save => "\x1b7".to_owned(),
            Self::Restore => "\x1b8".to_owned(),
        }
    }
}

fn heard() -> impl Strategy<Value = Vec<Heard>> {
    let one = prop_oneof![
        6 => "[a-z]".prop_map(|text| Heard::Letter(text.chars().next().unwrap_or('a'))),
        2 => Just(Heard::Return),
        5 => Just(Heard::Feed),
        3 => (1_usize..5).prop_map(Heard::Up),
        2 => (1_usize..5).prop_map(Heard::Down),
        1 => (1_usize..20).prop_map(Heard::Right),
        1 => (1_usize..20).prop_map(Heard::Left),
        1 => (1_usize..40).prop_map(Heard::Column),
        1 => Just(Heard::EraseLine),
        1 => Just(Heard::EraseBelow),
        1 => Just(Heard::Save),
        1 => Just(Heard::Restore),
    ];
    prop::collection::vec(one, 0..150)
}

proptest! {
    #[test]
    fn any_movements_end_as_on_a_plain_terminal(heard in heard(), pieces in prop::collection::vec(1_usize..9, 1..9), before in 0_usize..2) {
        // Behind other lines there is more to go up to; they are far more than can be reached.
        let before = "before\n".repeat(before * 600);
        let mut rows: Vec<Vec<char>> = before.lines().map(|line| line.chars().collect()).collect();
        rows.push(Vec::new());
        let mut plain = Plain { row: rows.len() - 1, rows, ..Plain::default() };
        heard.iter().for_each(|heard| plain.hear(heard));
        let mut bytes: &[u8] = &heard.iter().map(Heard::bytes).collect::<String>().into_bytes();
        let mut all = vec![before.as_bytes()];
        for size in pieces.iter().cycle() {
            if bytes.is_empty() {
                break;
            }
            let (piece, rest) = bytes.split_at((*size).min(bytes.len()));
            all.push(piece);
            bytes = rest;
        }
        let mut log = of(&all);
        prop_assert_eq!(texts(&mut log), plain.texts());
        // What is kept of lines is what was written.
        let whole = all.concat();
        prop_assert_eq!(saved(&mut log).strip_prefix(&whole[..]).map(|rest| rest == b"" || rest == b"\n"), Some(true));
    }
}
