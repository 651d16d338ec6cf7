//! The servers that a browser knows: their addresses, their names, and which of them a page may reach.

use serde::{Deserialize, Serialize};

pub use crate::api::server_url::{ServerUrl, ServerUrlError};

/// A server that the person wants to find again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// What the person calls it.
    pub name: String,
    /// Where it is.
    pub url: ServerUrl,
}

/// The servers in a text that [`written`] made; what is not understood is left out.
pub fn read(text: &str) -> Vec<Remembered> {
    let entries: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let entries = entries.into_iter();
    entries.filter_map(|entry| serde_json::from_value(entry).ok()).collect()
}

/// The servers as a text.
pub fn written(servers: &[Remembered]) -> String {
    serde_json::to_string(servers).unwrap_or_default()
}

/// The other servers that a page with this content security policy may reach; `None` when it may reach any.
pub fn allowed(policy: &str) -> Option<Vec<ServerUrl>> {
    let directive = |name: &str| {
        let mut directives = policy.split(';').map(str::split_whitespace);
        directives.find_map(|mut words| (words.next() == Some(name)).then(|| words.collect::<Vec<_>>()))
    };
    let sources = directive("connect-src").or_else(|| directive("default-src"))?;
    Some(
        sources
            .into_iter()
            .filter_map(|source| ServerUrl::parse(source).ok())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> ServerUrl {
        ServerUrl::parse(text).unwrap()
    }

    #[test]
    fn what_is_remembered_comes_back() {
        let servers = [Remembered {
            name: "Лаборатория".into(),
            url: url("https://gpu.example.org"),
        }];
        assert_eq!(read(&written(&servers)), servers);
        let text = r#"[{"name":"a","url":"http://evil.example"},5,{"name":"b","url":"https://b.example"}]"#;
        assert_eq!(read(text).len(), 1);
        assert_eq!(read("no json"), []);
    }

    #[test]
    fn the_policy_says_what_may_be_reached() {
        let policy = "default-src 'none'; connect-src 'self' https://a.example http://127.0.0.1:9; base-uri 'self'";
        assert_eq!(
            allowed(policy),
            Some(vec![url("https://a.example"), url("http://127.0.0.1:9")])
        );
        assert_eq!(allowed("default-src 'none'; connect-src 'self'"), Some(vec![]));
        assert_eq!(allowed("base-uri 'self'"), None);
        assert_eq!(allowed(""), None);
    }
}
