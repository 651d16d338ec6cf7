//! The API as a page calls it: gRPC-web bytes in, gRPC-web bytes out, with no network between.

use bytes::{BufMut, Bytes, BytesMut};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use http::{HeaderMap, HeaderValue, Request, Response, header::CONTENT_TYPE};
use http_body_util::{BodyExt, BodyStream, Full};
use jobsphere_service::{Access, Caller, JobService};
use tonic::{Code, Status, body::Body, codegen::Service};

use crate::api::{
    jobs::project_job_service_server::ProjectJobServiceServer,
    operation::operation_service_server::OperationServiceServer,
    project::project_service_server::ProjectServiceServer,
    share::{share_service_server::ShareServiceServer, unnamed_file_service_server::UnnamedFileServiceServer},
};

/// Bytes of one request message; as many as a server takes.
const MESSAGE_BYTES: usize = 8 << 20;
const GRPC_WEB: HeaderValue = HeaderValue::from_static("application/grpc-web+proto");
const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
/// Of the frame that holds the trailers.
const TRAILERS: u8 = 0x80;
/// For `created_by`: whoever sits before this browser.
const VISITOR: &str = "visitor";

const NO_SHARES: &str =
    "this service is inside your own browser, where nobody else can reach it: share links need a server";
const NO_TOKENS: &str = "this service is inside your own browser and asks for no token";

/// The body of an answer, as it comes.
pub type Pieces = BoxStream<'static, Bytes>;

/// Answers calls by the service.
#[derive(Clone)]
pub struct Calls {
    service: JobService,
    caller: Caller,
}

impl Calls {
    /// Calls of pages that know the service as `origin`.
    pub fn new(service: JobService, origin: &str) -> Self {
        let caller = Caller {
            id: VISITOR.into(),
            origin: origin.to_owned(),
            access: Access::everything(),
        };
        Self { service, caller }
    }

    /// Answers a call, whose body is one gRPC-web message. Dropping the pieces of the answer ends the call.
    pub async fn answer(&self, mut request: Request<Bytes>) -> Response<Pieces> {
        request.extensions_mut().insert(self.caller.clone());
        request.headers_mut().insert(CONTENT_TYPE, GRPC);
        let request = request.map(|body| Body::new(Full::new(body)));
        as_web(self.called(request).await)
    }

    async fn called(&self, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let Some((service, method)) = path.trim_start_matches('/').split_once('/') else {
            return Status::unimplemented("this is no method").into_http();
        };
        let own = self.service.clone();
        match service {
            "yandex.cloud.datasphere.v2.jobs.ProjectJobService" => {
                answered(
                    ProjectJobServiceServer::new(own).max_decoding_message_size(MESSAGE_BYTES),
                    request,
                )
                .await
            }
            "yandex.cloud.operation.OperationService" => answered(OperationServiceServer::new(own), request).await,
            "yandex.cloud.datasphere.v2.ProjectService" => answered(ProjectServiceServer::new(own), request).await,
            "jobsphere.v1.UnnamedFileService" => answered(UnnamedFileServiceServer::new(own), request).await,
            // There are none, and they can be asked for; but none can be made.
            "jobsphere.v1.ShareService" if !matches!(method, "Create" | "Sweep") => {
                answered(ShareServiceServer::new(own), request).await
            }
            "jobsphere.v1.ShareService" | "jobsphere.v1.SharedJobService" => {
                Status::new(Code::FailedPrecondition, NO_SHARES).into_http()
            }
            "yandex.cloud.iam.v1.IamTokenService" => Status::new(Code::FailedPrecondition, NO_TOKENS).into_http(),
            _ => Status::unimplemented(format!("this service knows no {service}")).into_http(),
        }
    }
}

async fn answered<S>(mut service: S, request: Request<Body>) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible>,
{
    match service.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The messages stay as they are; the trailers become a last frame.
fn as_web(response: Response<Body>) -> Response<Pieces> {
    let (mut head, body) = response.into_parts();
    head.headers.insert(CONTENT_TYPE, GRPC_WEB);
    let frames = BodyStream::new(body.boxed_unsync());
    let pieces = stream::unfold(Some(frames), |open| async {
        let mut frames = open?;
        match frames.next().await? {
            Ok(frame) => match frame.into_data() {
                Ok(data) => Some((data, Some(frames))),
                Err(frame) => Some((trailers(&frame.into_trailers().unwrap_or_default()), None)),
            },
            Err(status) => Some((trailers(&status.into_http::<()>().headers().clone()), None)),
        }
    });
    Response::from_parts(head, pieces.boxed())
}

fn trailers(headers: &HeaderMap) -> Bytes {
    let mut lines = Vec::new();
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b":");
        lines.extend_from_slice(value.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    let mut frame = BytesMut::with_capacity(lines.len() + 5);
    frame.put_u8(TRAILERS);
    frame.put_u32(u32::try_from(lines.len()).unwrap_or(0));
    frame.put_slice(&lines);
    frame.freeze()
}

#[cfg(test)]
#[path = "calls_tests.rs"]
mod tests;
