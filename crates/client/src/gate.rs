//! A gate that work waits at: open, or closed while somebody has paused it.

use std::{cell::Cell, rc::Rc};

use event_listener::Event;

/// The gate; clones are the same one.
#[derive(Debug, Clone)]
pub struct Gate(Rc<(Cell<bool>, Event)>);

impl Default for Gate {
    fn default() -> Self {
        Self(Rc::new((Cell::new(true), Event::new())))
    }
}

impl Gate {
    /// Opens or closes it.
    pub fn set(&self, is_open: bool) {
        self.0.0.set(is_open);
        self.0.1.notify(usize::MAX);
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.0.0.get()
    }

    /// Ends as soon as it is open, or closed.
    pub async fn is(&self, open: bool) {
        loop {
            let changed = self.0.1.listen();
            if self.0.0.get() == open {
                return;
            }
            changed.await;
        }
    }
}
