//! What a copy shows of an output: a picture, or the beginning of a table.

use jobsphere_names::{isolated, readable, shown};
use maud::{Markup, html};

use crate::table::Table;

/// So many rows of a table stand in a copy.
pub const MAX_ROWS: usize = 200;
/// More columns make no readable page.
const MAX_COLUMNS: usize = 50;
/// Of a longer cell the beginning is shown.
const MAX_CELL_CHARS: usize = 200;

/// Types of pictures that every browser shows, and that run nothing where a picture is shown.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

/// Whether a copy shows pictures of this type.
pub fn is_picture(kind: &str) -> bool {
    PICTURES.contains(&kind)
}

/// A look at a file.
#[derive(Debug, Clone)]
pub struct FrozenLook {
    path: String,
    shown: Shown,
}

#[derive(Debug, Clone)]
enum Shown {
    /// A `data:` address.
    Picture(String),
    Table(FrozenTable),
}

#[derive(Debug, Clone)]
struct FrozenTable {
    /// Names, and whether the column holds numbers.
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<String>>,
    note: String,
}

impl FrozenLook {
    /// A picture by its `data:` address.
    pub fn picture(path: String, address: String) -> Self {
        Self {
            path,
            shown: Shown::Picture(address),
        }
    }

    /// The first [`MAX_ROWS`] of a table; `note` says how many of how many these are.
    pub fn table(path: String, table: &Table, note: String) -> Self {
        let columns = table.columns.iter().take(MAX_COLUMNS);
        let cells = |row: &Vec<String>| row.iter().take(MAX_COLUMNS).map(|cell| cut(cell)).collect();
        Self {
            path,
            shown: Shown::Table(FrozenTable {
                columns: columns
                    .map(|column| (cut(&column.name), column.numbers().is_some()))
                    .collect(),
                rows: table.rows.iter().take(MAX_ROWS).map(cells).collect(),
                note,
            }),
        }
    }

    pub(super) fn figure(&self) -> Markup {
        html! {
            figure {
                figcaption { bdi { (shown(&self.path)) } }
                @match &self.shown {
                    Shown::Picture(address) => @if is_safe(address) { img src=(address) alt=(isolated(&self.path)); },
                    Shown::Table(table) => (table.markup()),
                }
            }
        }
    }
}

impl FrozenTable {
    fn markup(&self) -> Markup {
        let has_names = self.columns.iter().any(|(name, _)| !name.is_empty());
        html! {
            p.quiet { (self.note) }
            div.scroll {
                table {
                    @if has_names {
                        thead { tr { @for (name, is_number) in &self.columns { th.number[*is_number] { (cell(name)) } } } }
                    }
                    tbody {
                        @for row in &self.rows {
                            tr { @for (text, (_, is_number)) in row.iter().zip(&self.columns) { td.number[*is_number] { (cell(text)) } } }
                        }
                    }
                }
            }
        }
    }
}

/// Whether an address holds a picture by itself and leads nowhere.
fn is_safe(address: &str) -> bool {
    let kind = address
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(";base64,"));
    kind.is_some_and(|(kind, _)| is_picture(kind))
}

/// What stands in a cell: its direction is its own, and nothing in it is hidden.
fn cell(text: &str) -> Markup {
    html! { bdi { (readable(text)) } }
}

fn cut(cell: &str) -> String {
    match cell.char_indices().nth(MAX_CELL_CHARS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Manner, Separator};

    #[test]
    fn pictures_are_of_safe_types_and_hold_themselves() {
        let shown = |address: &str| FrozenLook::picture("a".into(), address.into()).figure().into_string();
        assert!(shown("data:image/png;base64,AA==").contains("<img src=\"data:image/png;base64,AA==\""));
        assert!(shown("data:image/svg+xml;base64,AA==").contains("<img"));
        for address in [
            "https://example.org/a.png",
            "data:text/html;base64,AA==",
            "data:image/png,x",
            "",
        ] {
            assert!(!shown(address).contains("<img"), "{address}");
        }
    }

    #[test]
    fn a_table_is_cut_in_rows_columns_and_cells() {
        let head: Vec<String> = (0..80).map(|column| format!("c{column}")).collect();
        let row: Vec<String> = (0..80).map(|column| column.to_string()).collect();
        let mut text = head.join(",") + "\n" + &"й".repeat(1000) + "\n";
        text += &(row.join(",") + "\n").repeat(1000);
        let manner = Manner {
            separator: Some(Separator::Char(',')),
            is_whole: true,
            is_office: false,
        };
        let look = FrozenLook::table("t".into(), &Table::read(&text, manner), "note".into());
        let html = look.figure().into_string();
        assert_eq!(html.matches("<tr>").count(), 1 + MAX_ROWS);
        assert_eq!(
            html.matches("<th").count() - html.matches("<thead").count(),
            MAX_COLUMNS
        );
        assert!(html.contains(&format!("><bdi>{}…</bdi><", "й".repeat(MAX_CELL_CHARS))));
        assert!(html.contains("note"));
    }

    #[test]
    fn a_cell_turns_nothing_and_hides_nothing() {
        let manner = Manner {
            separator: Some(Separator::Char(',')),
            is_whole: true,
            is_office: false,
        };
        let table = Table::read("name\u{200b},sum\nplot\u{202e}gnp.sh,1\nשלום,2\n", manner);
        let html = FrozenLook::table("t".into(), &table, String::new())
            .figure()
            .into_string();
        for there in [
            "<bdi>name⟨U+200B⟩</bdi>",
            "<bdi>plot⟨U+202E⟩gnp.sh</bdi>",
            "<bdi>שלום</bdi>",
        ] {
            assert!(html.contains(there), "{there}: {html}");
        }
        assert!(!html.contains(['\u{202e}', '\u{200b}']));
    }
}
