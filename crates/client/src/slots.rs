//! Connections to a service that are held for long. A browser opens six to an origin over HTTP/1.1 for all its tabs
//! together: where streams took them all, every other call would wait until one ends.

/// Who says whether a connection may be held.
pub trait Slots {
    /// Is held until it is dropped.
    type Slot;

    /// A slot for a stream without an end, where one is free and somebody looks.
    fn for_stream(&self) -> impl Future<Output = Option<Self::Slot>>;

    /// A turn for a question, which is answered and over soon. Waits for those who ask now, but not for ever.
    fn for_question(&self) -> impl Future<Output = Self::Slot>;

    /// Ends when nobody looks any more: then a stream's slot is given back.
    fn unseen(&self) -> impl Future<Output = ()>;
}
