//! `IamTokenService`: published clients exchange what they were given for a token before they call. Here what they
//! were given is the token already.

use std::sync::Arc;

use jobsphere_api::{
    iam::{
        CreateIamTokenRequest, CreateIamTokenResponse, create_iam_token_request::Identity,
        iam_token_service_server::IamTokenService,
    },
    time,
};
use tonic::{Request, Response, Status, async_trait};

use super::callers::Callers;
use crate::{blobs::now_s, tokens::Secret};

/// Clients ask again after this; as long as the published service's tokens live.
const LIFETIME_S: i64 = 12 * 3600;

/// The longest token that is looked at: as long as the published service's.
const MAX_TOKEN_BYTES: usize = 4000;

/// The service; it needs no token to be called.
#[derive(Debug)]
pub(crate) struct IamTokens(pub(crate) Arc<Callers>);

#[async_trait]
impl IamTokenService for IamTokens {
    async fn create(
        &self,
        request: Request<CreateIamTokenRequest>,
    ) -> Result<Response<CreateIamTokenResponse>, Status> {
        let given = match request.into_inner().identity {
            Some(Identity::YandexPassportOauthToken(token)) => token,
            Some(Identity::Jwt(_)) => {
                return Err(Status::unauthenticated(
                    "this server knows no service accounts; give one of its tokens as the OAuth token",
                ));
            }
            None => {
                return Err(Status::invalid_argument(
                    "`yandex_passport_oauth_token` must hold a token of this server",
                ));
            }
        };
        if given.len() > MAX_TOKEN_BYTES {
            return Err(Status::invalid_argument(format!(
                "`yandex_passport_oauth_token` is longer than {MAX_TOKEN_BYTES}"
            )));
        }
        let owner = self.0.exchange(&Secret::sent(&given)).await?;
        let end = now_s().saturating_add(LIFETIME_S);
        let end = owner.expires_s.map_or(end, |token_end| token_end.min(end));
        Ok(Response::new(CreateIamTokenResponse {
            iam_token: given,
            expires_at: Some(time::from_seconds(end)),
        }))
    }
}
