//! From the server to the supervisor: in memory that only the two share.
//!
//! The supervisor gets a sealed memory file as its standard output, reads it once, and closes it. It holds all it
//! needs from its first moment on, so that the server may die right after it has started it.

// Before a supervisor begins, and in it.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, Write},
    os::fd::OwnedFd,
};

use rustix::{
    fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create},
    stdio::{dup2_stdout, stdout},
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use super::Secret;

/// A file in memory that holds `secrets`, for the standard output of a supervisor.
///
/// # Errors
/// When the system gives no memory file.
pub(crate) fn hand_over(secrets: &[Secret]) -> io::Result<OwnedFd> {
    let values: BTreeMap<&str, &str> = secrets
        .iter()
        .map(|secret| (secret.name.as_str(), secret.value.expose_secret()))
        .collect();
    let text = Zeroizing::new(serde_json::to_vec(&values)?);
    let mut file = File::from(memfd_create(
        "secrets",
        MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING,
    )?);
    file.write_all(&text)?;
    file.rewind()?;
    fcntl_add_seals(
        &file,
        SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL,
    )?;
    Ok(file.into())
}

/// Takes the secrets that this process was started with; it has no standard output from then on.
///
/// # Errors
/// When this process was not started by a server.
pub(crate) fn receive() -> io::Result<Vec<Secret>> {
    let mut file = File::from(rustix::io::fcntl_dupfd_cloexec(stdout(), 0)?);
    dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    let mut text = Zeroizing::new(Vec::new());
    file.read_to_end(&mut text)?;
    let values: BTreeMap<String, SecretString> = serde_json::from_slice(&text)?;
    Ok(values.into_iter().map(|(name, value)| Secret { name, value }).collect())
}
