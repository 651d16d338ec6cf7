//! A job behind a share link: what the link shows, and nothing else. No account, no token, nothing to press that would
//! change the job.

mod copy;
mod embed;
mod outputs;
mod page;
mod watch;

pub(crate) use self::{embed::EmbedPage, page::SharedPage};
