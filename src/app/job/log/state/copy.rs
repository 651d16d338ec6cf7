//! Copying out of the log: lines as text, for a bug report, and the link to them.

use leptos::{prelude::*, task::spawn_local};

use super::log::Log;
use crate::{
    app::text::words,
    browser::{document, files},
};
use jobsphere_log::model::CopyForm;

impl Log {
    /// The lines that are marked, else all.
    fn chosen(self) -> (u64, u64) {
        match self.reading.marked.get_untracked() {
            Some(marked) => marked.lines(),
            None => (1, self.count.read_untracked().lines.max(1)),
        }
    }

    /// Puts the lines that are marked, else all, into the clipboard.
    pub(crate) fn copy(self, form: CopyForm) {
        let lines = self.chosen();
        spawn_local(async move {
            let Some((text, left_out)) = self.text_of(lines, form).await else {
                return;
            };
            let count = text.lines().count();
            if files::copy(&text).await.is_err() {
                return self.note(words::COPY_FAILED);
            }
            self.say(untrack(|| {
                let copied = self.text.get(words::LogCopied { count });
                self.with_left_out(copied, left_out)
            }));
        });
    }

    fn with_left_out(self, sentence: String, left_out: u64) -> String {
        if left_out == 0 {
            return sentence;
        }
        let left_out = self.text.get(words::LogLeftOut { count: left_out });
        format!("{sentence} {left_out}")
    }

    /// Puts the link to the view and the lines marked into the clipboard.
    pub(crate) fn copy_link(self) {
        spawn_local(async move {
            let copied = files::copy(&document::address()).await;
            self.note(if copied.is_ok() {
                words::LOG_LINK_COPIED
            } else {
                words::COPY_FAILED
            });
        });
    }

    /// Opens lines, or all, as plain text in a tab of their own: for the browser's own find and for readers.
    pub(crate) fn open_as_text(self, lines: Option<(u64, u64)>) {
        // Before anything is waited for: later the browser takes the new tab for an advertisement.
        let Some(tab) = document::open_tab() else {
            return self.note(words::LOG_TAB_REFUSED);
        };
        spawn_local(async move {
            let lines = lines.unwrap_or((1, u64::MAX));
            let Some((text, left_out)) = self.text_of(lines, CopyForm::Plain).await else {
                return tab.close();
            };
            if tab.show_text(&text).is_err() {
                self.note(words::LOG_TAB_REFUSED);
            } else if left_out > 0 {
                self.say(untrack(|| self.with_left_out(String::new(), left_out)));
            }
        });
    }
}
