//! What a line's bytes say of its versions, however they come in pieces.
//!
//! A program that goes back within a line and writes again makes a new version of it; the last one is the line's text.
//! Where the program goes to another row, what it writes there counts as a version of this line: what the rows of a
//! terminal show then is the matter of [`Screen`](super::Screen).

use super::{
    canvas::Canvas,
    decoder::{Decoder, Sign},
    draw::Drawn,
    orders::{Order, Part},
    style::Style,
};

/// What is known of the shown version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// So many versions with letters came before it.
    pub states: u32,
    /// Whoever begins with this byte, within the line, sees the same.
    pub start: u64,
    /// How letters look there.
    pub style: Style,
}

/// Hears what a line says while it is read.
pub trait Watch {
    /// A version is complete; the next one is begun.
    fn version(&mut self, _canvas: &Canvas) {}

    /// A sign, before it changes anything; the canvas is the line as it stands.
    fn sign(&mut self, _canvas: &Canvas, _sign: Sign<'_>, _style: Style) {}
}

impl Watch for () {}

/// Goes over the bytes of one line.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    decoder: Decoder,
    line: Line,
}

/// The line as it stands.
#[derive(Debug, Clone, Default)]
struct Line {
    canvas: Canvas,
    /// Bytes that were read before.
    position: u64,
    shown: Shown,
    /// Since a return, nothing but letters has come, one behind the other: where it was, how letters looked, and the width
    /// that is to be written over.
    turn: Option<(u64, Style, usize)>,
    has_letter: bool,
    is_moved: bool,
    saved: Option<usize>,
    /// A place was remembered: what comes may depend on all that came.
    has_saved: bool,
    has_left: bool,
    /// Where what is beyond the limit begins.
    over: Option<u64>,
}

impl Trace {
    /// At the beginning of a line whose letters look like this; at most so many columns are kept.
    pub fn new(style: Style, limit: usize) -> Self {
        Self {
            decoder: Decoder::new(style),
            line: Line {
                canvas: Canvas::new(limit),
                shown: Shown {
                    style,
                    ..Shown::default()
                },
                ..Line::default()
            },
        }
    }

    /// Reads on, up to a line feed at most.
    pub fn read(&mut self, bytes: &[u8], watch: &mut impl Watch) {
        let line = &mut self.line;
        self.decoder
            .read(bytes, |sign, style, end| line.take(sign, style, end, watch));
        line.position += bytes.len() as u64;
    }

    /// Nothing more comes of this line.
    pub fn finish(&mut self, watch: &mut impl Watch) {
        let line = &mut self.line;
        self.decoder
            .finish(|sign, style, end| line.take(sign, style, end, watch));
    }

    /// What is shown of what was read.
    pub fn shown(&self) -> Shown {
        self.line.shown
    }

    /// How letters look where it stands.
    pub fn style(&self) -> Style {
        self.decoder.style
    }

    /// The line as it stands.
    pub fn drawn(&self) -> Drawn {
        self.line.canvas.drawn()
    }

    /// The row as it stands.
    pub fn into_canvas(self) -> Canvas {
        self.line.canvas
    }

    /// Where what is beyond the limit begins, within the line.
    pub fn over(&self) -> Option<u64> {
        self.line.over
    }
}

impl Line {
    fn take(&mut self, sign: Sign<'_>, style: Style, end: usize, watch: &mut impl Watch) {
        watch.sign(&self.canvas, sign, style);
        let end = self.position + end as u64;
        match sign {
            Sign::Text(text) => self.write(text, style, end, watch),
            Sign::Order(order) => self.obey(order, style, end, watch),
        }
    }

    fn write(&mut self, text: &str, style: Style, end: u64, watch: &mut impl Watch) {
        if std::mem::take(&mut self.is_moved) {
            self.complete(watch);
        }
        self.has_letter = self.has_letter || text.chars().any(|letter| !letter.is_whitespace());
        let kept = self.canvas.write(text, style);
        if kept < text.len() && self.over.is_none() {
            // A sign for bytes that are none is longer than they are.
            self.over = Some(end.saturating_sub((text.len() - kept) as u64));
        }
        self.covers();
    }

    /// All that stood before the last return may be written over.
    fn covers(&mut self) {
        let is_over = |(.., width): &(u64, Style, usize)| self.canvas.column() >= *width && !self.canvas.has_lead();
        if let Some((start, style, _)) = self.turn.filter(is_over) {
            self.begin_at(start, style);
            self.turn = None;
        }
    }

    fn begin_at(&mut self, start: u64, style: Style) {
        if !self.has_saved {
            (self.shown.start, self.shown.style) = (start, style);
        }
    }

    fn complete(&mut self, watch: &mut impl Watch) {
        if std::mem::take(&mut self.has_letter) {
            watch.version(&self.canvas);
            self.shown.states = self.shown.states.saturating_add(1);
        }
    }

    fn obey(&mut self, order: Order, style: Style, end: u64, watch: &mut impl Watch) {
        let (column, width) = (self.canvas.column(), self.canvas.width());
        if order.leaves_row() {
            return self.leave(order, style, end, watch);
        }
        match order {
            Order::Save => {
                (self.saved, self.has_saved) = (Some(column), true);
                return;
            }
            Order::Restore => match self.saved {
                Some(saved) => self.canvas.go_to(saved),
                None => return self.leave(order, style, end, watch),
            },
            Order::EraseLine(part) | Order::ErasePage(part) => {
                // What is left over behind a new version belongs to none.
                if part != Part::After || column == 0 || self.is_moved {
                    self.is_moved = false;
                    if part == Part::All || column < width {
                        self.complete(watch);
                    }
                }
                self.over = None;
            }
            Order::Return => self.over = None,
            _ => {}
        }
        // What is taken off a whole page stays to be read: a program clears the page before it begins.
        let order = match order {
            Order::ErasePage(Part::All) => return,
            Order::ErasePage(part) => Order::EraseLine(part),
            order => order,
        };
        self.canvas.obey(order, style);
        let now = self.canvas.column();
        let is_back = now < column && now < width && (order != Order::Back || now + 1 < width);
        self.is_moved |= is_back;
        match order {
            Order::EraseLine(Part::After) => {
                let width = self.canvas.width();
                self.turn = self.turn.map(|(start, style, was)| (start, style, was.min(width)));
                self.covers();
            }
            _ => self.turn = (now == 0).then_some((end, style, self.canvas.width())),
        }
        if now == 0 && self.canvas.is_empty() {
            self.begin_at(end, style);
        }
    }

    fn leave(&mut self, order: Order, style: Style, end: u64, watch: &mut impl Watch) {
        self.complete(watch);
        self.has_left = true;
        self.is_moved = false;
        (self.turn, self.saved, self.over) = (None, None, None);
        self.canvas.empty();
        match order {
            Order::NextRow(_) | Order::RowBefore(_) => self.canvas.go_to(0),
            Order::Place(_, column) => self.canvas.go_to(usize::from(column) - 1),
            _ => {}
        }
        if self.canvas.column() == 0 {
            self.begin_at(end, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::draw;

    #[derive(Default)]
    struct Versions(Vec<String>);

    impl Watch for Versions {
        fn version(&mut self, canvas: &Canvas) {
            self.0.push(canvas.drawn().text);
        }
    }

    fn versions(line: &str) -> Vec<String> {
        let (mut trace, mut versions) = (Trace::new(Style::default(), 100), Versions::default());
        trace.read(line.as_bytes(), &mut versions);
        trace.finish(&mut versions);
        versions.0
    }

    #[test]
    fn what_is_written_over_is_a_version() {
        for (line, before) in [
            ("1%\r2%\r\r3%\r", &["1%", "2%"][..]),
            ("x\r", &[]),
            ("10%\r\x1b[K", &["10%"]),
            ("\x1b[2K\x1b[1Ga\x1b[2K\x1b[1Gb", &["a"]),
            ("c  0%\x1b[3D10%\x1b[3D20%", &["c  0%", "c 10%"]),
            ("outer\x1b[K\router 9\x1b[K", &["outer"]),
            ("bar\r   \rnext", &["bar"]),
            ("in\x1b[1A\router\n", &["in"]),
            ("_\x08a_\x08b", &[]),
        ] {
            assert_eq!(versions(line), before, "{line:?}");
        }
    }

    fn lines() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop::sample::select(vec![
            &b"a"[..],
            b"bc",
            b"   ",
            b"\r",
            b"\r",
            b"\x08",
            b"\t",
            b"\x1b[K",
            b"\x1b[2K",
            b"\x1b[1K",
            b"\x1b[G",
            b"\x1b[3G",
            b"\x1b[2D",
            b"\x1b[C",
            b"\x1b[A",
            b"\x1b[J",
            b"\x1b[2J",
            b"\x1b[H",
            b"\x1b7",
            b"\x1b8",
            b"\x1b[31m",
            b"\x1b[m",
            b"\x1b[2P",
            b"\x1b[@",
            b"\x1b[X",
            "日".as_bytes(),
            "\u{301}".as_bytes(),
            "\u{200d}".as_bytes(),
            b"\xd0",
            b"\x1b[",
        ]);
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn whoever_begins_later_sees_the_same(line in lines(), columns in prop::sample::select(vec![3_usize, 100])) {
            let mut trace = Trace::new(Style::default(), columns);
            line.chunks(1).for_each(|byte| trace.read(byte, &mut ()));
            trace.finish(&mut ());
            let Shown { start, style, states } = trace.shown();
            let later = draw(&line[usize::try_from(start).unwrap_or(0)..], style, columns);
            let whole = draw(&line, Style::default(), columns);
            prop_assert_eq!(&later.text, &whole.text);
            prop_assert_eq!(&later.styles, &whole.styles);
            prop_assert_eq!(&trace.drawn().text, &whole.text);
            prop_assert_eq!(states as usize, {
                let (mut trace, mut versions) = (Trace::new(Style::default(), columns), Versions::default());
                trace.read(&line, &mut versions);
                trace.finish(&mut versions);
                versions.0.len()
            });
        }
    }
}
