//! gRPC-web over `fetch`: the transport of a page, and of a worker.
//!
//! The body is read as it arrives and decoded by [`jobsphere_client::body`]. Dropping an answer before its end aborts its
//! request, which ends the stream on the server. A request that cannot reach the server is UNAVAILABLE.

use std::{
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{
    Stream,
    stream::{self, LocalBoxStream},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use tonic::{Status, body::Body};
use tower_service::Service;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit};

use super::{
    error::message,
    in_page::{self, Asked},
    remembered_servers, server, token,
};
use jobsphere_client::{
    body::{self, AnswerBody, answer},
    servers::ServerUrl,
};

const GRPC_WEB: &str = "application/grpc-web+proto";

type Answer = Result<Response<AnswerBody<Pieces>>, Status>;

/// Calls by `fetch`: the server that the page is about, with its token, or another one without any.
#[derive(Debug, Clone, Default)]
pub struct Fetch(Caller);

/// As whom it calls.
#[derive(Debug, Clone, Default)]
enum Caller {
    /// With the token of the page.
    #[default]
    Page,
    /// With this token, whatever the page's is.
    Holder(String),
    /// As nobody, another server.
    Stranger(ServerUrl),
}

impl Fetch {
    /// Calls `url`, and never with a token.
    pub fn to_stranger(url: ServerUrl) -> Self {
        Self(Caller::Stranger(url))
    }

    /// Calls the server that the page is about with this token.
    pub fn with_token(token: &str) -> Self {
        Self(Caller::Holder(token.to_owned()))
    }

    /// The address of the server to call, and the token that is for it.
    fn target(&self) -> Result<(String, Option<String>), Status> {
        let token = match &self.0 {
            Caller::Stranger(url) => return Ok((url.origin().to_owned(), None)),
            Caller::Holder(token) => Some(token.clone()),
            Caller::Page => token::get(),
        };
        if !remembered_servers::is_agreed() {
            return Err(Status::failed_precondition(
                "nobody has agreed to call the server that the address names",
            ));
        }
        let own = || match in_page::is_here() {
            true => server::callee(),
            false => server::base(),
        };
        let address = server::current().map_or_else(own, |url| url.origin().to_owned());
        Ok((address, token))
    }
}

impl Service<Request<Body>> for Fetch {
    type Response = Response<AnswerBody<Pieces>>;
    type Error = Status;
    type Future = SendWrapper<Pin<Box<dyn Future<Output = Answer>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let target = self.target();
        SendWrapper::new(Box::pin(async move {
            let (origin, token) = target?;
            call(request, &origin, token.as_deref()).await
        }))
    }
}

/// Calls a service as one caller: for workers, which have neither the page's address nor what it keeps.
#[derive(Debug, Clone)]
pub struct FetchFrom {
    service: Rc<str>,
    token: Option<Rc<str>>,
}

impl FetchFrom {
    /// Calls `service`, an address without a slash at its end, with this token or as nobody.
    pub fn new(service: &str, token: Option<&str>) -> Self {
        Self {
            service: service.into(),
            token: token.map(Into::into),
        }
    }
}

impl Service<Request<Body>> for FetchFrom {
    type Response = Response<AnswerBody<Pieces>>;
    type Error = Status;
    type Future = SendWrapper<Pin<Box<dyn Future<Output = Answer>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let from = self.clone();
        SendWrapper::new(Box::pin(async move {
            call(request, &from.service, from.token.as_deref()).await
        }))
    }
}

#[wasm_bindgen]
extern "C" {
    /// A page has it, and so has a worker.
    fn fetch(address: &str, init: &RequestInit) -> Promise;
}

async fn call(request: Request<Body>, service: &str, token: Option<&str>) -> Answer {
    let (head, body) = request.into_parts();
    let body = collect(body).await?;
    if let Some(place) = service.strip_prefix(in_page::SCHEME) {
        return call_in_page(place, &head, body).await;
    }
    // Made first and dropped last: whatever ends this call early aborts the request.
    let abort = AbortOnDrop::new()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(Some(&abort.controller.signal()));
    let headers = request_headers(&head.headers, token).map_err(invalid)?;
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(body.as_slice()));
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let response: web_sys::Response = JsFuture::from(fetch(&format!("{service}{path}"), &init))
        .await
        .map_err(unreachable_server)?
        .unchecked_into();
    let mut converted = Response::builder()
        .status(response.status())
        .body(pieces(&response, abort)?)
        .map_err(|error| Status::internal(error.to_string()))?;
    *converted.headers_mut() = response_headers(&response);
    answer(converted)
}

/// The same call of the service inside the browser, which asks for no token.
async fn call_in_page(place: &str, head: &http::request::Parts, body: Vec<u8>) -> Answer {
    let texts = head.headers.iter();
    let mut headers: in_page::Headers = texts
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    headers.push(("x-grpc-web".to_owned(), "1".to_owned()));
    let question = in_page::Question {
        method: "POST",
        path: head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        headers,
        body: Some(body),
        file: None,
    };
    let answered = in_page::ask(place, question, |_| {}).await;
    let answered = answered.map_err(Status::unavailable)?;
    let in_page::Body::Pieces(asked) = answered.body else {
        return Err(Status::internal("the answer to a call is a file"));
    };
    let mut converted = Response::builder().status(answered.status);
    for (name, value) in answered.headers {
        converted = converted.header(name, value);
    }
    let converted = converted.body(Pieces::of_service(asked));
    answer(converted.map_err(|error| Status::internal(error.to_string()))?)
}

struct AbortOnDrop {
    controller: AbortController,
    /// An aborted request costs its connection; one that ends by itself does not.
    is_wanted: bool,
}

impl AbortOnDrop {
    fn new() -> Result<Self, Status> {
        let controller = AbortController::new().map_err(invalid)?;
        Ok(Self {
            controller,
            is_wanted: true,
        })
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if self.is_wanted {
            self.controller.abort();
        }
    }
}

/// The pieces of an answer's body.
pub struct Pieces {
    pieces: SendWrapper<LocalBoxStream<'static, Result<Bytes, Status>>>,
    /// `None` where dropping the pieces is enough.
    abort: Option<SendWrapper<AbortOnDrop>>,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pieces").finish_non_exhaustive()
    }
}

impl Pieces {
    fn new(pieces: impl Stream<Item = Result<Bytes, Status>> + 'static, abort: AbortOnDrop) -> Self {
        Self {
            pieces: SendWrapper::new(Box::pin(pieces)),
            abort: Some(SendWrapper::new(abort)),
        }
    }

    fn of_service(asked: Asked) -> Self {
        let pieces = stream::unfold(Some(asked), |open| async {
            let mut asked = open?;
            match asked.piece().await {
                Ok(Some(piece)) => Some((Ok(piece.into()), Some(asked))),
                Ok(None) => None,
                Err(sentence) => Some((Err(Status::unavailable(sentence)), None)),
            }
        });
        Self {
            pieces: SendWrapper::new(Box::pin(pieces)),
            abort: None,
        }
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.as_mut().poll_next(context)
    }
}

impl body::Pieces for Pieces {
    fn let_end(&mut self) {
        if let Some(abort) = &mut self.abort {
            abort.is_wanted = false;
        }
    }
}

async fn collect(body: Body) -> Result<Vec<u8>, Status> {
    use http_body::Body as _;
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

fn request_headers(headers: &HeaderMap, token: Option<&str>) -> Result<Headers, JsValue> {
    let sent = Headers::new()?;
    for (name, value) in headers {
        if let Ok(value) = value.to_str() {
            sent.set(name.as_str(), value)?;
        }
    }
    sent.set(CONTENT_TYPE.as_str(), GRPC_WEB)?;
    sent.set("accept", GRPC_WEB)?;
    sent.set("x-grpc-web", "1")?;
    // Who calls with the right of a link does not show a token too.
    if !headers.contains_key(AUTHORIZATION)
        && let Some(token) = token
    {
        sent.set(AUTHORIZATION.as_str(), &format!("Bearer {token}"))?;
    }
    // A header of HTTP/2 that fetch refuses to send.
    sent.delete("te")?;
    Ok(sent)
}

fn response_headers(response: &web_sys::Response) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let entries = js_sys::try_iter(response.headers().as_ref()).ok().flatten();
    for entry in entries.into_iter().flatten().flatten() {
        let pair: Array = entry.unchecked_into();
        let name = pair.get(0).as_string().and_then(|name| HeaderName::try_from(name).ok());
        let value = pair
            .get(1)
            .as_string()
            .and_then(|value| HeaderValue::try_from(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

fn pieces(response: &web_sys::Response, abort: AbortOnDrop) -> Result<Pieces, Status> {
    let Some(body) = response.body() else {
        return Ok(Pieces::new(stream::empty(), abort));
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let pieces = stream::unfold(Some(reader), |open| async move {
        let reader = open?;
        match read(&reader).await {
            Ok(Some(piece)) => Some((Ok(piece), Some(reader))),
            Ok(None) => None,
            Err(thrown) => Some((Err(unreachable_server(thrown)), None)),
        }
    });
    Ok(Pieces::new(pieces, abort))
}

async fn read(reader: &ReadableStreamDefaultReader) -> Result<Option<Bytes>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    if Reflect::get(&result, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    let piece: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
    Ok(Some(piece.to_vec().into()))
}

fn unreachable_server(thrown: JsValue) -> Status {
    Status::unavailable(format!("the server cannot be reached: {}", message(&thrown)))
}

fn invalid(thrown: JsValue) -> Status {
    Status::internal(message(&thrown))
}
