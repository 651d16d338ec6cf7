//! Signed addresses: each names one file and one method, and expires.

use std::{
    io,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::key_file;

/// What stands in an address as itself (RFC 3986, "unreserved").
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const PUT_LIFETIME_S: i64 = 24 * 3600;
const GET_LIFETIME_S: i64 = 3600;
const KEY_BYTES: usize = 32;

/// What an address allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Sending the file's bytes.
    Put,
    /// Reading them.
    Get,
}

impl Method {
    /// As an address spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Get => "get",
        }
    }
}

/// What an address says, without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The project's id.
    pub project: String,
    /// The content.
    pub sha256: String,
    /// The name a download is saved under.
    pub name: String,
    /// What may be done.
    pub method: Method,
    /// Size of the content.
    pub size_bytes: i64,
    /// End of its life, seconds since the epoch.
    pub expires_s: i64,
}

/// Why an address is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Its signature does not fit.
    #[error("this address was altered, or was not made by this server")]
    Altered,
    /// Its time is over.
    #[error("this address has expired; ask for a new one")]
    Expired,
}

/// The end of life of an address made now.
pub(super) fn expiry(method: Method) -> i64 {
    let lifetime = match method {
        Method::Put => PUT_LIFETIME_S,
        Method::Get => GET_LIFETIME_S,
    };
    now_s().saturating_add(lifetime)
}

/// Seconds since the epoch.
pub(crate) fn now_s() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}

/// The name of a download: the path's last name, with `.zip` for a folder.
pub(crate) fn file_name(path: &str, is_zip: bool) -> String {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = if matches!(name, "" | "." | "..") { "file" } else { name };
    if is_zip && !name.ends_with(".zip") {
        format!("{name}.zip")
    } else {
        name.to_owned()
    }
}

/// The secret that signs addresses; made once for a data folder.
pub(super) struct Key([u8; KEY_BYTES]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        key_file::open(path).map(Self)
    }

    pub(super) fn url(&self, origin: &str, link: &Link) -> String {
        let Link {
            project,
            sha256,
            name,
            method,
            size_bytes,
            expires_s,
        } = link;
        let method = method.as_str();
        let name = utf8_percent_encode(name, UNRESERVED);
        let signature = URL_SAFE_NO_PAD.encode(self.mac(link).finalize().into_bytes());
        format!("{origin}/files/{project}/{sha256}/{name}?m={method}&s={size_bytes}&e={expires_s}&k={signature}")
    }

    pub(super) fn verify(&self, link: &Link, signature: &str, now_s: i64) -> Result<(), LinkError> {
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkError::Altered)?;
        self.mac(link)
            .verify_slice(&signature)
            .map_err(|_| LinkError::Altered)?;
        if now_s > link.expires_s {
            return Err(LinkError::Expired);
        }
        Ok(())
    }

    #[allow(clippy::expect_used)]
    fn mac(&self, link: &Link) -> Hmac<sha2::Sha256> {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        let parts = [
            link.method.as_str().to_owned(),
            link.project.clone(),
            link.sha256.clone(),
            link.size_bytes.to_string(),
            link.expires_s.to_string(),
            // Last, because it alone may hold any character.
            link.name.clone(),
        ];
        mac.update(parts.join("\n").as_bytes());
        mac
    }
}
