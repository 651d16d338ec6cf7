//! A row of the screen.

use crate::canvas::Canvas;

/// A row of the screen.
#[derive(Debug, Clone)]
pub struct ScreenRow {
    pub(super) line: u64,
    /// What it shows, once that was asked for.
    pub(super) canvas: Option<Box<Canvas>>,
    pub(super) is_changed: bool,
    pub(super) redraws: u32,
    pub(super) is_error: bool,
    /// When it was written to last.
    pub(super) visit: u64,
}

impl ScreenRow {
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            canvas: None,
            is_changed: false,
            redraws: 0,
            is_error: false,
            visit: 0,
        }
    }

    /// The line that made it.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What it shows, where that is not what its line's bytes show by themselves.
    pub fn canvas(&self) -> Option<&Canvas> {
        self.canvas.as_deref().filter(|_| self.is_changed)
    }

    /// How often somebody came back to it and wrote.
    pub fn redraws(&self) -> u32 {
        self.redraws
    }

    /// Whether the line that ended on it last tells an error.
    pub fn is_error(&self) -> bool {
        self.is_error
    }

    pub(super) fn cells(&self) -> usize {
        self.canvas.as_deref().map_or(0, Canvas::cells)
    }
}
