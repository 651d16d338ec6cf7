//! The names this server answers to. A page elsewhere can make any name point here (DNS rebinding), but it cannot
//! make its requests say one of these.

use std::{net::IpAddr, str::FromStr};

use http::{HeaderMap, Uri, header, uri::Authority};

use super::Refusal;

/// A name given with `--host`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// How people reach it where that differs from what this server speaks: behind a proxy.
    scheme: Option<&'static str>,
    authority: Authority,
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once("://") {
            Some(("http", rest)) => (Some("http"), rest),
            Some(("https", rest)) => (Some("https"), rest),
            Some((scheme, _)) => return Err(format!("`{scheme}` is not http or https")),
            None => (None, text),
        };
        let authority: Authority = rest
            .trim_end_matches('/')
            .parse()
            .map_err(|_| format!("`{rest}` is not the name of a host"))?;
        if authority.as_str().contains(['@', '*']) {
            return Err("a host is named in full, such as jobs.example.org".into());
        }
        Ok(Self { scheme, authority })
    }
}

impl Name {
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// The address people reach the server at by this name, which speaks `scheme` on `port`.
    fn address(&self, scheme: &str, port: u16) -> String {
        match self.scheme {
            Some(scheme) => format!("{scheme}://{}", self.authority),
            None => format!("{scheme}://{}:{port}", self.authority.host()),
        }
    }
}

/// All names, and what is spoken here.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    listens: IpAddr,
    port: u16,
    scheme: &'static str,
    names: Vec<Name>,
}

impl Hosts {
    pub(crate) fn new(listens: std::net::SocketAddr, is_tls: bool, names: &[Name]) -> Self {
        Self {
            listens: listens.ip(),
            port: listens.port(),
            scheme: if is_tls { "https" } else { "http" },
            names: names.to_vec(),
        }
    }

    /// The address to give to people.
    pub(crate) fn address(&self) -> String {
        let Self { scheme, port, .. } = *self;
        match self.names.first() {
            Some(name) => name.address(scheme, port),
            None => {
                let ip = match self.listens {
                    ip if !ip.is_unspecified() => ip,
                    IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                    IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
                };
                format!("{scheme}://{}", std::net::SocketAddr::new(ip, port))
            }
        }
    }

    /// The origin that the request was sent to, when it is one of this server's.
    pub(super) fn origin(&self, uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
        let authority = authority(uri, headers).ok_or(Refusal::NoHost)?;
        let host = authority.host();
        let named = self
            .names
            .iter()
            .find(|name| name.authority.host().eq_ignore_ascii_case(host));
        if named.is_none() && !self.is_own_address(host) || authority.as_str().contains('@') {
            return Err(Refusal::Host(host.to_owned()));
        }
        let scheme = named.and_then(|name| name.scheme).unwrap_or(self.scheme);
        Ok(format!("{scheme}://{authority}"))
    }

    /// A request that names a number was not led here by a name.
    fn is_own_address(&self, host: &str) -> bool {
        is_loopback(host) || address(host).is_some_and(|ip| ip == self.listens || self.listens.is_unspecified())
    }
}

/// HTTP/2 carries the host in the address, HTTP/1 in a header.
fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    if let Some(authority) = uri.authority() {
        return Some(authority.clone());
    }
    let mut named = headers.get_all(header::HOST).iter();
    let (only, more) = (named.next()?, named.next());
    more.is_none().then_some(only)?.to_str().ok()?.parse().ok()
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || address(host).is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(listens: &str, names: &[&str], host: &str) -> Result<String, Refusal> {
        let names: Vec<Name> = names.iter().map(|name| name.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        Hosts::new(listens.parse().unwrap(), false, &names).origin(&Uri::from_static("/x"), &headers)
    }

    #[test]
    fn names_that_anyone_may_point_here_are_refused() {
        for (listens, names, host) in [
            ("127.0.0.1:8080", &[][..], "evil.example"),
            ("127.0.0.1:8080", &[], "127.0.0.1.evil.example:8080"),
            ("127.0.0.1:8080", &[], "localhost.evil.example"),
            ("127.0.0.1:8080", &[], "10.0.0.1"),
            ("127.0.0.1:8080", &[], "evil@127.0.0.1"),
            ("10.0.0.1:8080", &["jobs.example.org"], "10.0.0.2"),
            ("10.0.0.1:8080", &["jobs.example.org"], "example.org"),
            ("0.0.0.0:8080", &[], "jobs.example.org"),
        ] {
            assert!(
                matches!(origin(listens, names, host), Err(Refusal::Host(_))),
                "{listens} {host}"
            );
        }
    }

    #[test]
    fn own_names_give_the_address_of_file_links() {
        for (listens, names, host, reached) in [
            ("127.0.0.1:8080", &[][..], "LocalHost:1", "http://LocalHost:1"),
            ("127.0.0.1:8080", &[], "[::1]:8080", "http://[::1]:8080"),
            ("0.0.0.0:8080", &[], "192.168.1.5:8080", "http://192.168.1.5:8080"),
            ("10.0.0.1:80", &[], "10.0.0.1", "http://10.0.0.1"),
            (
                "127.0.0.1:8080",
                &["https://jobs.example.org"],
                "Jobs.example.org",
                "https://Jobs.example.org",
            ),
            (
                "127.0.0.1:8080",
                &["jobs.local"],
                "jobs.local:8080",
                "http://jobs.local:8080",
            ),
        ] {
            assert_eq!(origin(listens, names, host).unwrap(), reached);
        }
    }

    #[test]
    fn the_printed_address_can_be_opened() {
        let address = |listens: &str, names: &[&str]| {
            let names: Vec<Name> = names.iter().map(|name| name.parse().unwrap()).collect();
            Hosts::new(listens.parse().unwrap(), true, &names).address()
        };
        assert_eq!(address("0.0.0.0:8443", &[]), "https://127.0.0.1:8443");
        assert_eq!(address("[::1]:8443", &[]), "https://[::1]:8443");
        assert_eq!(
            address("0.0.0.0:8443", &["jobs.example.org"]),
            "https://jobs.example.org:8443"
        );
        assert_eq!(
            address("127.0.0.1:1", &["http://jobs.example.org"]),
            "http://jobs.example.org"
        );
    }
}
