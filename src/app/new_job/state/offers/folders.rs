//! The folders at hand, and what is found in them.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use crate::{
    app::new_job::state::{
        form::Form,
        inputs::{contents::is_root, source::Folder},
    },
    browser::{entries::Picked, files},
};
use jobsphere_authoring::{
    project::{PACKAGE_FILES, Program, UNREAD_PACKAGE_FILES, programs, worth_reading},
    python::{Declared, Source, declared_in, is_declaration},
};

/// A larger file is no program and no list of packages.
const MAX_TEXT_BYTES: f64 = 256.0 * 1024.0;
/// So many files are read for what they are.
const MOST_READ: usize = 40;

/// Where a folder is in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In this row of the inputs.
    Input {
        /// The row.
        row: usize,
        /// Its number.
        id: u64,
        /// Whether it is the working directory.
        is_root: bool,
    },
    /// Beside the inputs.
    Project {
        /// Its number.
        id: u64,
    },
}

/// A folder, with what was found in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FolderAtHand {
    pub(crate) place: Place,
    /// Empty for files that came without one.
    pub(crate) name: String,
    /// Paths in it of what is sent.
    pub(crate) paths: BTreeSet<String>,
    pub(crate) programs: Vec<Program>,
    /// The packages it asks for.
    pub(crate) packages: Option<Declared>,
    /// A file that names packages in a way that is not read, where no other does.
    pub(crate) unread: Option<&'static str>,
}

/// The folders at hand, as they are now; tracked, their rules too.
pub(super) fn places(form: Form) -> Vec<Place> {
    let rows = form.with(|draft| draft.inputs.clone());
    let inputs = rows.into_iter().enumerate().filter_map(|(row, input)| {
        let id = input.content.chosen()?;
        form.source(id)?.as_folder()?.tree.track();
        let is_root = is_root(&input.path);
        Some(Place::Input { row, id, is_root })
    });
    let mut places: Vec<Place> = inputs.collect();
    if let Some((id, folder)) = form.project() {
        folder.tree.track();
        places.push(Place::Project { id });
    }
    places
}

fn id(place: Place) -> u64 {
    match place {
        Place::Input { id, .. } | Place::Project { id } => id,
    }
}

/// Reads what says what a folder is for.
pub(super) async fn look_into(form: Form, place: Place) -> Option<FolderAtHand> {
    let folder: Folder = form.source(id(place))?.as_folder()?;
    let kept = folder.kept();
    let texts = texts(&kept).await;
    let paths: BTreeSet<String> = kept.into_iter().map(|picked| picked.path).collect();
    let text = |path: &str| texts.get(path).map(String::as_str);
    let lists = texts.iter().filter(|(path, _)| is_declaration(path));
    let lists: Vec<Source> = lists
        .map(|(path, text)| Source {
            path: path.clone(),
            text: text.clone(),
        })
        .collect();
    let mut packages = PACKAGE_FILES.iter().filter_map(|file| declared_in(file, &lists));
    let packages = packages.find(|declared| !declared.lines.is_empty());
    let mut unread = UNREAD_PACKAGE_FILES.into_iter();
    let unread = unread.find(|file| packages.is_none() && paths.contains(*file));
    Some(FolderAtHand {
        place,
        name: folder.name.clone(),
        programs: programs(paths.iter().map(String::as_str), text),
        packages,
        unread,
        paths,
    })
}

async fn texts(kept: &[Picked]) -> BTreeMap<String, String> {
    let is_worth = |picked: &&Picked| worth_reading(&picked.path) || is_declaration(&picked.path);
    let mut worth: Vec<&Picked> = kept.iter().filter(is_worth).collect();
    // The packages before the programs.
    worth.sort_by_key(|picked| worth_reading(&picked.path));
    let mut texts = BTreeMap::new();
    for picked in worth.into_iter().take(MOST_READ) {
        let Some(file) = picked.file.as_ref().filter(|file| file.size() <= MAX_TEXT_BYTES) else {
            continue;
        };
        if let Ok(text) = files::text(file).await {
            texts.insert(picked.path.clone(), text);
        }
    }
    texts
}
