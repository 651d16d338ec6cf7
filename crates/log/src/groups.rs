//! Groups of lines: where each begins and ends.

/// So many groups are remembered; later ones are lines as others.
const MAX_GROUPS: usize = 100_000;
/// Groups in groups, at most.
const MAX_DEPTH: usize = 32;

/// A group of lines of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of its first line, with the mark, of all lines.
    pub(super) first: u64,
    /// Index of the line that ends it.
    pub(super) last: Option<u64>,
    pub(super) source: u16,
    /// Lines of the source before its first one.
    before: u64,
    /// Lines of the source when it ended, without the mark.
    after: Option<u64>,
}

impl Span {
    /// Lines within, when the source has `now` lines.
    pub(super) fn lines(&self, now: u64) -> u64 {
        self.after.unwrap_or(now).saturating_sub(self.before + 1)
    }
}

/// All groups, in the order of their first lines.
#[derive(Debug, Default)]
pub(super) struct Groups {
    spans: Vec<Span>,
    /// For each source, the groups that have not ended.
    open: Vec<Vec<usize>>,
}

impl Groups {
    /// How deep the next line of a source stands.
    pub(super) fn depth(&self, source: u16) -> u8 {
        self.open.get(usize::from(source)).map_or(0, |open| open.len() as u8)
    }

    /// A line begins a group; its source has so many lines before it.
    pub(super) fn begin(&mut self, source: u16, line: u64, before: u64) {
        let at = usize::from(source);
        if self.open.len() <= at {
            self.open.resize(at + 1, Vec::new());
        }
        if self.spans.len() < MAX_GROUPS && self.open[at].len() < MAX_DEPTH {
            self.open[at].push(self.spans.len());
            self.spans.push(Span {
                first: line,
                last: None,
                source,
                before,
                after: None,
            });
        }
    }

    /// A line ends the innermost group.
    pub(super) fn end(&mut self, source: u16, line: u64, before: u64) {
        if let Some(at) = self.open.get_mut(usize::from(source)).and_then(Vec::pop) {
            self.spans[at].last = Some(line);
            self.spans[at].after = Some(before);
        }
    }

    /// The group that begins with this line.
    pub(super) fn starting(&self, line: u64) -> Option<&Span> {
        let at = self.spans.binary_search_by_key(&line, |span| span.first).ok()?;
        self.spans.get(at)
    }
}
