//! The page of the demo: the app's own, which begins where its files are, with a policy, since no host says one.

use anyhow::{Result, ensure};
use sha2::{Digest as _, Sha256};

/// What the app's page says of where it lies.
const BASE: &str = "<base href=\"/\" />";

/// What runs the service, by the names of the files.
pub(super) struct Programs<'a> {
    /// Keeps it running.
    pub(super) keeper: &'a str,
    /// Its worker.
    pub(super) service: &'a str,
    /// Opens what runs commands, if there is anything.
    pub(super) engine: Option<&'a str>,
}

/// The app's page `plain` with the script `place`, which begins it, and with what runs the service.
pub(super) fn demo(plain: &str, place: &str, programs: &Programs) -> Result<String> {
    ensure!(plain.contains(BASE), "the app's page has no `{BASE}`");
    ensure!(!place.contains("</"), "an inline script must not hold `</`");
    let (files, rest): (Vec<&str>, Vec<&str>) = plain.lines().partition(|line| is_file(line));
    ensure!(
        files.iter().any(|line| line.contains("<script type=\"module\"")),
        "the app's page has no script"
    );
    let mut page = String::new();
    for line in rest {
        if line.trim() == BASE {
            page.push_str(&head(&files, place, programs));
        } else {
            page.push_str(line);
            page.push('\n');
        }
    }
    Ok(page)
}

/// Whether a line of the page loads something, which can begin only when the place is known.
fn is_file(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("<link ") || line.starts_with("<script ")
}

fn head(files: &[&str], place: &str, programs: &Programs) -> String {
    let mut head = format!(
        "    <meta http-equiv=\"Content-Security-Policy\" content=\"{}\" />\n    \
         <meta name=\"in-page\" content=\"{}\" />\n",
        policy(place),
        programs.service
    );
    if let Some(engine) = programs.engine {
        head.push_str(&format!("    <meta name=\"engine\" content=\"{engine}\" />\n"));
    }
    head.push_str("    <template id=\"app\">\n");
    for file in files {
        head.push_str(&format!("  {file}\n"));
    }
    head.push_str(&format!(
        "      <script type=\"module\" src=\"{}\"></script>\n    </template>\n    <script>{place}</script>\n",
        programs.keeper
    ));
    head
}

/// As a server of ours says it, but for what a page cannot say itself: who may frame it.
fn policy(place: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{}'; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         frame-src 'self' blob:; base-uri 'self'; form-action 'none'",
        base64(&Sha256::digest(place))
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS.get((number >> (18 - 6 * place)) as usize & 63);
            text.push(
                letter
                    .filter(|_| place <= three.len())
                    .map_or('=', |letter| char::from(*letter)),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "<html>\n  <head>\n    <base href=\"/\" />\n    <link rel=\"icon\" href=\"a.svg\" />\n    \
        <script type=\"module\" src=\"b.js\"></script>\n    <meta name=\"words-en\" content=\"c.txt\" />\n  </head>\n</html>\n";

    const PROGRAMS: Programs = Programs {
        keeper: "keeper.js",
        service: "service.js",
        engine: Some("engine/host.js"),
    };

    #[test]
    fn what_is_loaded_waits_until_the_place_is_known() -> Result<()> {
        let page = demo(PLAIN, "begin();", &PROGRAMS)?;
        let (before, template) = page.split_once("<template id=\"app\">").unwrap_or_default();
        let (inside, after) = template.split_once("</template>").unwrap_or_default();
        assert!(!before.contains("<link") && !page.contains(BASE), "{page}");
        assert!(
            inside.contains("b.js") && inside.contains("a.svg") && inside.contains("keeper.js"),
            "{page}"
        );
        assert!(
            after.contains("<script>begin();</script>") && after.contains("c.txt"),
            "{page}"
        );
        assert!(
            before.contains("content=\"service.js\"") && before.contains("content=\"engine/host.js\""),
            "{page}"
        );
        // As browsers count it.
        assert!(before.contains(&format!("'sha256-{}'", base64(&Sha256::digest("begin();")))));
        Ok(())
    }

    #[test]
    fn a_page_of_another_kind_is_refused() {
        assert!(demo("<html></html>", "", &PROGRAMS).is_err());
        assert!(demo(BASE, "", &PROGRAMS).is_err());
        assert!(demo(PLAIN, "\"</script>\"", &PROGRAMS).is_err());
    }

    #[test]
    fn bytes_become_letters() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }
}
