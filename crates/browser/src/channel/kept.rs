//! A worker for questions that come now and then.

use std::{cell::RefCell, rc::Rc};

use super::{Channel, ChannelError, Work};

/// A worker that is started at the first request, and kept, since the next one is near.
#[derive(Debug)]
pub struct Kept<W: Work>(Rc<RefCell<Option<Rc<Channel<W>>>>>);

impl<W: Work> Clone for Kept<W> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<W: Work> Default for Kept<W> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<W: Work> Kept<W> {
    /// Has a request answered. What has died is not asked again: the next request starts another.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub async fn ask(&self, request: &W::Request) -> Result<W::Answer, ChannelError> {
        self.channel()?.ask(request, |_| {}).await
    }

    fn channel(&self) -> Result<Rc<Channel<W>>, ChannelError> {
        let known = self.0.borrow().clone().filter(|channel| !channel.is_dead());
        if let Some(channel) = known {
            return Ok(channel);
        }
        let channel = Rc::new(Channel::start()?);
        self.0.replace(Some(channel.clone()));
        Ok(channel)
    }
}
