//! Sealing values with the key of the data folder.

use std::{io, path::Path};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use jobsphere_api::id::ProjectId;
use secrecy::{ExposeSecret, SecretString};

use crate::key_file;

/// Its name inside the data folder.
pub(super) const KEY_FILE: &str = "project-secrets.key";

const NONCE_BYTES: usize = 24;

/// The key. Its `Debug` tells nothing.
#[derive(Clone)]
pub(super) struct Key(XChaCha20Poly1305);

/// The value was sealed with another key, or for another place, or was altered.
#[derive(Debug, thiserror::Error)]
#[error("it was not sealed with the key in {KEY_FILE}, or is damaged")]
pub(super) struct NotOurs;

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The key of `data_dir`, made where there is none.
    ///
    /// # Errors
    /// When its file cannot be made or read.
    pub(super) fn open(data_dir: &Path) -> io::Result<Self> {
        let bytes = key_file::open(&data_dir.join(KEY_FILE))?;
        Ok(Self(XChaCha20Poly1305::new(&bytes.into())))
    }

    /// Seals `value` for this place alone; the nonce stands before it.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(super) fn seal(&self, project: &ProjectId, name: &str, value: &SecretString) -> anyhow::Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)?;
        let payload = Payload {
            msg: value.expose_secret().as_bytes(),
            aad: &place(project, name),
        };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unseal(&self, project: &ProjectId, name: &str, sealed: &[u8]) -> Result<SecretString, NotOurs> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(NotOurs)?;
        let payload = Payload {
            msg: sealed,
            aad: &place(project, name),
        };
        let value = self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| NotOurs)?;
        String::from_utf8(value).map(SecretString::from).map_err(|_| NotOurs)
    }
}

/// Binds a value to its row, so that no one who writes to the database can give it to another project.
fn place(project: &ProjectId, name: &str) -> Vec<u8> {
    format!("{project}\n{name}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_in_its_own_place_alone() {
        let dir = tempfile::tempdir().unwrap();
        let key = Key::open(dir.path()).unwrap();
        let (project, other) = (ProjectId::parse("a").unwrap(), ProjectId::parse("b").unwrap());
        let value = SecretString::from("пароль\n1");
        let sealed = key.seal(&project, "NAME", &value).unwrap();
        assert!(
            !sealed
                .windows(5)
                .any(|window| value.expose_secret().as_bytes().starts_with(window))
        );
        assert_ne!(
            sealed,
            key.seal(&project, "NAME", &value).unwrap(),
            "a fresh nonce each time"
        );

        let again = Key::open(dir.path())
            .unwrap()
            .unseal(&project, "NAME", &sealed)
            .unwrap();
        assert_eq!(again.expose_secret(), value.expose_secret());
        assert!(key.unseal(&other, "NAME", &sealed).is_err());
        assert!(key.unseal(&project, "OTHER", &sealed).is_err());
        assert!(key.unseal(&project, "NAME", &sealed[..10]).is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(key.unseal(&project, "NAME", &altered).is_err());
        std::fs::remove_file(dir.path().join(KEY_FILE)).unwrap();
        assert!(
            Key::open(dir.path())
                .unwrap()
                .unseal(&project, "NAME", &sealed)
                .is_err()
        );
        assert_eq!(format!("{key:?} {value:?}"), "Key SecretBox<str>([REDACTED])");
    }
}
