//! Addresses of servers, as people type them and as a page says that it is about one.

use serde::{Deserialize, Serialize};

/// Before the name of another server in the path of a page's address.
const PLACE: &str = "/on/";

/// The origin of a server: `https://` with a host and perhaps a port, or `http://` for this machine alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(String);

/// Why a text is no address of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServerUrlError {
    /// Nothing is there.
    #[error("the address is empty")]
    Empty,
    /// It does not begin with `https://` or `http://`.
    #[error("the address begins neither with https:// nor with http://")]
    Scheme,
    /// Without encryption a token could be read on its way.
    #[error("http:// is for this machine alone")]
    Unencrypted,
    /// Something else than a host and a port.
    #[error("the address is more or less than a host and a port")]
    Host,
}

impl ServerUrl {
    /// Reads an address as a person types it; a slash at its end is passed over.
    ///
    /// # Errors
    /// [`ServerUrlError`].
    pub fn parse(text: &str) -> Result<Self, ServerUrlError> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(ServerUrlError::Empty);
        }
        let (scheme, host_and_port) = text.split_once("://").ok_or(ServerUrlError::Scheme)?;
        let usual_port = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return Err(ServerUrlError::Scheme),
        };
        let host_and_port = host_and_port.trim_end_matches('/');
        let host_and_port = host_and_port.strip_suffix(usual_port).unwrap_or(host_and_port);
        let host = host_of(host_and_port).ok_or(ServerUrlError::Host)?;
        if scheme == "http" && !is_this_machine(host) {
            return Err(ServerUrlError::Unencrypted);
        }
        Ok(Self(format!("{scheme}://{host_and_port}")))
    }

    /// The origin, such as `https://jobs.example.org`.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// The beginning of a page's path that says that the page is about this server, such as `/on/jobs.example.org`.
    pub fn place(&self) -> String {
        let name = match self.0.split_once("://") {
            Some(("http", host)) => format!("http:{host}"),
            Some((_, host)) => host.to_owned(),
            None => String::new(),
        };
        format!("{PLACE}{name}")
    }

    /// The server that the path of a page's address names; `None` for the page's own.
    pub fn at(path: &str) -> Option<Self> {
        let name = path.strip_prefix(PLACE)?.split('/').next()?;
        let url = match name.strip_prefix("http:") {
            Some(host) => format!("http://{host}"),
            None => format!("https://{name}"),
        };
        // Only as we write it, so that the beginning of the path is the one that is looked for.
        Self::parse(&url)
            .ok()
            .filter(|url| url.place().strip_prefix(PLACE) == Some(name))
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = ServerUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.0
    }
}

/// The host, when it is followed by nothing but a port.
fn host_of(text: &str) -> Option<&str> {
    let (host, port) = match text.strip_prefix('[') {
        Some(inside) => {
            let (inner, rest) = inside.split_once(']')?;
            let is_address = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
            is_address.then_some((&text[..inner.len() + 2], rest))?
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let (host, rest) = text.split_at(end);
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
            let is_name = !host.is_empty() && host.bytes().all(is_letter);
            is_name.then_some((host, rest))?
        }
    };
    let is_port = |port: &str| matches!(port.parse::<u16>(), Ok(1..)) && port.bytes().all(|byte| byte.is_ascii_digit());
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(host)
}

/// Whether an origin such as `http://127.0.0.1:8080` names the machine itself, so that nobody else reaches it.
pub fn is_of_this_machine(origin: &str) -> bool {
    let origin = origin.to_ascii_lowercase();
    let host = origin
        .split_once("://")
        .and_then(|(_, rest)| host_of(rest.trim_end_matches('/')));
    // Nobody is reached at the address that means every address, either.
    host.is_some_and(|host| is_this_machine(host) || host == "0.0.0.0" || host == "[::]")
}

fn is_this_machine(host: &str) -> bool {
    let numbers = host
        .strip_prefix("127.")
        .map(|rest| rest.split('.').collect::<Vec<_>>());
    let is_loopback = numbers.is_some_and(|rest| rest.len() == 3 && rest.iter().all(|part| part.parse::<u8>().is_ok()));
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_this_machine_reaches_nobody_else() {
        for origin in [
            "http://127.0.0.1:8080",
            "http://127.8.9.1",
            "http://LOCALHOST:1/",
            "https://jobs.localhost",
            "http://[::1]:8080",
            "http://0.0.0.0:80",
        ] {
            assert!(is_of_this_machine(origin), "{origin}");
        }
        for origin in [
            "https://jobs.example.org",
            "http://192.168.1.5:8080",
            "https://localhost.example.org",
            "http://[2001:db8::1]",
            "null",
            "",
        ] {
            assert!(!is_of_this_machine(origin), "{origin}");
        }
    }

    fn url(text: &str) -> ServerUrl {
        ServerUrl::parse(text).unwrap()
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (given, origin) in [
            ("https://jobs.example.org", "https://jobs.example.org"),
            (" HTTPS://Jobs.Example.org:443/ ", "https://jobs.example.org"),
            ("https://10.0.0.1:8443", "https://10.0.0.1:8443"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(url(given).origin(), origin);
        }
        for (given, error) in [
            ("", ServerUrlError::Empty),
            ("jobs.example.org", ServerUrlError::Scheme),
            ("ftp://a.example", ServerUrlError::Scheme),
            ("javascript://a", ServerUrlError::Scheme),
            ("http://jobs.example.org", ServerUrlError::Unencrypted),
            ("http://127.0.0.1.evil.example", ServerUrlError::Unencrypted),
            ("http://localhost.evil.example", ServerUrlError::Unencrypted),
            ("https://", ServerUrlError::Host),
            ("https://a.example/path", ServerUrlError::Host),
            ("https://user@a.example", ServerUrlError::Host),
            ("https://a.example:0", ServerUrlError::Host),
            ("https://a.example:99999", ServerUrlError::Host),
            ("https://a.example:80:80", ServerUrlError::Host),
            ("https://a b", ServerUrlError::Host),
            ("https://*.example", ServerUrlError::Host),
            ("https://[::1", ServerUrlError::Host),
            ("https://a.example?x", ServerUrlError::Host),
        ] {
            assert_eq!(ServerUrl::parse(given), Err(error), "{given}");
        }
    }

    #[test]
    fn a_page_says_whose_it_is() {
        for (origin, place) in [
            ("https://jobs.example.org", "/on/jobs.example.org"),
            ("https://localhost:8443", "/on/localhost:8443"),
            ("http://127.0.0.1:8090", "/on/http:127.0.0.1:8090"),
            ("http://[::1]:1", "/on/http:[::1]:1"),
        ] {
            assert_eq!(url(origin).place(), place);
            assert_eq!(
                ServerUrl::at(&format!("{place}/projects/default/jobs")),
                Some(url(origin))
            );
            assert_eq!(ServerUrl::at(place), Some(url(origin)));
        }
        for path in [
            "/",
            "/projects/on/jobs",
            "/on/",
            "/on",
            "/on/http:evil.example/x",
            "/on/A.example",
            "/on/a:443",
        ] {
            assert_eq!(ServerUrl::at(path), None, "{path}");
        }
    }
}
