//! Numbers in columns under a heading, as some trainers print them: each cell begins or ends where its name does.

use super::{Number, is_name, number};

/// A heading has so many names.
const NAMES: std::ops::RangeInclusive<usize> = 3..=40;
/// Parts of names, one of which tells a trainer's heading from any other table.
const OF_TRAINERS: [&str; 6] = ["loss", "epoch", "step", "iter", "map5", "accuracy"];
/// The row of all classes together, in a table with one for each.
const ALL: &str = "all";

/// The names of columns, and where each stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::series) struct Heading(Vec<Cell>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: String,
    start: usize,
    end: usize,
}

impl Heading {
    /// The heading that a text is.
    pub(in crate::series) fn of(text: &str) -> Option<Self> {
        let is_wide = text.len() <= super::MAX_LINE_BYTES && text.trim().contains("  ");
        if !is_wide || !text.trim_start().starts_with(char::is_alphabetic) {
            return None;
        }
        // A bar may stand behind it.
        let cells: Vec<Cell> = cells(text).take_while(|cell| !cell.text.contains(['%', '|'])).collect();
        let known = |cell: &Cell| {
            let name = cell.text.to_ascii_lowercase();
            OF_TRAINERS.iter().any(|part| name.contains(part))
        };
        let are_names = cells.iter().all(|cell| is_name(&cell.text) && !cell.text.contains('='));
        let apart = cells.windows(2).filter(|two| two[0].end + 1 < two[1].start).count();
        let is_heading =
            NAMES.contains(&cells.len()) && are_names && apart * 2 >= cells.len() && cells.iter().any(known);
        is_heading.then_some(Self(cells))
    }

    /// Adds the numbers of a text that is a row under it.
    pub(in crate::series) fn read(&self, text: &str, found: &mut Vec<Number>) {
        let row: Vec<Cell> = cells(text).take(self.0.len()).collect();
        let is_row = |edge: fn(&Cell) -> usize| self.0.iter().map(edge).eq(row.iter().map(edge));
        let is_under = is_row(|cell| cell.start) || is_row(|cell| cell.end);
        let of_all = |first: &Cell| first.text == ALL || first.text.starts_with(|letter: char| letter.is_ascii_digit());
        if !is_under || !row.first().is_some_and(of_all) {
            return;
        }
        for (name, cell) in self.0.iter().zip(&row) {
            let name = bare(&name.text);
            // An epoch stands before how many there are.
            let place = cell.text.split_once('/').filter(|_| name.eq_ignore_ascii_case("epoch"));
            let value = number(place.map_or(&*cell.text, |(now, _)| now));
            let name = if place.is_some() { "epoch" } else { name };
            if let Some(value) = value
                && !found.iter().any(|(its, _)| its == name)
            {
                found.push((name.to_owned(), value));
            }
        }
    }
}

/// `mAP50-95)` of a group that another name opened: `Box(P`.
fn bare(name: &str) -> &str {
    name.rsplit('(').next().unwrap_or(name).trim_end_matches(')')
}

/// Words between blanks, a colon behind one left out; places count letters.
fn cells(text: &str) -> impl Iterator<Item = Cell> {
    let mut letters = text.chars().enumerate().peekable();
    std::iter::from_fn(move || {
        while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
        let start = letters.peek()?.0;
        let mut word = String::new();
        while let Some((_, letter)) = letters.next_if(|(_, letter)| !letter.is_whitespace()) {
            word.push(letter);
        }
        if word.ends_with(':') {
            word.pop();
        }
        let end = start + word.chars().count();
        Some(Cell { text: word, start, end })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(heading: &str, row: &str) -> Vec<(String, f64)> {
        let mut found = Vec::new();
        Heading::of(heading).expect("a heading").read(row, &mut found);
        found
    }

    fn of(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn rows_under_a_heading_are_read() {
        // As ultralytics prints them, with a bar behind.
        let heading = "      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size";
        let row = "        1/3         0G      1.219      2.844      1.235         18        640: 100%|██████████| 4/4 [00:05<00:00]";
        let expected = [
            ("epoch", 1.0),
            ("box_loss", 1.219),
            ("cls_loss", 2.844),
            ("dfl_loss", 1.235),
            ("Instances", 18.0),
            ("Size", 640.0),
        ];
        assert_eq!(numbers(heading, row), of(&expected));
        let heading = "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 1/1 [00:01<00:00]";
        let row = "                   all          4         17      0.672       0.55      0.631      0.459";
        let expected = [
            ("Images", 4.0),
            ("Instances", 17.0),
            ("P", 0.672),
            ("R", 0.55),
            ("mAP50", 0.631),
            ("mAP50-95", 0.459),
        ];
        assert_eq!(numbers(heading, row), of(&expected));
        // A class is not all of them.
        assert!(numbers(heading, &row.replace("   all", "person")).is_empty());
        // As fastai does, from the left.
        let expected = [("epoch", 0.0), ("train_loss", 0.75), ("valid_loss", 0.523)];
        assert_eq!(
            numbers(
                "epoch     train_loss  valid_loss  time    ",
                "0         0.75        0.523       00:12   "
            ),
            of(&expected)
        );
    }

    #[test]
    fn what_does_not_stand_under_it_is_no_row() {
        let heading = "epoch     train_loss  valid_loss  time    ";
        for row in [
            "0 0.75 0.523 00:12",
            "epoch 3",
            "",
            "0         0.75",
            "0          0.75       0.523       00:12",
        ] {
            assert!(numbers(heading, row).is_empty(), "{row:?}");
        }
        for text in [
            "Training loss and accuracy follow",
            "Filesystem      Size  Used Avail Use% Mounted on",
            "PID   TTY   TIME   CMD",
            "loss=0.5   acc=1   step=2   x=3",
            "",
        ] {
            assert_eq!(Heading::of(text), None, "{text:?}");
        }
    }
}
