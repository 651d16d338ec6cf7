//! What a submission tells while it goes on.

use std::rc::Rc;

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading the files.
    Hashing,
    /// Telling the service what the job is.
    Creating,
    /// Asking whether to send as much as the service lacks.
    Asking,
    /// Sending the files it lacks.
    Sending,
    /// Starting the job.
    Starting,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStep {
    /// Its turn has not come.
    Waiting,
    /// It is being read.
    Hashing,
    /// Its digest is known.
    Hashed,
    /// The service holds its content already.
    Held,
    /// It is being sent.
    Sending,
    /// The service has confirmed its content.
    Sent,
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOnItsWay {
    /// Its path in the job.
    pub path: String,
    /// Its bytes, as far as they are known before it is read: an archive is a little larger than what is in it.
    pub size_bytes: u64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The first: these files are on their way, and called by their place here from now on.
    Files(Vec<FileOnItsWay>),
    /// Another phase has begun.
    Phase(Phase),
    /// Another step of a file has begun.
    Step {
        /// The file.
        file: usize,
        /// The step.
        step: FileStep,
    },
    /// So much of a file was read or sent in its current step.
    Progress {
        /// The file.
        file: usize,
        /// Bytes since the step's beginning.
        bytes: u64,
    },
    /// What the service lacks is known.
    Lacking {
        /// The bytes of all files that have to be sent.
        bytes: u64,
        /// Whether it is asked before they are sent.
        is_asked: bool,
    },
    /// So many uploads wait for the connection to come back.
    Waiting {
        /// Their number.
        uploads: usize,
    },
}

/// Who hears the events.
pub type Tell = Rc<dyn Fn(Event)>;
