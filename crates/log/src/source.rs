//! What is known of each source of a log.

use jobsphere_lines::{Screen, Source, Style};

use super::{draw, open::OpenLine, redrawn::Redrawn, story::Story};

/// What is known of a source.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) source: Source,
    pub(super) is_table: bool,
    /// Lines that have ended.
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) errors: u64,
    /// Lines that were not kept, for lack of room.
    pub(super) lost_lines: u64,
    /// How letters look at the end of the last line.
    pub(super) style: Style,
    pub(super) open: Option<OpenLine>,
    /// Its last lines as rows of a terminal; of a table, none.
    pub(super) screen: Screen,
    /// What lines show that others wrote over, where that can change no more.
    pub(super) redrawn: Redrawn,
    /// What its lines tell together of an error.
    pub(super) story: Story,
}

impl Stream {
    pub(super) fn new(source: Source) -> Self {
        Self {
            is_table: source.is_table(),
            source,
            lines: 0,
            bytes: 0,
            errors: 0,
            lost_lines: 0,
            style: Style::default(),
            open: None,
            screen: Screen::new(draw::MAX_COLUMNS),
            redrawn: Redrawn::default(),
            story: Story::default(),
        }
    }
}
