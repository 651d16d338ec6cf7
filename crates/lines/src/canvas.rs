//! One row of a terminal: letters by column, and where the next one is written.

use unicode_width::UnicodeWidthChar;

use super::{
    draw::Drawn,
    orders::{Order, Part},
    style::Style,
};

/// A column that the letter before it covers.
const COVERED: char = '\0';
/// Columns between two stops.
const STOP: usize = 8;
/// Whoever is sent further than this is sent to the right edge; nobody knows how wide a terminal was meant.
const FARTHEST: usize = 512;
/// The right edge, where the row is not longer.
const EDGE: usize = 79;
/// So many signs without a width of their own are kept with a letter.
const MOST_JOINED: usize = 24;
pub(crate) const JOINER: char = '\u{200d}';

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    letter: char,
    style: Style,
    /// Signs without a width that belong to the letter: where it goes, they go.
    signs: Option<String>,
}

impl Cell {
    const fn new(letter: char, style: Style) -> Self {
        Self {
            letter,
            style,
            signs: None,
        }
    }
}

const BLANK: Cell = Cell::new(' ', Style::PLAIN);

/// The row. Of more columns than its limit, only where they end is known.
#[derive(Debug, Clone, Default)]
pub struct Canvas {
    cells: Vec<Cell>,
    /// Signs without a width before all letters.
    lead: String,
    /// Where the next letter is written.
    column: usize,
    limit: usize,
    /// One more than the last column written, also beyond the limit.
    width: usize,
    /// The last sign joins the next letter to the one before.
    joins: bool,
}

impl Canvas {
    /// An empty row that keeps at most so many columns.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Where the next letter is written.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Columns up to the last one written.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Columns that are kept.
    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The next letter is written in this column, wherever that is.
    pub(crate) fn stand_at(&mut self, column: usize) {
        (self.column, self.joins) = (column, false);
    }

    /// So many columns found no room.
    pub fn left_out(&self) -> u64 {
        self.width.saturating_sub(self.limit) as u64
    }

    /// Whether signs without a width stand before all letters: they stay when letters are written over.
    pub(crate) fn has_lead(&self) -> bool {
        !self.lead.is_empty()
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.width == 0 && self.lead.is_empty()
    }

    /// Writes a text; says how many bytes of it found room.
    pub fn write(&mut self, text: &str, style: Style) -> usize {
        let is_plain = text.is_ascii() && !self.joins;
        if is_plain && self.column == self.cells.len() && self.column == self.width {
            let room = text.len().min(self.limit - self.cells.len().min(self.limit));
            let letters = text[..room].bytes().map(char::from);
            self.cells.extend(letters.map(|letter| Cell::new(letter, style)));
            self.column += text.len();
            self.width = self.column;
            return room;
        }
        if self.column >= self.limit && is_plain {
            self.column += text.len();
            self.width = self.width.max(self.column);
            return 0;
        }
        let mut kept = 0;
        for (at, letter) in text.char_indices() {
            if self.put(letter, style) {
                kept = at + letter.len_utf8();
            }
        }
        kept
    }

    /// Writes a letter; whether it found room.
    fn put(&mut self, letter: char, style: Style) -> bool {
        // The second half of the control characters has no width and is not shown.
        if letter.is_control() {
            return true;
        }
        let width = if self.joins { 0 } else { letter.width().unwrap_or(0) };
        if width == 0 {
            self.joins = letter == JOINER;
            if self.column > self.limit {
                return false;
            }
            if let Some(signs) = self.signs_before(self.column)
                && signs.chars().nth(MOST_JOINED).is_none()
            {
                signs.push(letter);
            }
            return true;
        }
        let end = self.column + width;
        let has_room = end <= self.limit;
        if has_room {
            self.clear(self.column, end);
            self.cells[self.column] = Cell::new(letter, style);
            self.cells[self.column + 1..end].fill(Cell::new(COVERED, style));
        }
        self.column = end;
        self.width = self.width.max(end);
        has_room
    }

    /// The signs of the letter before a column; `None` where nothing was written.
    fn signs_before(&mut self, column: usize) -> Option<&mut String> {
        let Some(mut at) = column.checked_sub(1) else {
            return Some(&mut self.lead);
        };
        while at > 0 && self.cells.get(at)?.letter == COVERED {
            at -= 1;
        }
        Some(self.cells.get_mut(at)?.signs.get_or_insert_default())
    }

    /// Does what concerns this row alone; whether that was so.
    pub fn obey(&mut self, order: Order, style: Style) -> bool {
        self.joins = false;
        match order {
            Order::Return => self.column = 0,
            Order::Back => self.column = self.column.saturating_sub(1),
            Order::Tab => self.tab(style),
            Order::Right(columns) => self.go_to(self.column + usize::from(columns)),
            Order::Left(columns) => self.column = self.column.saturating_sub(columns.into()),
            Order::Column(column) => self.go_to(usize::from(column) - 1),
            Order::EraseLine(part) => self.erase(part),
            Order::Insert(columns) => self.insert(columns.into()),
            Order::Delete(columns) => self.delete(columns.into()),
            Order::Blank(columns) => {
                let end = (self.column + usize::from(columns)).min(self.cells.len());
                if self.column < end {
                    self.clear(self.column, end);
                }
            }
            _ => return false,
        }
        true
    }

    /// The next letter is written in this column, as far as there are columns.
    pub fn go_to(&mut self, column: usize) {
        let edge = EDGE.max(self.width.saturating_sub(1)).max(self.column);
        self.column = if column > FARTHEST.max(self.width) {
            edge
        } else {
            column
        };
    }

    /// Takes all letters away.
    pub fn empty(&mut self) {
        self.cells.clear();
        self.lead.clear();
        self.width = 0;
        self.joins = false;
    }

    fn tab(&mut self, style: Style) {
        let stop = (self.column / STOP + 1) * STOP;
        if self.column < self.width || stop > self.limit {
            self.column = stop;
            self.width = if stop > self.limit {
                self.width.max(stop)
            } else {
                self.width
            };
            return;
        }
        self.clear(self.column, stop);
        self.cells[self.column] = Cell::new('\t', style);
        for cell in &mut self.cells[self.column + 1..stop] {
            cell.letter = COVERED;
        }
        (self.column, self.width) = (stop, stop);
    }

    fn erase(&mut self, part: Part) {
        match part {
            Part::All => self.empty(),
            Part::After if self.column == 0 => self.empty(),
            Part::After => {
                if self.column < self.cells.len() {
                    self.clear(self.column, self.cells.len());
                    self.cells.truncate(self.column);
                }
                self.width = self.width.min(self.column);
            }
            Part::Before => {
                let end = (self.column + 1).min(self.cells.len());
                self.clear(0, end);
            }
        }
    }

    /// Makes columns blank; letters that reach into them from outside are gone as a whole.
    fn clear(&mut self, from: usize, to: usize) {
        if self.cells.len() < to {
            self.cells.resize(to, BLANK);
        }
        let is_covered = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.letter == COVERED);
        let mut start = from;
        while start > 0 && is_covered(self.cells.get(start)) {
            start -= 1;
        }
        let mut end = to;
        while is_covered(self.cells.get(end)) {
            end += 1;
        }
        self.cells[start..end].fill(BLANK);
    }

    fn insert(&mut self, columns: usize) {
        let room = self.limit.saturating_sub(self.cells.len());
        let columns = columns.min(room).min(FARTHEST);
        if self.column >= self.cells.len() || columns == 0 {
            return;
        }
        self.clear(self.column, self.column);
        self.cells
            .splice(self.column..self.column, std::iter::repeat_n(BLANK, columns));
        self.width = self.width.max(self.cells.len());
    }

    fn delete(&mut self, columns: usize) {
        let end = self.column.saturating_add(columns).min(self.cells.len());
        if self.column >= end {
            return;
        }
        self.clear(self.column, end);
        self.cells.drain(self.column..end);
        self.width = self.cells.len();
    }

    /// Signs without a width before all letters.
    pub(crate) fn lead(&self) -> &str {
        &self.lead
    }

    /// The letters: how each looks, the signs that belong to it, its columns.
    pub(crate) fn letters(&self) -> impl Iterator<Item = (char, Style, Option<&str>, usize)> {
        // A stop that was moved away from where stops are is blanks.
        let mut is_moved = false;
        let cells = self.cells.iter().enumerate();
        cells.filter_map(move |(at, cell)| {
            if cell.letter == COVERED {
                return is_moved.then_some((' ', cell.style, None, 1));
            }
            let covered = self.cells[at + 1..].iter().take(STOP);
            let width = 1 + covered.take_while(|cell| cell.letter == COVERED).count();
            is_moved = cell.letter == '\t' && (at + width) % STOP != 0;
            let (letter, width) = if is_moved { (' ', 1) } else { (cell.letter, width) };
            Some((letter, cell.style, cell.signs.as_deref(), width))
        })
    }

    /// What it shows.
    pub fn drawn(&self) -> Drawn {
        let mut drawn = Drawn {
            text: String::with_capacity(self.cells.len()),
            left_out: self.left_out(),
            ..Drawn::default()
        };
        let (mut at, mut start) = (0, 0);
        let mut style = Style::default();
        let units = |signs: &str| signs.encode_utf16().count() as u32;
        drawn.text.push_str(&self.lead);
        at += units(&self.lead);
        for (letter, its, signs, _) in self.letters() {
            if its != style {
                if !style.is_plain() {
                    drawn.styles.push(style.styled(start, at));
                }
                (style, start) = (its, at);
            }
            drawn.text.push(letter);
            at += letter.len_utf16() as u32;
            if let Some(signs) = signs {
                drawn.text.push_str(signs);
                at += units(signs);
            }
        }
        if !style.is_plain() {
            drawn.styles.push(style.styled(start, at));
        }
        drawn
    }

    /// Whether a letter stands in it.
    pub fn has_letter(&self) -> bool {
        let is_letter = |cell: &Cell| !cell.letter.is_whitespace() && cell.letter != COVERED;
        self.width > self.cells.len() || self.cells.iter().any(is_letter)
    }
}
