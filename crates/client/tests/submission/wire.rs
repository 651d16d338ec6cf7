//! The client's transport: calls go to the service in the same process, over a line on which things go wrong.

use std::{
    cell::{Cell, RefCell},
    convert::Infallible,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use futures::future::LocalBoxFuture;
use jobsphere_api::{
    jobs::project_job_service_server::ProjectJobServiceServer,
    operation::operation_service_server::OperationServiceServer,
};
use jobsphere_client::{BoxError, Clock};
use jobsphere_service::JobService;
use tonic::{Status, body::Body, codegen::Service};

use crate::{
    faults::{Fault, Faults, Place},
    seed::Random,
    service::caller,
};

/// Time that passes as soon as everybody waits for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StillClock;

impl Clock for StillClock {
    async fn sleep(&self, millis: u32) {
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
    }
}

/// What is between the windows and the service.
pub(crate) struct Line {
    pub(crate) faults: Faults,
    pub(crate) random: Random,
    /// The methods that were called, in this order.
    pub(crate) called: RefCell<Vec<String>>,
    /// How many uploads the service has taken without the page hearing of it.
    pub(crate) unheard: Cell<usize>,
}

impl Line {
    pub(crate) fn new(faults: Faults, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            faults,
            random: Random::new(seed),
            called: RefCell::default(),
            unheard: Cell::new(0),
        })
    }

    pub(crate) fn was_called(&self, method: &str) -> bool {
        self.called.borrow().iter().any(|called| called == method)
    }

    /// It takes a while, or none.
    pub(crate) async fn pass(&self) {
        match self.random.below(4) {
            0 => {}
            1 => tokio::task::yield_now().await,
            _ => tokio::time::sleep(Duration::from_millis(self.random.below(40))).await,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) service: JobService,
    pub(crate) line: Rc<Line>,
}

fn place(method: &str) -> Place {
    match method {
        "Get" | "Delete" => Place::ClearingAway,
        _ => Place::Call,
    }
}

impl Service<http::Request<Body>> for Wire {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let Self { service, line } = self.clone();
        request.extensions_mut().insert(caller());
        request.headers_mut().insert("x-grpc-web", "1".parse().unwrap());
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let method = path.rsplit('/').next().unwrap_or_default().to_owned();
            let fault = line.faults.next(place(&method));
            line.called.borrow_mut().push(method);
            line.pass().await;
            let broken = || Err(Status::unavailable("the connection was lost").into());
            match fault {
                Some(Fault::HungBefore) => return std::future::pending().await,
                Some(fault) if !fault.is_after() => return broken(),
                _ => {}
            }
            // What the service has begun it ends, whoever waits for it.
            let answer = tokio::spawn(answer(service, path, request)).await?;
            line.pass().await;
            match fault {
                Some(Fault::HungAfter) => std::future::pending().await,
                Some(_) => broken(),
                None => Ok(answer.unwrap_or_else(|never| match never {})),
            }
        })
    }
}

async fn answer(
    service: JobService,
    path: String,
    request: http::Request<Body>,
) -> Result<http::Response<Body>, Infallible> {
    if path.contains("OperationService") {
        OperationServiceServer::new(service).call(request).await
    } else {
        ProjectJobServiceServer::new(service).call(request).await
    }
}
