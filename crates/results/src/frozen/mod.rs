//! A frozen copy of a shared job: one HTML file that opens from a disk, years later, with no server and no script.
//!
//! Everything in it came through a share link, so it holds nothing that the link did not show. Sources of the log are
//! chosen by check boxes and style rules alone; the browser's own find works, since every line is in the page.

mod curve;
mod line;
mod look;
mod page;
mod style;

pub use self::{
    curve::FrozenCurve,
    line::{FrozenLine, parse_lines},
    look::{FrozenLook, MAX_ROWS, is_picture},
    page::{Frozen, FrozenOutput, Labels, page},
};
