//! Saving the log: whole in three forms, or one source byte for byte.

use crate::app::text::words;
use leptos::{prelude::*, task::spawn_local};

use super::log::Log;
use crate::browser::files;
use jobsphere_log::model::{SaveForm, Source};

impl Log {
    /// Puts the log into a file of this name, and says what came of it.
    pub(crate) fn save(self, form: SaveForm, source: Option<Source>, name: String) {
        spawn_local(async move {
            match self.file(form, source).await {
                Ok(file) => match files::save_blob(&name, &file) {
                    Ok(()) => self.say(untrack(|| self.text.get(words::LogSaved { name: name.as_str() }))),
                    Err(error) => self.not_saved(&error),
                },
                Err(error) => self.not_saved(&error),
            }
        });
    }

    fn not_saved(self, error: &str) {
        self.say(untrack(|| self.text.get(words::LogNotSaved { error })));
    }
}
