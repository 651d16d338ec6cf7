//! What kind of content a file has, by its first bytes and then by its name. The bytes count more: a name can lie.

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture of this type.
    Image(&'static str),
    /// A document that begins as PDF does.
    Pdf,
    /// What its name says, if it turns out to be text of any encoding.
    Words(Words),
}

/// What a text is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Rows and columns; with this between cells, where the name says it and the text does not contradict.
    Table(Option<char>),
    /// Rows and columns, if it looks like that.
    MaybeTable,
    /// JSON, one value.
    Json,
    /// Markdown.
    Markdown,
    /// A page: shown without scripts and without network.
    Html,
    /// Text of any other kind.
    Text,
}

/// A format is known by bytes at an offset.
const MAGIC: [(usize, &[u8], &str); 8] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"\0\0\x01\0", "image/x-icon"),
];

impl Kind {
    /// The kind of a file called `name` that begins with `head`.
    pub fn of(name: &str, head: &[u8]) -> Self {
        if head.starts_with(b"%PDF-") {
            return Self::Pdf;
        }
        for (offset, bytes, kind) in MAGIC {
            // Two letters alone are no proof.
            let is_named = bytes.len() > 2 || extension(name) == "bmp";
            if is_named && head.get(offset..).is_some_and(|rest| rest.starts_with(bytes)) {
                return Self::Image(kind);
            }
        }
        if extension(name) == "svg" && head.windows(4).any(|four| four == b"<svg") {
            return Self::Image("image/svg+xml");
        }
        Self::Words(Words::named(name))
    }

    /// Whether the beginning of such a file can be shown alone.
    pub fn is_read_in_parts(self) -> bool {
        matches!(self, Self::Words(_))
    }
}

impl Words {
    /// What a text of this name is.
    pub fn named(name: &str) -> Self {
        match extension(name).as_str() {
            "csv" => Self::Table(None),
            "tsv" | "tab" => Self::Table(Some('\t')),
            "dat" | "data" | "txt" | "asc" | "prn" | "xy" | "out" => Self::MaybeTable,
            "json" | "geojson" | "ipynb" => Self::Json,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            _ => Self::Text,
        }
    }
}

/// Whether a file of this name is likely to hold a picture or a table, so that it is worth being read for a look.
pub fn promises_a_look(name: &str) -> bool {
    const PICTURES: [&str; 9] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp", "ico"];
    let extension = extension(name);
    let is_picture = PICTURES.contains(&extension.as_str());
    // Nearly everything can be called `.txt` or `.out`; numbers alone are called so.
    is_picture || extension == "dat" || matches!(Words::named(name), Words::Table(_))
}

fn extension(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_more_than_the_name() {
        assert_eq!(Kind::of("a.html", b"\x89PNG\r\n\x1a\nrest"), Kind::Image("image/png"));
        assert_eq!(Kind::of("a.png", b"<html><script>"), Kind::Words(Words::Text));
        assert_eq!(Kind::of("a.pdf", b"<html>"), Kind::Words(Words::Text));
        assert_eq!(Kind::of("a.txt", b"%PDF-1.7"), Kind::Pdf);
        assert_eq!(Kind::of("BMW.txt", b"BMW is a car"), Kind::Words(Words::MaybeTable));
        assert_eq!(Kind::of("x/a.CSV", b"a"), Kind::Words(Words::Table(None)));
    }

    #[test]
    fn a_picture_of_vectors_is_named_so_and_holds_one() {
        assert_eq!(Kind::of("a.svg", b"<svg/>"), Kind::Image("image/svg+xml"));
        assert_eq!(Kind::of("a.svg", b"alert(1)"), Kind::Words(Words::Text));
    }

    #[test]
    fn a_look_is_promised_by_pictures_and_tables() {
        for name in ["a/plot.PNG", "a.jpeg", "b.svg", "t.csv", "t.tab", "xy.dat", "icon.ico"] {
            assert!(promises_a_look(name), "{name}");
        }
        for name in ["a.txt", "model.bin", "png", "a.png/readme", "x.out"] {
            assert!(!promises_a_look(name), "{name}");
        }
    }
}
