//! Tokens: who may call, and with which roles.
//!
//! They are made and removed with `jobsphere-server token`, while the server runs or not. The server asks the table
//! at each call, so that both take effect at once.

pub(crate) mod command;
mod grant;
mod secret;
mod table;

pub(crate) use grant::Grant;
pub(crate) use secret::{Digest, Secret};
pub(crate) use table::{NewToken, Token, TokenTable, TokensError};
