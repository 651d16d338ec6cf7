//! What a submission cannot do itself: reading contents, sending them, and keeping its state.

use crate::api::sha256::Sha256;

use super::Pending;

/// What a content was found to be.
#[derive(Debug, Clone)]
pub struct Hashed<B> {
    /// The digest of what is sent.
    pub sha256: Sha256,
    /// Its bytes.
    pub size_bytes: i64,
    /// What is sent.
    pub body: B,
}

/// Reads contents.
pub trait Hashes {
    /// Leads to a content: a file, or a folder that becomes an archive.
    type Content;
    /// Bytes that can be sent.
    type Body;
    /// Why a content could not be read.
    type Error;

    /// How many are read at a time.
    fn at_once(&self) -> usize;

    /// Reads `content` as the file at `path`; `on_progress` hears which share was read.
    ///
    /// What was read before need not be read again, until it is [mistrusted](Self::mistrust).
    fn hash(
        &self,
        content: &Self::Content,
        path: &str,
        on_progress: impl Fn(f64),
    ) -> impl Future<Output = Result<Hashed<Self::Body>, Self::Error>>;

    /// Forgets what is known of `content`: it is another one, or cannot be read any more.
    fn mistrust(&self, content: &Self::Content) -> impl Future<Output = ()>;
}

/// Why bytes were not taken.
pub trait SendError {
    /// Whether the same upload may succeed a little later.
    fn is_passing(&self) -> bool;

    /// Whether the address holds no longer, so that a new one must be asked for.
    fn is_expired(&self) -> bool;

    /// Whether the content is another one than was announced.
    fn is_other_content(&self) -> bool;

    /// Whether the content cannot be read any more.
    fn is_unreadable(&self) -> bool;
}

/// Sends contents.
pub trait Sends {
    /// Bytes that can be sent.
    type Body;
    /// Held while something is sent.
    type Turn;
    /// Why bytes were not taken.
    type Error: SendError;

    /// Waits until something may be sent to `url`.
    fn turn(&self, url: &str) -> impl Future<Output = Self::Turn>;

    /// Sends `body`; `on_progress` hears how many bytes have arrived or left. Dropping the future stops it.
    ///
    /// Ends well only when the service has confirmed the content.
    fn send(
        &self,
        url: &str,
        body: &Self::Body,
        on_progress: impl Fn(u64) + 'static,
    ) -> impl Future<Output = Result<(), Self::Error>>;

    /// Whether there is a network; without one, failures count for nothing.
    fn is_online(&self) -> bool {
        true
    }
}

/// Keeps what must outlive a reload.
pub trait Keeps {
    /// Writes `pending` down; what comes after it would be too late.
    fn keep(&self, pending: &Pending) -> impl Future<Output = ()>;
}

/// All of it.
pub trait Hands: Hashes + Sends<Body = <Self as Hashes>::Body> + Keeps {}

impl<T: Hashes + Sends<Body = <T as Hashes>::Body> + Keeps> Hands for T {}
