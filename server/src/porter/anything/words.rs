//! Anything that can be said on the pipe: what belongs there, the same with damage, and noise.

use proptest::{collection::vec, prelude::*};
use serde::Serialize;

use super::super::wire::{MAX_FRAME_BYTES, Tag, write_frame};

/// Something said; the generated kind says which message.
#[derive(Debug, Clone)]
pub(super) enum Word<M> {
    Message(M),
    Piece(Vec<u8>),
    End,
    /// A message whose frame is damaged.
    Damaged(M, Vec<Damage>),
    /// A frame with any tag, length and content.
    Frame(u8, Option<u32>, Vec<u8>),
    Noise(Vec<u8>),
    /// A message of this letter, as often as a frame takes it.
    Huge(u8),
}

/// A change of a frame: where, as a part of its length.
#[derive(Debug, Clone)]
pub(super) enum Damage {
    Set(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Cut(prop::sample::Index),
}

impl<M> Word<M> {
    /// The bytes of it; `message` makes the message.
    pub(super) fn bytes<T: Serialize>(&self, message: impl Fn(&M) -> T) -> Vec<u8> {
        let frame = |tag: Tag, payload: &[u8]| {
            let mut frame = Vec::new();
            write_frame(&mut frame, tag, payload).unwrap();
            frame
        };
        let told = |said: &M| frame(Tag::Message, &serde_json::to_vec(&message(said)).unwrap());
        match self {
            Self::Message(said) => told(said),
            Self::Piece(piece) => frame(Tag::Piece, piece),
            Self::End => frame(Tag::End, &[]),
            Self::Damaged(said, damages) => damages.iter().fold(told(said), |frame, damage| damage.to(frame)),
            Self::Frame(tag, length, payload) => {
                let length = length.unwrap_or(payload.len() as u32);
                [&[*tag][..], &length.to_le_bytes(), payload].concat()
            }
            Self::Noise(bytes) => bytes.clone(),
            Self::Huge(letter) => frame(Tag::Message, &vec![*letter; MAX_FRAME_BYTES]),
        }
    }
}

impl Damage {
    fn to(&self, mut frame: Vec<u8>) -> Vec<u8> {
        if frame.is_empty() {
            return frame;
        }
        let length = frame.len();
        match self {
            Self::Set(at, byte) => frame[at.index(length)] = *byte,
            Self::Remove(at) => drop(frame.remove(at.index(length))),
            Self::Insert(at, byte) => frame.insert(at.index(length), *byte),
            Self::Cut(at) => frame.truncate(at.index(length)),
        }
        frame
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => at().prop_map(Damage::Remove),
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        1 => at().prop_map(Damage::Cut),
    ]
}

/// Words around messages of this kind.
pub(super) fn word<M: std::fmt::Debug + Clone + 'static>(
    message: impl Strategy<Value = M> + Clone + 'static,
) -> impl Strategy<Value = Word<M>> {
    let length = prop::option::weighted(
        0.5,
        prop_oneof![0..20_u32, Just(MAX_FRAME_BYTES as u32 + 1), Just(u32::MAX)],
    );
    prop_oneof![
        12 => message.clone().prop_map(Word::Message),
        4 => vec(any::<u8>(), 1..20).prop_map(Word::Piece),
        3 => Just(Word::End),
        2 => (message, vec(damage(), 1..4)).prop_map(|(message, damages)| Word::Damaged(message, damages)),
        1 => (0..5_u8, length, vec(any::<u8>(), 0..20)).prop_map(|(tag, length, bytes)| Word::Frame(tag, length, bytes)),
        1 => vec(any::<u8>(), 0..20).prop_map(Word::Noise),
        1 => prop::sample::select(b"[{\"0 ".to_vec()).prop_map(Word::Huge),
    ]
}
