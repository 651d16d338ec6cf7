//! The porter: a process that handles the files of a job, with no more rights than the job itself.
//!
//! Whatever a job's user can change is opened, written, walked, packed, unpacked and removed by this process alone. It
//! runs as the job's user where there is one, in the same sandbox, without a network, and can start nothing. The
//! server asks it over a socket, which carries requests and contents as read-only descriptors one way, and bytes and
//! names the other; all that comes back is data, with lengths, and is checked. When the socket closes, because the
//! server is done, gives up or has died, the porter is gone at once, whatever it was doing.
//!
//! [`Porter`] is the server's end; the other modules but [`wire`] are what the process does.

// This process has nothing else to do, and the server's end is asked from threads that may wait.
#![allow(clippy::disallowed_methods)]

#[cfg(test)]
mod anything;
mod collect;
mod fill;
mod follow;
mod handle;
mod made;
mod make;
mod mind;
mod pack;
mod serve;
mod tree;
mod unpack;
mod wire;

pub(crate) use handle::{Breaker, Collected, Copied, Made, Porter, PorterError, copy_tree};
pub(crate) use mind::{Content, Opened};
pub(crate) use pack::told;
pub(crate) use serve::main;
pub(crate) use wire::{Existing, MadeFile, Moment, NamedPaths, Place, Sum};
