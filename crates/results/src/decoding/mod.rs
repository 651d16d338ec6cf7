//! Text out of bytes in any encoding that people's programs write. A mark at the beginning decides, then the zeros of UTF-32
//! and UTF-16, then the sequences of ISO-2022-JP, then what UTF-8 allows; what is left is guessed by the frequencies of letters.

mod dos;
mod wide;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8};
use serde::{Deserialize, Serialize};

/// What a person may choose among, the likely first; names as the Encoding Standard has them.
pub const CHOICES: [&str; 27] = [
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "UTF-32LE",
    "UTF-32BE",
    "windows-1251",
    "KOI8-R",
    "KOI8-U",
    "IBM866",
    "ISO-8859-5",
    "x-mac-cyrillic",
    "windows-1252",
    "IBM850",
    "macintosh",
    "windows-1250",
    "ISO-8859-2",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "Shift_JIS",
    "EUC-JP",
    "ISO-2022-JP",
    "gb18030",
    "Big5",
    "EUC-KR",
];

/// Of the letters of a guessed text, one in so many may be a control character or none at all.
const STRANGE_PART: usize = 100;
/// A text is UTF-8 with a fault in it when it has so many longer letters for each fault.
const LETTERS_PER_FAULT: usize = 4;

/// A text, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a mark at its beginning.
    pub text: String,
    /// How it was read.
    pub said: Said,
}

/// How a text was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The encoding, under the name that the Encoding Standard gives it, where it has it.
    pub encoding: String,
    /// How it is known.
    pub why: Why,
    /// Whether some bytes stand for nothing in it; replacement characters stand in their place.
    pub has_faults: bool,
}

/// How an encoding is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The bytes are UTF-8, as texts usually are.
    Usual,
    /// By the mark at the beginning.
    Marked,
    /// By what letters would stand there.
    Guessed,
    /// By a person.
    Chosen,
}

/// An encoding that can be read.
#[derive(Debug, Clone, Copy)]
enum Coding {
    Standard(&'static Encoding),
    Utf32(wide::Order),
    Dos,
}

impl Coding {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "UTF-32LE" => Self::Utf32(wide::Order::Little),
            "UTF-32BE" => Self::Utf32(wide::Order::Big),
            "IBM850" => Self::Dos,
            name => Self::Standard(Encoding::for_label(name.as_bytes())?),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Standard(encoding) => encoding.name(),
            Self::Utf32(wide::Order::Little) => "UTF-32LE",
            Self::Utf32(wide::Order::Big) => "UTF-32BE",
            Self::Dos => "IBM850",
        }
    }

    /// The text without a mark, and whether some bytes stand for nothing.
    fn text(self, bytes: &[u8], is_whole: bool) -> Option<(String, bool)> {
        Some(match self {
            Self::Standard(encoding) => standard(bytes, is_whole, encoding)?,
            Self::Utf32(order) => wide::decode(bytes, is_whole, order),
            Self::Dos => (dos::decode(bytes), false),
        })
    }

    fn read(self, bytes: &[u8], is_whole: bool, why: Why) -> Option<Decoded> {
        let (text, has_faults) = self.text(bytes, is_whole)?;
        let said = Said {
            encoding: self.name().to_owned(),
            why,
            has_faults,
        };
        Some(Decoded { text, said })
    }
}

/// The text that `bytes` are; `None` when they are none. Without `is_whole` a letter may be cut off at the end.
pub fn decode(bytes: &[u8], is_whole: bool, chosen: Option<&str>) -> Option<Decoded> {
    if let Some(coding) = chosen.and_then(Coding::named) {
        return coding.read(bytes, is_whole, Why::Chosen);
    }
    if let Some(order) = wide::marked(bytes, is_whole) {
        return Coding::Utf32(order).read(bytes, is_whole, Why::Marked);
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let read = Coding::Standard(encoding).read(bytes, is_whole, Why::Marked);
        return read.filter(|decoded| !decoded.text.contains('\0'));
    }
    guessed(bytes, is_whole).filter(|decoded| decoded.said.why == Why::Usual || is_text(&decoded.text))
}

/// The text of bytes without a mark.
fn guessed(bytes: &[u8], is_whole: bool) -> Option<Decoded> {
    let read = |coding: Coding| coding.read(bytes, is_whole, Why::Guessed);
    if bytes.contains(&0) {
        return match wide::guessed(bytes, is_whole) {
            Some(order) => read(Coding::Utf32(order)),
            None => read(Coding::Standard(wide::sixteen(bytes)?)),
        };
    }
    if let Some(japanese) = read(Coding::Standard(ISO_2022_JP)).filter(|decoded| is_switched(bytes, decoded)) {
        return Some(japanese);
    }
    if is_utf8(bytes, is_whole) {
        return Coding::Standard(UTF_8).read(bytes, is_whole, Why::Usual);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, is_whole);
    let guess = read(Coding::Standard(detector.guess(None, Utf8Detection::Deny)));
    let dos = read(Coding::Dos);
    let is_dos = |dos: &Decoded| {
        guess
            .as_ref()
            .is_none_or(|guess| dos::is_likelier(&dos.text, &guess.text))
    };
    dos.filter(is_dos).or(guess)
}

/// Whether bytes of seven bits switch to Japanese letters and back, and all of them are some.
fn is_switched(bytes: &[u8], decoded: &Decoded) -> bool {
    let switches = |three: &[u8]| matches!(three, b"\x1b$B" | b"\x1b$@" | b"\x1b(J" | b"\x1b(I");
    bytes.is_ascii() && bytes.windows(3).any(switches) && !decoded.said.has_faults && !decoded.text.is_ascii()
}

fn standard(bytes: &[u8], is_whole: bool, encoding: &'static Encoding) -> Option<(String, bool)> {
    let mark = Encoding::for_bom(bytes).filter(|(marked, _)| *marked == encoding);
    let bytes = &bytes[mark.map_or(0, |(_, length)| length)..];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len())?);
    let (_, _, has_faults) = decoder.decode_to_string(bytes, &mut text, is_whole);
    Some((text, has_faults))
}

/// Whether it is UTF-8, but for a letter cut off at the end or a fault among many letters.
fn is_utf8(bytes: &[u8], is_whole: bool) -> bool {
    let (mut letters, mut faults) = (0, 0);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let is_cut_off = !is_whole && chunks.peek().is_none();
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        faults += usize::from(!chunk.invalid().is_empty() && !is_cut_off);
    }
    faults == 0 || letters >= faults * LETTERS_PER_FAULT
}

/// Whether a guess gave a text: few of its letters are controls or nothing.
fn is_text(text: &str) -> bool {
    let is_strange = |letter: &char| match letter {
        '\t' | '\n' | '\r' | '\u{8}' | '\u{c}' | '\u{1a}' | '\u{1b}' => false,
        letter => {
            letter.is_control() || matches!(letter, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}')
        }
    };
    let strange = text.chars().filter(is_strange).count();
    strange == 0 || strange < text.chars().count() / STRANGE_PART
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_KR, GB18030, IBM866, KOI8_U, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    const RUSSIAN: &str = "имя;город;число\r\nЙод;Орёл;1\r\nЩука;Ёлкино;2\r\n";

    fn wide_bytes(text: &str, is_little: bool) -> Vec<u8> {
        let bytes = |unit: u16| {
            if is_little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn read(bytes: &[u8]) -> (String, String, Why) {
        let Decoded { text, said } = decode(bytes, true, None).unwrap();
        (text, said.encoding, said.why)
    }

    #[test]
    fn a_mark_decides_and_is_no_part_of_the_text() {
        let marked = format!("\u{feff}{RUSSIAN}");
        for (bytes, name) in [
            (marked.as_bytes().to_vec(), "UTF-8"),
            (wide_bytes(&marked, true), "UTF-16LE"),
            (wide_bytes(&marked, false), "UTF-16BE"),
        ] {
            assert_eq!(read(&bytes), (RUSSIAN.into(), name.into(), Why::Marked));
        }
        assert_eq!(read(b"\xef\xbb\xbf").0, "");
    }

    #[test]
    fn utf16_is_known_by_its_zeros() {
        assert_eq!(
            read(&wide_bytes(RUSSIAN, true)),
            (RUSSIAN.into(), "UTF-16LE".into(), Why::Guessed)
        );
        assert_eq!(
            read(&wide_bytes(RUSSIAN, false)),
            (RUSSIAN.into(), "UTF-16BE".into(), Why::Guessed)
        );
        assert_eq!(read(&wide_bytes("a,b\n1,2\n", true)).0, "a,b\n1,2\n");
    }

    fn four_bytes(text: &str, is_little: bool) -> Vec<u8> {
        let bytes = |letter: char| match is_little {
            true => u32::from(letter).to_le_bytes(),
            false => u32::from(letter).to_be_bytes(),
        };
        text.chars().flat_map(bytes).collect()
    }

    #[test]
    fn utf32_is_known_by_its_mark_or_its_zeros() {
        let marked = format!("\u{feff}{RUSSIAN}");
        for (is_little, name) in [(true, "UTF-32LE"), (false, "UTF-32BE")] {
            assert_eq!(
                read(&four_bytes(&marked, is_little)),
                (RUSSIAN.into(), name.into(), Why::Marked)
            );
            assert_eq!(
                read(&four_bytes(RUSSIAN, is_little)),
                (RUSSIAN.into(), name.into(), Why::Guessed)
            );
            assert_eq!(read(&four_bytes("\u{feff}", is_little)).0, "");
            assert_eq!(read(&four_bytes("a🦀\n", is_little)).0, "a🦀\n");
            let cut = &four_bytes(RUSSIAN, is_little)[..42];
            assert_eq!(
                decode(cut, false, None).map(|read| read.text),
                Some("имя;город;".into())
            );
        }
        // UTF-16 with a mark whose first letter is none is no text at all.
        assert_eq!(decode(b"\xff\xfe\0\0a\0", true, None), None);
    }

    #[test]
    fn iso_2022_jp_is_known_by_its_switches() {
        let japanese = "名前,都市,数\r\n山田太郎,東京都,1\r\n";
        let bytes =
            b"\x1b$BL>A0\x1b(B,\x1b$BET;T\x1b(B,\x1b$B?t\x1b(B\r\n\x1b$B;3EDB@O:\x1b(B,\x1b$BEl5~ET\x1b(B,1\r\n";
        assert_eq!(read(bytes), (japanese.into(), "ISO-2022-JP".into(), Why::Guessed));
        // Colours of a terminal are no switches, and neither is what sets its letters back.
        assert_eq!(read(b"\x1b[31mred\x1b[0m\x1b(B\n").1, "UTF-8");
        assert_eq!(read(b"\x1b$Bz\x1b(B $B costs\n").1, "UTF-8");
    }

    #[test]
    fn dos_is_told_from_windows_by_its_letters() {
        for (bytes, text) in [
            (
                &b"Name;Stra\xe1e\r\nM\x81ller;Bahnhofstra\xe1e 5\r\n"[..],
                "Name;Straße\r\nMüller;Bahnhofstraße 5\r\n",
            ),
            (b"Gr\x94\xe1e;K\x84se\r\n1,5;2\r\n", "Größe;Käse\r\n1,5;2\r\n"),
            (
                b"pr\x82nom;ville\r\nAndr\x82e;Besan\x87on\r\n",
                "prénom;ville\r\nAndrée;Besançon\r\n",
            ),
        ] {
            assert_eq!(read(bytes), (text.into(), "IBM850".into(), Why::Guessed));
        }
        let (bytes, _, _) = WINDOWS_1252.encode("„Größe“ – l’été, 5 €\r\n");
        assert_eq!(read(&bytes).1, "windows-1252");
    }

    #[test]
    fn encodings_of_one_country_are_guessed() {
        let western = "name;größe\r\nMüller;1,5\r\nJosé;2,5\r\nFrançois;3,5\r\n";
        let japanese = "名前,都市\r\n山田太郎,東京都\r\n鈴木花子,大阪府\r\n";
        let chinese = "姓名,城市\r\n王小明,北京市\r\n李小红,上海市\r\n";
        let korean = "이름,도시\r\n김철수,서울특별시\r\n이영희,부산광역시\r\n";
        for (text, encoding) in [
            (RUSSIAN, WINDOWS_1251),
            (RUSSIAN, IBM866),
            ("имя;город\r\nЙод;Тверь\r\nЩука;Москва\r\n", KOI8_U),
            (western, WINDOWS_1252),
            (japanese, SHIFT_JIS),
            (chinese, GB18030),
            (korean, EUC_KR),
        ] {
            let (bytes, _, _) = encoding.encode(text);
            let (read, name, why) = read(&bytes);
            assert_eq!(
                (read.as_str(), why),
                (text, Why::Guessed),
                "{name} for {}",
                encoding.name()
            );
        }
    }

    #[test]
    fn a_choice_counts_more_than_any_guess() {
        let (bytes, _, _) = WINDOWS_1251.encode(RUSSIAN);
        let chosen = decode(&bytes, true, Some("KOI8-R")).unwrap();
        assert_eq!(
            (chosen.said.encoding.as_str(), chosen.said.why),
            ("KOI8-R", Why::Chosen)
        );
        assert_ne!(chosen.text, RUSSIAN);
        for name in CHOICES {
            assert_eq!(
                decode(b"abc", true, Some(name)).unwrap().said.encoding,
                name,
                "each choice is an encoding"
            );
        }
    }

    #[test]
    fn what_is_no_text_is_none() {
        for bytes in [
            &b"\0\x01\x02"[..],
            b"\x80\x04\x95\x10\x01K\x05.",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0",
            b"PK\x03\x04\x14\0\0\0\x08\0\xb7",
            b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\x03\x05\x06",
        ] {
            assert_eq!(decode(bytes, true, None), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_letter_that_is_cut_off_is_no_fault_and_a_fault_is_said() {
        let bytes = "море".as_bytes();
        let cut = decode(&bytes[..3], false, None).unwrap();
        assert_eq!((cut.text.as_str(), cut.said.has_faults), ("м", false));
        let mut bytes = RUSSIAN.as_bytes().to_vec();
        bytes[3] = 0xff;
        let faulty = decode(&bytes, true, None).unwrap();
        assert_eq!((faulty.said.encoding.as_str(), faulty.said.has_faults), ("UTF-8", true));
        assert!(faulty.text.contains("город"));
    }

    proptest! {
        #[test]
        fn utf8_is_read_as_it_stands(text in "[^\0\u{feff}]{0,60}") {
            prop_assert_eq!(decode(text.as_bytes(), true, None).unwrap().text, text);
        }

        #[test]
        fn any_bytes_are_no_trouble(bytes in proptest::collection::vec(any::<u8>(), 0..200), is_whole in any::<bool>(), choice in 0..CHOICES.len()) {
            let _ = decode(&bytes, is_whole, None);
            prop_assert!(decode(&bytes, is_whole, Some(CHOICES[choice])).is_some());
        }
    }
}
