//! A job behind a share link: what the link shows, and nothing else. No account, no token, nothing to press that would
//! change the job.

mod state;
mod view;

pub(crate) use self::view::{embed::EmbedPage, page::SharedPage};
