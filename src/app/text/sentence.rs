//! What can be said: messages, and the values that they take.

use jobsphere_words::Value;

use super::Text;

/// A message that takes no values, by its place among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Message(pub(super) u16);

/// A message with all the values that it takes.
pub(crate) trait Sentence {
    /// The sentence in the chosen language.
    fn said(&self, text: Text) -> String;
}

impl Sentence for Message {
    fn said(&self, text: Text) -> String {
        text.fill(self.0, &[])
    }
}

/// What a value may be given as.
pub(crate) trait Argument {
    fn value(&self) -> Value<'_>;
}

macro_rules! words {
    ($($kind:ty),*) => {$(
        impl Argument for $kind {
            fn value(&self) -> Value<'_> {
                Value::Words(self)
            }
        }
    )*};
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl Argument for $kind {
            #[allow(clippy::cast_precision_loss, clippy::cast_lossless)]
            fn value(&self) -> Value<'_> {
                Value::Number(*self as f64)
            }
        }
    )*};
}

words!(str, String);
numbers!(f64, u8, u32, u64, usize, i32, i64);

impl<A: Argument + ?Sized> Argument for &A {
    fn value(&self) -> Value<'_> {
        A::value(self)
    }
}
