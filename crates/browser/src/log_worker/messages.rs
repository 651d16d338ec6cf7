//! What the page and the worker that keeps a log say to each other.

use super::last_numbers::{NumbersOf, Texts};
use crate::channel::Beside;
use jobsphere_client::CallError;
use jobsphere_log::model::{
    Ahead, CopyForm, Count, Goal, Matches, Pattern, RowFilter, Rows, SaveForm, Series, Source, Trouble, Window,
};
use serde::{Deserialize, Serialize};
use web_sys::File;

/// How the worker may read the log.
#[derive(Clone, Serialize, Deserialize)]
pub enum Access {
    /// As a caller.
    Caller {
        /// The job whose log it is.
        job_id: String,
        /// The caller's token; `None` for nobody.
        token: Option<String>,
    },
    /// As the holder of a share link, which knows its job by itself: `ID.SECRET`.
    Share(String),
}

impl Access {
    /// The job, where it is known by its id.
    pub fn job_id(&self) -> Option<&str> {
        match self {
            Self::Caller { job_id, .. } => Some(job_id),
            Self::Share(_) => None,
        }
    }
}

/// What the page asks.
#[derive(Clone, Serialize, Deserialize)]
pub enum Request {
    /// The first words: read a job's log from its first byte to its end.
    Open {
        /// Where the service is: scheme, host and port, without a slash at the end.
        service: String,
        /// Which log, and as whom.
        access: Access,
    },
    /// Go on with this access: after a sign-in, or after a failure.
    Access(Access),
    /// Try again now, where a pause before the next try is going on.
    Retry,
    /// Whether anybody sees the page; until it is said, somebody does.
    Seen(bool),
    /// Which lines count as rows; rows are numbered anew.
    RowFilter(RowFilter),
    /// Which rows are in row_view; they are told at once and whenever they change.
    Window(Window),
    /// What to look for, in the whole log; `None` ends it.
    Find(Option<Pattern>),
    /// The row of a place; answered by [`Answer::Place`].
    Seek(Goal),
    /// Closes or opens the group whose first line has this number.
    Fold {
        /// Number of the line with `::group::`.
        line: u64,
        /// Whether its lines are hidden.
        is_closed: bool,
    },
    /// The text of lines, in the order of the log; answered by [`Answer::Text`].
    Copy {
        /// Number of the first line.
        first: u64,
        /// Number of the last line.
        last: u64,
        /// In which form.
        form: CopyForm,
    },
    /// The log as a file; answered by [`Answer::Saved`].
    Save {
        /// In which form.
        form: SaveForm,
        /// Of one source, byte for byte; of all that the filter shows when `None`.
        source: Option<Source>,
    },
    /// Numbers over time, told whenever they change, about twice a second; an empty list ends it.
    Series {
        /// Which, by their names.
        names: Vec<String>,
        /// At most so many points each: they are thinned so that lows and highs stay.
        points: u32,
    },
    /// The last numbers of another job, which has ended; answered by [`Answer::LastNumbers`].
    LastNumbers(NumbersOf),
}

/// What the worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Update {
    /// How reading goes.
    Phase(Phase),
    /// How much there is; told when it grows, about ten times a second at most.
    Count(Count),
    /// The rows of the window.
    Rows(Rows),
    /// The end of a long log, while all that comes before it is still to be read.
    Ahead(Ahead),
    /// How far looking for the pattern has come.
    Matches(Matches),
    /// What a reader of a failed job wants to see first; told when it changes.
    Trouble(Trouble),
    /// Answer to [`Request::Series`], and which series there are; told also when a new name appears.
    Series(Vec<Series>),
    /// How far the program is, in per cent, as far as its lines say.
    Progress(u8),
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It was heard; what comes of it is told.
    Heard,
    /// To [`Request::Seek`]: the row; `None` where there is no such place, or the filter hides it.
    Place {
        /// The row within the filter.
        row: Option<u64>,
        /// The line's number, also when it is hidden.
        line: Option<u64>,
        /// Of a match: how many lines match up to this one.
        rank: Option<u64>,
    },
    /// To [`Request::Copy`].
    Text {
        /// What to put on the clipboard.
        text: String,
        /// So many lines were left out, because the text grew too long.
        left_out: u64,
    },
    /// To [`Request::Save`]: the file, or why there is none.
    Saved(Result<Beside<File>, String>),
    /// To [`Request::LastNumbers`]; `None` when that log cannot be read now.
    LastNumbers(Option<Texts>),
}

/// How reading goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// Asking for the log.
    Connecting,
    /// Reading; what comes is shown.
    Following,
    /// The service answers, but something on the way holds the log back.
    HeldBack,
    /// The connection is gone; the next try is after the pause.
    Lost {
        /// What went wrong.
        error: CallError,
        /// The pause, in milliseconds.
        retry_ms: u32,
    },
    /// Everything has been read, and the job has ended.
    Ended,
    /// It cannot be read.
    Failed(CallError),
    /// The browser has no room for more of the log: what came before is kept, what comes is counted alone.
    Full,
}
