//! What a terminal is told beside letters and colours: where it writes on, and what it takes away.

/// Which part of a line, or of all lines, is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From where it writes on.
    After,
    /// Up to where it writes, with the letter there.
    Before,
    /// All.
    All,
}

/// One order. Numbers are those of the sequence: at least one, and rows and columns count from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// To the first column.
    Return,
    /// One column back.
    Back,
    /// To the next stop.
    Tab,
    /// So many rows up.
    Up(u16),
    /// So many rows down.
    Down(u16),
    /// So many columns on.
    Right(u16),
    /// So many columns back.
    Left(u16),
    /// To the beginning of a row further down.
    NextRow(u16),
    /// To the beginning of a row further up.
    RowBefore(u16),
    /// To a column.
    Column(u16),
    /// To a row of the page.
    Row(u16),
    /// To a row and a column of the page.
    Place(u16, u16),
    /// Takes away a part of the line.
    EraseLine(Part),
    /// Takes away a part of the page.
    ErasePage(Part),
    /// Moves what follows on by blanks.
    Insert(u16),
    /// Takes letters away and moves what follows back.
    Delete(u16),
    /// Makes letters blank.
    Blank(u16),
    /// Remembers where it writes.
    Save,
    /// Goes back to there.
    Restore,
}

impl Order {
    /// Whether it may lead to another row, whatever stood before it.
    pub fn leaves_row(self) -> bool {
        matches!(
            self,
            Self::Up(_) | Self::Down(_) | Self::NextRow(_) | Self::RowBefore(_) | Self::Row(_) | Self::Place(..)
        )
    }
}

/// The order of a sequence with a bracket, by its last letter and its numbers.
pub(crate) fn of_bracket<'a>(letter: u8, groups: impl Iterator<Item = &'a [u16]>) -> Option<Order> {
    let mut numbers = [0; 2];
    for (number, group) in numbers.iter_mut().zip(groups) {
        *number = group.first().copied().unwrap_or_default();
    }
    let [kind, _] = numbers;
    let [first, second] = numbers.map(|number| number.max(1));
    let part = match kind {
        0 => Some(Part::After),
        1 => Some(Part::Before),
        2 | 3 => Some(Part::All),
        _ => None,
    };
    Some(match letter {
        b'A' | b'k' => Order::Up(first),
        b'B' | b'e' => Order::Down(first),
        b'C' | b'a' => Order::Right(first),
        b'D' | b'j' => Order::Left(first),
        b'E' => Order::NextRow(first),
        b'F' => Order::RowBefore(first),
        b'G' | b'`' => Order::Column(first),
        b'd' => Order::Row(first),
        b'H' | b'f' => Order::Place(first, second),
        b'J' => Order::ErasePage(part?),
        b'K' => Order::EraseLine(part?),
        b'@' => Order::Insert(first),
        b'P' => Order::Delete(first),
        b'X' => Order::Blank(first),
        b's' => Order::Save,
        b'u' => Order::Restore,
        _ => return None,
    })
}

/// The order of a sequence that is one letter behind the escape character.
pub(crate) fn of_letter(letter: u8) -> Option<Order> {
    Some(match letter {
        b'7' => Order::Save,
        b'8' => Order::Restore,
        b'D' => Order::Down(1),
        b'E' => Order::NextRow(1),
        b'M' => Order::Up(1),
        _ => return None,
    })
}
