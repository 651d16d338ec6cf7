//! A look into a text: out of the bytes at its beginning, what the page shows of it, and how that was read.

use serde::{Deserialize, Serialize};

use super::{
    decoding::{self, Decoded, Said, Why},
    json,
    kind::Words,
    markdown,
    table::{self, Manner, Separator, Table},
};

/// What is asked of whoever reads a content: a worker, away from the page's own thread and out of its first load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The name of the file.
    pub name: String,
    /// Whether the bytes are all of it.
    pub is_whole: bool,
    /// What a person has chosen.
    pub choice: Choice,
}

/// How a person wants a text to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// In this encoding, and not in the one that is guessed.
    pub encoding: Option<String>,
    /// Cut into cells in this way.
    pub cells: Option<Cells>,
}

/// How a text is cut into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cells {
    /// At these.
    At(Separator),
    /// Not at all: it is shown as it stands.
    Uncut,
}

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// How the bytes were read; `None` when they are no text.
    pub said: Option<Said>,
    /// Whether cells can be cut in other ways.
    pub may_be_table: bool,
    /// What they hold.
    pub content: Content,
}

/// What a text holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Rows and columns.
    Table(Table),
    /// The blocks of a document.
    Markdown(Vec<markdown::Node>),
    /// Lines; JSON is indented.
    Text(String),
    /// A page.
    Html(String),
    /// Nothing but blanks and ends of lines; nothing at all but a mark of the encoding.
    Blank {
        /// Whether only the mark is there.
        is_mark: bool,
    },
    /// No text.
    Binary,
}

impl Question {
    /// The answer for a file that begins with `bytes`.
    pub fn answer(&self, bytes: &[u8]) -> Answer {
        let kind = Words::named(&self.name);
        let encoding = self.choice.encoding.clone();
        let declared = || declared(bytes).filter(|_| kind == Words::Html);
        let mut decoded = decoding::decode(bytes, self.is_whole, encoding.as_deref());
        // A page that says it itself knows better than a guess.
        if let Some(name) = declared().filter(|_| decoded.as_ref().is_some_and(|read| read.said.why == Why::Guessed)) {
            decoded = decoding::decode(bytes, self.is_whole, Some(&name)).map(|mut read| {
                read.said.why = Why::Marked;
                read
            });
        }
        let Some(Decoded { text, said }) = decoded else {
            return Answer {
                said: None,
                may_be_table: false,
                content: Content::Binary,
            };
        };
        Answer {
            may_be_table: matches!(kind, Words::Table(_) | Words::MaybeTable),
            content: self.content(kind, text, &said),
            said: Some(said),
        }
    }

    fn content(&self, kind: Words, text: String, said: &Said) -> Content {
        if text.trim().is_empty() {
            return Content::Blank {
                is_mark: text.is_empty(),
            };
        }
        match kind {
            Words::Table(_) | Words::MaybeTable => self.table(kind, text, said),
            Words::Json => Content::Text(json::indented(&text)),
            Words::Markdown => Content::Markdown(markdown::read(&text)),
            Words::Html => Content::Html(text),
            Words::Text => Content::Text(text),
        }
    }

    fn table(&self, kind: Words, text: String, said: &Said) -> Content {
        let separator = match (self.choice.cells, kind) {
            (Some(Cells::Uncut), _) => return Content::Text(text),
            (Some(Cells::At(separator)), _) => Some(separator),
            (None, Words::MaybeTable) if !table::is_table(&text, self.is_whole) => return Content::Text(text),
            (None, Words::Table(Some(named))) if text.contains(named) => Some(Separator::Char(named)),
            _ => None,
        };
        let table = Table::read(
            &text,
            Manner {
                separator,
                is_whole: self.is_whole,
                // Programs write UTF-8; what is in another encoding comes out of an office.
                is_office: said.why != Why::Usual && said.encoding != "UTF-8",
            },
        );
        match table.columns.is_empty() {
            true => Content::Text(text),
            false => Content::Table(table),
        }
    }
}

/// The encoding that a page names in its first lines.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let name = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_:".contains(letter))?;
    Some(name[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look(name: &str, bytes: &[u8]) -> Answer {
        let question = Question {
            name: name.into(),
            is_whole: true,
            choice: Choice::default(),
        };
        question.answer(bytes)
    }

    fn table(name: &str, text: &str) -> Table {
        match look(name, text.as_bytes()).content {
            Content::Table(table) => table,
            content => panic!("{content:?}"),
        }
    }

    #[test]
    fn a_name_and_a_text_together_say_what_it_is() {
        assert_eq!(table("a.tsv", "a,b\tc\n1,2\t3\n").rows[0], ["1,2", "3"]);
        assert_eq!(table("a.dat", "1 2\n3 4\n").rows.len(), 2);
        assert!(matches!(
            look("log.txt", b"Epoch 1 of 3\nall is well\n").content,
            Content::Text(_)
        ));
        assert!(matches!(look("a.md", b"# x").content, Content::Markdown(_)));
        assert!(matches!(look("a.csv", b"\0\x01\x02").content, Content::Binary));
        assert_eq!(
            look("a.json", b"{\"a\":1}").content,
            Content::Text("{\n  \"a\": 1\n}".into())
        );
    }

    #[test]
    fn nothing_is_said_in_words() {
        assert_eq!(look("a.csv", b"\xef\xbb\xbf").content, Content::Blank { is_mark: true });
        assert_eq!(look("a.csv", b" \r\n\r\n").content, Content::Blank { is_mark: false });
        assert!(matches!(look("a.csv", b"# only a remark\n").content, Content::Text(_)));
    }

    #[test]
    fn json_of_an_old_windows_is_read() {
        let answer = look(
            "a.json",
            b"{\"\xe8\xec\xff\": \"\xd2\xe2\xe5\xf0\xfc, \xcc\xee\xf1\xea\xe2\xe0\"}",
        );
        assert_eq!(answer.said.unwrap().encoding, "windows-1251");
        assert_eq!(
            answer.content,
            Content::Text("{\n  \"имя\": \"Тверь, Москва\"\n}".into())
        );
    }

    #[test]
    fn a_page_names_its_encoding() {
        let answer = look("a.html", b"<meta charset=koi8-r><p>\xd0\xd2\xc9\xd7\xc5\xd4</p>");
        assert_eq!(answer.said.unwrap().encoding, "KOI8-R");
        assert_eq!(
            answer.content,
            Content::Html("<meta charset=koi8-r><p>привет</p>".into())
        );
    }

    #[test]
    fn what_was_chosen_counts() {
        let question = |choice| Question {
            name: "a.csv".into(),
            is_whole: true,
            choice,
        };
        let uncut = Choice {
            cells: Some(Cells::Uncut),
            ..Choice::default()
        };
        assert_eq!(question(uncut).answer(b"a,b\n").content, Content::Text("a,b\n".into()));
        let at = Choice {
            encoding: Some("KOI8-R".into()),
            cells: Some(Cells::At(Separator::Char(';'))),
        };
        let answer = question(at).answer(b"a,\xc1;b\n1,2;3\n");
        assert!(matches!(answer.content, Content::Table(table) if table.columns[0].name == "a,а"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_trouble(name in "a\\.(csv|tsv|dat|json|md|html|log)", bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            look(&name, &bytes);
        }
    }
}
