//! Workers of one kind that take turns.

use std::cell::RefCell;

use super::{Channel, ChannelError, Work};

/// More workers than this read no faster from one disk.
const MOST_WORKERS: usize = 4;

/// Workers that take turns, as many as the machine has use for. Dropping it ends them.
#[derive(Debug)]
pub struct Pool<W: Work> {
    idle: RefCell<Vec<Channel<W>>>,
}

impl<W: Work> Default for Pool<W> {
    fn default() -> Self {
        Self {
            idle: RefCell::default(),
        }
    }
}

impl<W: Work> Pool<W> {
    /// How many tasks it is worth giving at once.
    pub fn width() -> usize {
        let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
        (cores as usize).clamp(1, MOST_WORKERS)
    }

    /// Has `task` done by a worker of its own, a new one when none is idle.
    ///
    /// # Errors
    /// What `task` says, and [`ChannelError`]. A worker that failed is not used again.
    pub async fn with<T, E: From<ChannelError>>(
        &self,
        task: impl AsyncFnOnce(&Channel<W>) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.idle.borrow_mut().pop();
        let worker = match idle {
            Some(worker) => worker,
            None => Channel::start()?,
        };
        let done = task(&worker).await?;
        self.idle.borrow_mut().push(worker);
        Ok(done)
    }
}
