//! `IamTokenService.Create`, as published clients call it before anything else.

use jobsphere_api::iam::{
    CreateIamTokenRequest, create_iam_token_request::Identity, iam_token_service_client::IamTokenServiceClient,
};
use tonic::{Code, transport::Channel};

use super::{add_token, token};
use crate::process::Server;

async fn exchange(server: &Server, identity: Identity) -> Result<(String, i64), tonic::Status> {
    let channel = Channel::from_shared(server.address.clone())
        .unwrap()
        .connect()
        .await
        .unwrap();
    let request = CreateIamTokenRequest {
        identity: Some(identity),
    };
    let answer = IamTokenServiceClient::new(channel).create(request).await?.into_inner();
    Ok((answer.iam_token, answer.expires_at.unwrap().seconds))
}

#[tokio::test]
async fn a_token_is_exchanged_for_itself() {
    let dir = tempfile::tempdir().unwrap();
    let oauth = |token: &str| Identity::YandexPassportOauthToken(token.to_owned());
    let open = Server::start(dir.path());
    assert_eq!(exchange(&open, oauth("anything")).await.unwrap().0, "anything");
    let refused = exchange(&open, oauth(&"x".repeat(4001))).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    drop(open);

    let lasting = add_token(dir.path(), "anna", "default", "viewer");
    let short = ["add", "boris", "--project", "*", "--role", "viewer", "--expires", "1h"];
    let (_, short) = token(dir.path(), &short);
    let server = Server::start(dir.path());
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    for (secret, hours) in [(&lasting, 12), (&short, 1), (server.link_token.as_ref().unwrap(), 12)] {
        let (given, end) = exchange(&server, oauth(secret)).await.unwrap();
        assert_eq!(&given, secret);
        assert!((end - now - hours * 3600).abs() < 60, "{end}");
    }
    for identity in [oauth("jobsphere_wrong"), oauth(""), Identity::Jwt(lasting)] {
        let refused = exchange(&server, identity).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        assert!(refused.message().contains("token"), "{}", refused.message());
    }
}
