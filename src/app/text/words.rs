//! Every message of `messages/`, as `build.rs` finds them: `send-rest` is [`SendRest`] with the values that it takes as
//! fields, `run-pause`, which takes none, is [`RUN_PAUSE`].

// A message that is said nowhere is to be removed from the files.
#![deny(dead_code)]

use super::{
    Text,
    sentence::{Argument, Message, Sentence},
};

include!(concat!(env!("OUT_DIR"), "/words.rs"));
