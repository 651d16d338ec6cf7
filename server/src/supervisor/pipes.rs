//! The command's two output streams, read in the order in which it wrote.
//!
//! Two pipes alone lose the order of what is written to both between two reads. Here each is in packet mode with
//! one slot, so that each holds at most one unread write, and one inotify queue names the pipes in the order of
//! the writes. A stream that is loud alone gets a wide pipe until the other one speaks.

use std::{
    collections::VecDeque,
    io,
    mem::MaybeUninit,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::inotify,
    io::Errno,
    pipe::{PipeFlags, fcntl_setpipe_size, pipe_with},
};

/// One slot, and the largest packet.
const PACKET_BYTES: usize = 4096;
const WIDE_BYTES: usize = 1 << 20;
/// Packets of one stream in a row after which its pipe is widened.
const LOUD: u32 = 256;
/// Writes that are remembered before they are read; who writes faster for long loses the order between its streams.
const MOST_TOLD: usize = 1 << 16;
/// Most bytes handed on at once.
const BURST_BYTES: usize = 64 * 1024;

/// How long what is printed without end is read before other things are seen to.
const TURN: Duration = Duration::from_millis(50);

/// Which stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

impl Stream {
    pub(super) const BOTH: [Self; 2] = [Self::Out, Self::Err];

    /// The one beside it.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Out => Self::Err,
            Self::Err => Self::Out,
        }
    }
}

struct Pipe {
    read_end: OwnedFd,
    is_open: bool,
    is_wide: bool,
    in_a_row: u32,
    /// Writes that were read before inotify told of them.
    ahead: u32,
}

/// Both pipes and the queue over them.
pub(super) struct Pipes {
    pipes: [Pipe; 2],
    queue: OwnedFd,
    watches: [i32; 2],
    told: VecDeque<Stream>,
    buffer: Box<[u8]>,
}

impl Pipes {
    /// The pipes, and their write ends for the command.
    pub(super) fn new() -> io::Result<(Self, [OwnedFd; 2])> {
        let queue = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
        let (out, out_write) = pipe()?;
        let (err, err_write) = pipe()?;
        let mut watches = [0; 2];
        for (watch, pipe) in watches.iter_mut().zip([&out, &err]) {
            let path = format!("/proc/self/fd/{}", pipe.read_end.as_raw_fd());
            *watch = inotify::add_watch(&queue, path, inotify::WatchFlags::MODIFY)?;
        }
        let pipes = Self {
            pipes: [out, err],
            queue,
            watches,
            told: VecDeque::new(),
            buffer: vec![0; BURST_BYTES].into_boxed_slice(),
        };
        Ok((pipes, [out_write, err_write]))
    }

    /// What to poll for input: the queue, then both pipes while they are open.
    pub(super) fn sources(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let open = self.pipes.iter().filter(|pipe| pipe.is_open);
        std::iter::once(self.queue.as_fd()).chain(open.map(|pipe| pipe.read_end.as_fd()))
    }

    pub(super) fn is_open(&self) -> bool {
        self.pipes.iter().any(|pipe| pipe.is_open)
    }

    /// Hands on what is there, in order; returns when nothing is, and after a while when there is no end to it, so that
    /// orders and limits are seen meanwhile.
    pub(super) fn drain(&mut self, mut each: impl FnMut(Stream, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let until = Instant::now() + TURN;
        loop {
            if Instant::now() >= until {
                return Ok(());
            }
            self.listen()?;
            let mut is_quiet = true;
            if let Some(stream) = self.told.pop_front() {
                let pipe = &mut self.pipes[stream as usize];
                if pipe.ahead > 0 {
                    pipe.ahead -= 1;
                } else {
                    self.take_what_came_before(stream, &mut each)?;
                    self.take(stream, &mut each)?;
                }
                continue;
            }
            // Nothing was told, yet a write may be under way that is larger than the slot.
            for stream in Stream::BOTH {
                if !self.has_data(stream)? {
                    continue;
                }
                // What the other stream wrote before this was told of before this was there.
                self.listen()?;
                if !self.told.is_empty() {
                    is_quiet = false;
                    break;
                }
                let taken = self.take(stream, &mut each)?;
                if taken > 0 {
                    is_quiet = false;
                    if taken % PACKET_BYTES != 0 {
                        self.pipes[stream as usize].ahead += 1;
                    }
                    break;
                }
            }
            if is_quiet {
                self.pipes.iter_mut().for_each(|pipe| pipe.ahead = 0);
                return Ok(());
            }
        }
    }

    /// A wide pipe holds many writes for one word of inotify. What is in the other stream's comes first, unless that
    /// stream spoke again after `stream` did.
    fn take_what_came_before(
        &mut self,
        stream: Stream,
        each: &mut impl FnMut(Stream, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let other = stream.other();
        if self.pipes[other as usize].is_wide && !self.told.contains(&other) {
            // No more than the pipe can hold was there before.
            let mut taken = 0;
            while taken < WIDE_BYTES {
                match self.take(other, each)? {
                    0 => break,
                    bytes => taken += bytes,
                }
            }
        }
        Ok(())
    }

    /// Whether there is something to read, or the end.
    fn has_data(&self, stream: Stream) -> io::Result<bool> {
        let pipe = &self.pipes[stream as usize];
        if !pipe.is_open {
            return Ok(false);
        }
        let mut ready = [PollFd::new(&pipe.read_end, PollFlags::IN)];
        Ok(poll(&mut ready, Some(&Timespec::default()))? > 0)
    }

    /// Moves what inotify tells into `told`.
    fn listen(&mut self) -> io::Result<()> {
        if self.told.len() >= MOST_TOLD {
            return Ok(());
        }
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(&self.queue, &mut buffer);
        loop {
            match events.next() {
                Ok(event) => {
                    let found = self.watches.iter().position(|watch| *watch == event.wd());
                    if let Some(at) = found {
                        self.told.push_back(Stream::BOTH[at]);
                    }
                    if events.is_buffer_empty() {
                        return Ok(());
                    }
                }
                Err(Errno::WOULDBLOCK) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Reads one packet, or many of a loud stream; the number of bytes.
    fn take(&mut self, stream: Stream, each: &mut impl FnMut(Stream, &[u8]) -> io::Result<()>) -> io::Result<usize> {
        let limit = if self.pipes[stream as usize].is_wide {
            BURST_BYTES
        } else {
            PACKET_BYTES
        };
        let mut filled = 0;
        while filled + PACKET_BYTES <= limit {
            let pipe = &mut self.pipes[stream as usize];
            match rustix::io::read(&pipe.read_end, &mut self.buffer[filled..filled + PACKET_BYTES]) {
                Ok(0) => {
                    pipe.is_open = false;
                    break;
                }
                Ok(read) => filled += read,
                Err(Errno::INTR) => {}
                Err(Errno::WOULDBLOCK) => break,
                Err(error) => return Err(error.into()),
            }
        }
        if filled > 0 {
            self.note(stream)?;
            each(stream, &self.buffer[..filled])?;
        }
        Ok(filled)
    }

    /// Widens the pipe of a stream that is loud alone, and narrows the other's.
    fn note(&mut self, stream: Stream) -> io::Result<()> {
        let pipe = &mut self.pipes[stream as usize];
        pipe.in_a_row += 1;
        if pipe.in_a_row > LOUD && !pipe.is_wide {
            // Past the user's limit on pipes it stays narrow, and only slower.
            pipe.is_wide = fcntl_setpipe_size(&pipe.read_end, WIDE_BYTES).is_ok();
        }
        let other = &mut self.pipes[stream.other() as usize];
        other.in_a_row = 0;
        if other.is_wide {
            // Busy while it holds more than a slot; the next write of this stream tries again.
            other.is_wide = fcntl_setpipe_size(&other.read_end, PACKET_BYTES).is_err();
        }
        Ok(())
    }
}

fn pipe() -> io::Result<(Pipe, OwnedFd)> {
    let (read_end, write_end) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::DIRECT)?;
    rustix::io::ioctl_fionbio(&read_end, true)?;
    fcntl_setpipe_size(&read_end, PACKET_BYTES)?;
    let pipe = Pipe {
        read_end,
        is_open: true,
        is_wide: false,
        in_a_row: 0,
        ahead: 0,
    };
    Ok((pipe, write_end))
}
