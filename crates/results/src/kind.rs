//! What kind of content a file has, by its first bytes and then by its name. The bytes count more: a name can lie.

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture of this type.
    Image(&'static str),
    /// Rows and columns with this between cells.
    Table(char),
    /// JSON, one value.
    Json,
    /// Markdown.
    Markdown,
    /// A page: shown without scripts and without network.
    Html,
    /// A document that begins as PDF does.
    Pdf,
    /// Text of any other kind.
    Text,
    /// Nothing that could be shown.
    Binary,
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
/// Between cells, where the name does not say it; the first wins a tie.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

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
        let Some(text) = text(head) else {
            return Self::Binary;
        };
        match extension(name).as_str() {
            "csv" => Self::Table(delimiter(text)),
            "tsv" | "tab" => Self::Table('\t'),
            "json" | "geojson" | "ipynb" => Self::Json,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "svg" if text.contains("<svg") => Self::Image("image/svg+xml"),
            _ => Self::Text,
        }
    }

    /// Whether the beginning of such a file can be shown alone.
    pub fn is_read_in_parts(self) -> bool {
        !matches!(self, Self::Image(_) | Self::Pdf | Self::Binary)
    }
}

fn extension(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default()
}

/// The text that `bytes` are, without a mark at the beginning and without a letter that is cut off at the end; `None` when
/// they are none.
pub fn text(bytes: &[u8]) -> Option<&str> {
    let whole = match std::str::from_utf8(bytes) {
        Ok(whole) => whole,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let whole = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    (!whole.contains('\0')).then_some(whole)
}

fn delimiter(text: &str) -> char {
    let line = text.lines().next().unwrap_or_default();
    let mut best = (DELIMITERS[0], line.matches(DELIMITERS[0]).count());
    for delimiter in DELIMITERS {
        let count = line.matches(delimiter).count();
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_more_than_the_name() {
        assert_eq!(Kind::of("a.html", b"\x89PNG\r\n\x1a\nrest"), Kind::Image("image/png"));
        assert_eq!(Kind::of("a.png", b"<html><script>"), Kind::Text);
        assert_eq!(Kind::of("a.pdf", b"<html>"), Kind::Text);
        assert_eq!(Kind::of("a.txt", b"%PDF-1.7"), Kind::Pdf);
        assert_eq!(Kind::of("a.csv", b"\0\x01\x02"), Kind::Binary);
        assert_eq!(Kind::of("BMW.txt", b"BMW is a car"), Kind::Text);
    }

    #[test]
    fn tables_are_cut_where_their_first_line_says() {
        assert_eq!(Kind::of("x/a.csv", b"a,b;c,d\n"), Kind::Table(','));
        assert_eq!(Kind::of("a.CSV", "имя;число\n".as_bytes()), Kind::Table(';'));
        assert_eq!(Kind::of("a.csv", b"one\n"), Kind::Table(','));
        assert_eq!(Kind::of("a.tsv", b"a,b,c\n"), Kind::Table('\t'));
    }

    #[test]
    fn a_letter_that_is_cut_off_does_not_make_a_text_binary() {
        let bytes = "море".as_bytes();
        assert_eq!(text(&bytes[..3]), Some("м"));
        assert_eq!(text(b"\xff\xfeab"), None);
        assert_eq!(text(b"\xef\xbb\xbfab"), Some("ab"));
    }

    #[test]
    fn a_picture_of_vectors_is_named_so_and_holds_one() {
        assert_eq!(Kind::of("a.svg", b"<svg/>"), Kind::Image("image/svg+xml"));
        assert_eq!(Kind::of("a.svg", b"alert(1)"), Kind::Text);
    }
}
