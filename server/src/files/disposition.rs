//! Headers of a download: it is saved, never shown, whatever it is.

use http::HeaderValue;
use mime_guess::{Mime, mime};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that RFC 8187 lets stand in `filename*`.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `attachment` with the name in ASCII for old clients, and in UTF-8; without what cannot be seen in it, by which it might
/// look like another one on the disk.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let name = jobsphere_names::saved(name);
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            '"' | '\\' | '/' | '%' => '_',
            letter if letter == ' ' || letter.is_ascii_graphic() => letter,
            _ => '_',
        })
        .collect();
    let extended = utf8_percent_encode(&name, EXTENDED);
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The type to name: pictures, sound, plain text and the like; anything that could be active is only bytes.
pub(super) fn safe_type(name: &str) -> Mime {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let is_passive = match guess.type_() {
        mime::IMAGE => guess.subtype() != mime::SVG,
        mime::AUDIO | mime::VIDEO => true,
        mime::TEXT => matches!(
            guess.subtype().as_str(),
            "plain" | "csv" | "tab-separated-values" | "markdown"
        ),
        mime::APPLICATION => matches!(guess.subtype().as_str(), "json" | "pdf" | "zip" | "gzip"),
        _ => false,
    };
    if is_passive {
        guess
    } else {
        mime::APPLICATION_OCTET_STREAM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_the_name_that_is_seen() {
        let value = |name| attachment(name).to_str().unwrap_or_default().to_owned();
        let expected = "attachment; filename=\"plot_gnp.sh\"; filename*=UTF-8''plot_gnp.sh";
        assert_eq!(value("plot\u{202e}gnp.sh"), expected);
        let expected = "attachment; filename=\"___ 56.csv\"; filename*=UTF-8''%D7%93%D7%95%D7%97%2056.csv";
        assert_eq!(value("דוח 56.csv"), expected);
    }
}
