//! Going to a place: at once, or as soon as it has come.

use crate::app::text::words;
use leptos::{prelude::*, task::spawn_local};

use super::{answers::Found, log::Log, stage::Stage};
use crate::browser::log_worker::messages::Request;
use jobsphere_log::{
    model::Goal,
    view::place::{Marked, Place},
};

/// A place that the log is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Goto {
    goal: Goal,
    /// Of a range to mark: the byte of the last line.
    last: Option<u64>,
}

impl Goto {
    /// The lines that hold these bytes: scrolled to, marked, focused.
    pub(crate) fn marking(first: u64, last: u64) -> Self {
        Self {
            goal: Goal::Offset(first),
            last: Some(last),
        }
    }

    /// The line written at this time, in milliseconds since 1970.
    pub(crate) fn time(time_ms: i64) -> Self {
        Self {
            goal: Goal::Time(time_ms),
            last: None,
        }
    }

    /// The byte that must have come.
    fn byte(self) -> u64 {
        match (self.goal, self.last) {
            (Goal::Offset(first), last) => last.unwrap_or(first),
            _ => 0,
        }
    }
}

impl Log {
    /// Goes where it was told to as soon as that has come. Runs until the page is gone.
    pub(crate) fn go_where_told(self) {
        // Asked again only when more has come.
        let ready = Memo::new(move |_| {
            let goto = self.goto.get()?;
            let has_come = self.count.read().offset > goto.byte() || self.has_ended();
            has_come.then_some(goto)
        });
        Effect::new(move || {
            let Some(goto) = ready.get() else { return };
            spawn_local(self.go(goto));
        });
    }

    async fn go(self, goto: Goto) {
        let mut found = self.seek(goto.goal).await;
        if found.row.is_none() && found.line.is_some() && goto.last.is_some() {
            // The filter hides it, and who follows a link wants to see it.
            self.reading.show_all();
            found = self.seek(goto.goal).await;
        }
        if self.goto.try_get_untracked().flatten() != Some(goto) {
            // Gone, or sent elsewhere meanwhile.
            return;
        }
        self.goto.set(None);
        match (found, goto.goal, goto.last) {
            (
                Found {
                    row: Some(row),
                    line: Some(line),
                    ..
                },
                Goal::Offset(first),
                Some(last),
            ) => {
                let to = if last == first {
                    Some(line)
                } else {
                    self.seek(Goal::Offset(last)).await.line
                };
                let from = Place { line, offset: first };
                let to = to.map_or(from, |line| Place { line, offset: last });
                self.reading.marked.set(Some(Marked { from, to }));
                self.stage_do(|stage| {
                    stage.go_to(row);
                    stage.region.focus();
                });
            }
            (
                Found {
                    row: Some(row), line, ..
                },
                ..,
            ) => {
                self.reading.current.set(line);
                self.stage_do(|stage| stage.go_to(row));
            }
            _ => self.note(words::LOG_NO_SUCH_PLACE),
        }
    }

    /// Asks something that numbers the rows anew, and stays at the line that was in sight.
    pub(crate) fn stay_at_line(self, ask: Request) {
        let top = self
            .stage
            .try_with_value(|stage| {
                let stage = stage.as_ref().filter(|stage| !stage.is_at_end())?;
                stage.row(stage.top()).map(|row| row.offset)
            })
            .flatten();
        self.ask(ask);
        let Some(offset) = top else { return };
        spawn_local(async move {
            if let Some(row) = self.seek(Goal::Offset(offset)).await.row {
                self.stage_do(|stage| stage.go_to(row));
            }
        });
    }

    /// Goes to the next match or the one before, to the next error or the one before; round the ends.
    pub(crate) fn jump(self, goal: impl FnOnce(u64) -> Goal) {
        let current = self.reading.current.get_untracked();
        let from = self.stage.try_with_value(|stage| {
            let stage = stage.as_ref()?;
            let row = current.and_then(|line| stage.row_of_line(line));
            Some(row.unwrap_or_else(|| stage.top()))
        });
        let Some(from) = from.flatten() else { return };
        let goal = goal(from);
        spawn_local(async move {
            let found = self.seek(goal).await;
            let Some(row) = found.row else { return };
            self.reading.current.set(found.line);
            self.rank.set(found.rank);
            self.stage_do(|stage: &mut Stage| {
                stage.stay();
                stage.bring(row);
            });
        });
    }

    /// Goes to the next match, or the one before.
    pub(crate) fn next_match(self, goes_back: bool) {
        if goes_back {
            self.jump(Goal::MatchBefore);
        } else {
            self.jump(Goal::MatchAfter);
        }
    }

    /// Shows the end and follows it.
    pub(crate) fn follow_end(self) {
        self.stage_do(Stage::go_to_end);
    }

    /// Shows the start.
    pub(crate) fn go_to_start(self) {
        self.stage_do(|stage| stage.go_to(0));
    }

    /// Moves the focus to the rows.
    pub(crate) fn focus(self) {
        self.stage
            .with_value(|stage| stage.iter().for_each(|stage| stage.region.focus()));
    }
}
