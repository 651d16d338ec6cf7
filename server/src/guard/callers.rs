//! Who a token belongs to.

use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, header};
use jobsphere_service::Access;
use tonic::Status;

use crate::{
    cli::Auth,
    tokens::{Digest, Secret, TokenTable, TokensError},
};

/// Whoever calls a server without tokens, and whoever opens the link it prints.
pub(crate) const LOCAL_USER: &str = "local";

const SCHEME: &str = "bearer ";

/// Someone who may call.
#[derive(Debug, Clone)]
pub(super) struct Admitted {
    pub(super) id: String,
    pub(super) access: Access,
    /// The token; none where none is needed.
    pub(super) token: Option<Digest>,
    /// The end of the token's life, seconds since the epoch.
    pub(super) expires_s: Option<i64>,
}

impl Admitted {
    fn local(token: Option<Digest>) -> Self {
        Self {
            id: LOCAL_USER.into(),
            access: Access::everything(),
            token,
            expires_s: None,
        }
    }
}

/// Why someone may not.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unknown {
    #[error(
        "this server needs a token, sent as `authorization: Bearer TOKEN`; whoever runs the server makes one with \
         `jobsphere-server token add`"
    )]
    NoToken,
    #[error("the header `authorization` is not `Bearer TOKEN`")]
    NoBearer,
    #[error(
        "this token is not known here: it was removed, has expired, or is mistyped; ask whoever runs the server for \
         another"
    )]
    Token,
    #[error("the callers cannot be looked up; try again")]
    Table(#[from] TokensError),
}

impl From<Unknown> for Status {
    fn from(unknown: Unknown) -> Self {
        match &unknown {
            Unknown::Table(error) => {
                tracing::error!("{error}");
                Self::unavailable(unknown.to_string())
            }
            _ => Self::unauthenticated(unknown.to_string()),
        }
    }
}

/// The tokens that are kept, and the one of this process.
#[derive(Debug)]
pub(crate) struct Callers {
    tokens: TokenTable,
    /// Admin of everything, as long as this process lives.
    link: Secret,
    address: String,
    /// Once true, it stays: removing the last token must not open the door.
    needed: AtomicBool,
}

impl Callers {
    /// `address` is where the app is opened.
    ///
    /// # Errors
    /// When the tokens cannot be read, or others could reach a server that has none.
    pub(crate) async fn open(
        tokens: TokenTable,
        auth: Auth,
        is_reached_by_others: bool,
        address: String,
    ) -> anyhow::Result<Self> {
        let has_any = tokens.has_any().await?;
        if is_reached_by_others && auth == Auth::Auto && !has_any {
            anyhow::bail!(
                "this server has no tokens yet, so anyone who reaches it could run commands on this machine: make \
                 one with `jobsphere-server token add`, or start with --auth token and use the printed link, or \
                 listen on loopback only"
            );
        }
        Ok(Self {
            tokens,
            link: Secret::new()?,
            address,
            needed: (has_any || auth == Auth::Token).into(),
        })
    }

    /// The address that opens the app, with a token where one is needed.
    pub(crate) fn link(&self) -> String {
        match self.needed.load(Ordering::Relaxed) {
            true => format!("{}/#token={}", self.address, self.link.reveal()),
            false => self.address.clone(),
        }
    }

    /// The caller that sent `headers`.
    pub(super) async fn admit(&self, headers: &HeaderMap) -> Result<Admitted, Unknown> {
        if !self.are_needed().await? {
            return Ok(Admitted::local(None));
        }
        let sent = headers.get(header::AUTHORIZATION).ok_or(Unknown::NoToken)?;
        self.owner(&bearer(sent).ok_or(Unknown::NoBearer)?).await
    }

    /// The owner of a token; where none is needed, anything is one.
    pub(super) async fn exchange(&self, secret: &Secret) -> Result<Admitted, Unknown> {
        match self.are_needed().await? {
            true => self.owner(secret).await,
            false => Ok(Admitted::local(None)),
        }
    }

    async fn owner(&self, secret: &Secret) -> Result<Admitted, Unknown> {
        let digest = secret.digest();
        if digest == self.link.digest() {
            return Ok(Admitted::local(Some(digest)));
        }
        let token = self.tokens.find(digest).await?.ok_or(Unknown::Token)?;
        Ok(Admitted {
            access: token.access(),
            id: token.name,
            token: Some(digest),
            expires_s: token.expires_s,
        })
    }

    /// Whether a token that was good still is.
    pub(super) async fn is_good(&self, token: Digest) -> Result<bool, TokensError> {
        Ok(token == self.link.digest() || self.tokens.find(token).await?.is_some())
    }

    #[allow(clippy::print_stdout)]
    async fn are_needed(&self) -> Result<bool, TokensError> {
        if self.needed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let has_any = self.tokens.has_any().await?;
        if has_any && !self.needed.swap(true, Ordering::Relaxed) {
            println!("Jobsphere needs a token from now on: {}", self.link());
        }
        Ok(has_any)
    }
}

fn bearer(header: &http::HeaderValue) -> Option<Secret> {
    let text = header.to_str().ok()?;
    let (scheme, secret) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| Secret::sent(secret))
}
