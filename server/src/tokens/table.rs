//! The tokens that are kept, in a table of their own.

use std::path::Path;

use jobsphere_service::Access;
use sqlx::{Row, SqlitePool, sqlite::SqlitePoolOptions, sqlite::SqliteRow};

use super::{
    Digest, Grant,
    grant::{self, Place},
};
use crate::{blobs::now_s, store};

/// Calls ask one after another, each for microseconds.
const READERS: u32 = 2;

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Who it was made for.
    pub(crate) name: String,
    pub(crate) grants: Vec<Grant>,
    /// Seconds since the epoch.
    pub(crate) created_s: i64,
    /// Seconds since the epoch; none means never.
    pub(crate) expires_s: Option<i64>,
}

impl Token {
    pub(crate) fn access(&self) -> Access {
        Grant::access(&self.grants)
    }
}

/// A token to be kept.
#[derive(Debug)]
pub(crate) struct NewToken {
    pub(crate) token: Token,
    pub(crate) digest: Digest,
}

/// Why the table did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokensError {
    #[error("there is a token `{0}` already; remove it first, or choose another name")]
    NameTaken(String),
    #[error("the tokens cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the tokens are damaged: {0}")]
    Damaged(String),
}

/// The table, read at each call.
#[derive(Debug, Clone)]
pub(crate) struct TokenTable(SqlitePool);

impl TokenTable {
    /// The table of a database that is open already.
    pub(crate) async fn to_read(data_dir: &Path) -> Result<Self, TokensError> {
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        Ok(Self(pool.connect_with(store::options(data_dir).read_only(true)).await?))
    }

    /// The table, made first where there is none.
    pub(crate) async fn to_change(data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self(store::open_writer(data_dir).await?))
    }

    /// The token with this digest, while it is good.
    pub(crate) async fn find(&self, digest: Digest) -> Result<Option<Token>, TokensError> {
        let rows = sqlx::query(
            "SELECT name, created_s, expires_s, project_id, role
             FROM tokens JOIN token_roles ON token_name = name
             WHERE sha256 = $1 AND (expires_s IS NULL OR expires_s > $2)",
        );
        let rows = rows.bind(digest.to_string()).bind(now_s()).fetch_all(&self.0).await?;
        Ok(tokens(&rows)?.pop())
    }

    /// Whether there is any, good or expired.
    pub(crate) async fn has_any(&self) -> Result<bool, TokensError> {
        let found = sqlx::query("SELECT 1 FROM tokens LIMIT 1")
            .fetch_optional(&self.0)
            .await?;
        Ok(found.is_some())
    }

    /// All of them by name.
    pub(crate) async fn list(&self) -> Result<Vec<Token>, TokensError> {
        let rows = sqlx::query(
            "SELECT name, created_s, expires_s, project_id, role
             FROM tokens JOIN token_roles ON token_name = name ORDER BY name, project_id",
        );
        tokens(&rows.fetch_all(&self.0).await?)
    }

    pub(crate) async fn add(&self, NewToken { token, digest }: &NewToken) -> Result<(), TokensError> {
        let mut transaction = self.0.begin().await?;
        let insert = sqlx::query("INSERT INTO tokens (name, sha256, created_s, expires_s) VALUES ($1, $2, $3, $4)")
            .bind(&token.name)
            .bind(digest.to_string())
            .bind(token.created_s)
            .bind(token.expires_s);
        insert.execute(&mut *transaction).await.map_err(|error| {
            let is_taken = error
                .as_database_error()
                .is_some_and(|error| error.is_unique_violation());
            match is_taken {
                true => TokensError::NameTaken(token.name.clone()),
                false => error.into(),
            }
        })?;
        for grant in &token.grants {
            sqlx::query("INSERT INTO token_roles (token_name, project_id, role) VALUES ($1, $2, $3)")
                .bind(&token.name)
                .bind(grant.place.to_string())
                .bind(grant.role.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Whether there was one with this name.
    pub(crate) async fn remove(&self, name: &str) -> Result<bool, TokensError> {
        let mut transaction = self.0.begin().await?;
        sqlx::query("DELETE FROM token_roles WHERE token_name = $1")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        let removed = sqlx::query("DELETE FROM tokens WHERE name = $1")
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected() > 0)
    }
}

/// Rows of a token follow each other.
fn tokens(rows: &[SqliteRow]) -> Result<Vec<Token>, TokensError> {
    let mut tokens: Vec<Token> = Vec::new();
    for row in rows {
        let name: String = row.try_get("name")?;
        let grant = read_grant(row)?;
        match tokens.last_mut().filter(|last| last.name == name) {
            Some(last) => last.grants.push(grant),
            None => tokens.push(Token {
                name,
                grants: vec![grant],
                created_s: row.try_get("created_s")?,
                expires_s: row.try_get("expires_s")?,
            }),
        }
    }
    Ok(tokens)
}

fn read_grant(row: &SqliteRow) -> Result<Grant, TokensError> {
    let (place, role): (String, String) = (row.try_get("project_id")?, row.try_get("role")?);
    Ok(Grant {
        place: place.parse::<Place>().map_err(TokensError::Damaged)?,
        role: grant::role(&role).ok_or_else(|| TokensError::Damaged(format!("`{role}` is no role")))?,
    })
}
