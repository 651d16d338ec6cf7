//! TLS by rustls, with certificates that can be renewed without a restart.

use std::{io, path::PathBuf};

use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{SignalKind, signal};

/// The files of a certificate.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub(crate) chain: PathBuf,
    pub(crate) key: PathBuf,
}

impl Certificate {
    /// Reads the files now, and again at each SIGHUP. HTTP/2 and HTTP/1.1 are offered.
    ///
    /// # Errors
    /// When a file cannot be read, or the two do not belong together.
    pub(crate) async fn open(self) -> anyhow::Result<RustlsConfig> {
        // Fails only when one is installed already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = RustlsConfig::from_pem_file(&self.chain, &self.key)
            .await
            .with_context(|| format!("cannot use {} with {}", self.chain.display(), self.key.display()))?;
        let mut hangups = signal(SignalKind::hangup())?;
        let renewed = config.clone();
        tokio::spawn(async move {
            while hangups.recv().await.is_some() {
                match self.renew(&renewed).await {
                    Ok(()) => tracing::info!("the certificate {} was read again", self.chain.display()),
                    Err(error) => tracing::error!("the old certificate stays in use: {error}"),
                }
            }
        });
        Ok(config)
    }

    async fn renew(&self, config: &RustlsConfig) -> io::Result<()> {
        config.reload_from_pem_file(&self.chain, &self.key).await
    }
}
