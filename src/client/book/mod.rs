//! A log as lines that can be shown, searched and saved, however long it is.

pub mod words;
