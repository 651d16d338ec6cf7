//! One way from a log's bytes to its lines.
//!
//! Messages end anywhere: in a line, in a letter, in an escape sequence. Here stands once what is a line all the same, for
//! all who read a log: the view, marks, series, comparison, and the service where it hides secrets.
//!
//! - [`Source`]: where a message comes from.
//! - [`Parts`] and [`pieces`]: where lines begin and end in bytes, which are not copied. Who keeps lines in a way of his
//!   own begins here.
//! - [`Cutter`]: whole lines out of messages of all sources, each with its place and time.
//! - [`Sequence`] and [`Stretches`]: what of the bytes is text and what is an escape sequence, each byte at its place.
//! - [`Trace`] and [`draw`]: what a line shows, as a terminal would end up: with its colours, and after whatever the program
//!   went back to and wrote over. [`Canvas`] is one row of such a terminal, [`Screen`] the rows above the last one that lines
//!   go back to.

mod canvas;
mod cut;
mod cutter;
mod decoder;
mod draw;
mod escapes;
mod moves;
mod numbers;
mod orders;
mod repaint;
mod screen;
mod source;
mod stretches;
mod style;
mod trace;

pub use canvas::Canvas;
pub use cut::{Ends, Parts, Pieces, pieces};
pub use cutter::{Cutter, Line, Long};
pub use decoder::Sign;
pub use draw::{Drawn, draw, is_odd, shown_text};
pub use escapes::{ESC, Sequence, Step};
pub use moves::{goes, moves, style_after};
pub use orders::{Order, Part};
pub use screen::{Ended, Screen, ScreenRow};
pub use source::Source;
pub use stretches::{IsShort, Stretches};
pub use style::{Colour, STYLE_BYTES, Style, Styled};
pub use trace::{Shown, Trace, Watch};

use jobsphere_api as api;
