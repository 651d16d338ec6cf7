//! Puts the parts together and serves them until a signal ends it.

use std::{
    fs::{File, Permissions},
    io,
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use axum::{Router, middleware, routing::get};
use axum_server::{Handle, accept::NoDelayAcceptor, tls_rustls::RustlsAcceptor};
use fs4::fs_std::FileExt;
use futures::{FutureExt, future::BoxFuture};
use jobsphere_api::{
    iam::iam_token_service_server::IamTokenServiceServer,
    jobs::project_job_service_server::ProjectJobServiceServer,
    operation::operation_service_server::OperationServiceServer,
    project::project_service_server::ProjectServiceServer,
    share::{
        share_service_server::ShareServiceServer, shared_job_service_server::SharedJobServiceServer,
        unnamed_file_service_server::UnnamedFileServiceServer,
    },
};
use jobsphere_service::{JobService, Parts};
use tonic_web::GrpcWebLayer;
use tower_http::compression::CompressionLayer;

use crate::{
    app_files::{self, Pages},
    blobs::DiskBlobs,
    cli::Options,
    config::Config,
    connections::Bounded,
    engine::LocalEngine,
    files,
    guard::{
        self, Guard, Hosts, Origins,
        callers::Callers,
        door::{self, Door},
        iam::IamTokens,
        share_door::{self, ShareDoor},
    },
    headers,
    host::TokioHost,
    logs::DiskLogs,
    sandbox::Around,
    shares,
    store::SqliteStore,
    tokens::TokenTable,
    watch::Watcher,
};

/// For the lock on the data folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const GLANCE: Duration = Duration::from_millis(20);
/// For the first request of a connection to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// For the next request on an HTTP/1.1 connection.
const IDLE: Duration = Duration::from_secs(75);
/// Each running job keeps one waiting for its end.
const MAX_BLOCKING_THREADS: usize = 4096;
/// Followers of logs never end by themselves; they reconnect to the next server.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When an option is refused, the data folder is in use or unusable, or the address is taken.
pub(crate) fn serve(options: &Options) -> anyhow::Result<()> {
    let data_dir = options.data_dir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()?;
    let ended = runtime.block_on(run(options, &data_dir));
    // Threads that wait for running commands would wait for ever.
    runtime.shutdown_background();
    ended
}

async fn run(options: &Options, data_dir: &Path) -> anyhow::Result<()> {
    let _lock = claim(data_dir)?;
    let listener = TcpListener::bind(options.listen).with_context(|| {
        format!(
            "cannot listen on {}; choose another with --listen ADDR:PORT",
            options.listen
        )
    })?;
    let address = listener.local_addr()?;
    let around = options.around(data_dir)?;
    if !around.sandbox.keeps_apart() {
        tracing::warn!("commands run with the rights of this server; `jobsphere-server doctor` says what is missing");
    }
    let config = Arc::new(Config::read(options.config.as_deref(), data_dir)?);
    let service = service(&config, around).await?;
    let hosts = Hosts::new(address, options.certificate().is_some(), &options.hosts);
    let tokens = TokenTable::to_read(data_dir).await?;
    let address_to_open = format!("{}{}", hosts.address(), options.base.path());
    let callers = Callers::open(tokens, options.auth, options.is_reached_by_others(), address_to_open).await?;
    let callers = Arc::new(callers);
    let guard = Guard::new(hosts, Origins::new(&options.allowed_origins)?, options.base.clone());
    let pages = Pages::new(&options.connect_to, options.base.clone());
    let router = options
        .base
        .clone()
        .around(router(service, &config, pages, guard, callers.clone()));

    let handle = Handle::new();
    let serving = tokio::spawn(listen(options, listener, router, handle.clone()).await?);
    announce(&callers.link());
    tracing::info!(data_dir = %data_dir.display(), "listening on {address}");
    signal().await?;
    tracing::info!("stopping; running commands go on, and the next start takes them up");
    handle.graceful_shutdown(Some(GRACE));
    Ok(serving.await??)
}

/// Answers every connection, encrypted where there is a certificate. An answer in several small writes must not wait
/// for the client's acknowledgement of the first.
async fn listen(
    options: &Options,
    listener: TcpListener,
    router: Router,
    handle: Handle<SocketAddr>,
) -> anyhow::Result<BoxFuture<'static, io::Result<()>>> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .first_request_timeout(PATIENCE);
    server.http_builder().http1().header_read_timeout(IDLE);
    Ok(match options.certificate() {
        Some(certificate) => {
            let tls = RustlsAcceptor::new(certificate.open().await?).acceptor(NoDelayAcceptor::new());
            server.acceptor(Bounded::new(tls)).serve(service).boxed()
        }
        None => {
            let plain = Bounded::new(NoDelayAcceptor::new());
            server.acceptor(plain).serve(service).boxed()
        }
    })
}

/// The one line on standard output: the address to open.
#[allow(clippy::print_stdout)]
fn announce(address: &str) {
    println!("Jobsphere is ready: {address}");
}

/// The lock is nobody else's to hold.
const LOCK_MODE: u32 = 0o600;

/// One server for a data folder.
#[allow(clippy::disallowed_methods)] // It blocks.
fn claim(data_dir: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data_dir)
        .with_context(|| format!("cannot create the data folder {}", data_dir.display()))?;
    let lock = File::create(data_dir.join("lock"))
        .and_then(|lock| {
            // Whoever can open it can hold it: a command of another user could keep the server from its next start.
            lock.set_permissions(Permissions::from_mode(LOCK_MODE))?;
            Ok(lock)
        })
        .with_context(|| format!("cannot write to the data folder {}", data_dir.display()))?;
    // A server that was killed a moment ago may have been starting a process, which holds the lock until it is another
    // program.
    let patience = Instant::now() + LOCK_PATIENCE;
    while !lock.try_lock_exclusive()? {
        if Instant::now() < patience {
            std::thread::sleep(GLANCE);
            continue;
        }
        bail!(
            "another server is using the data folder {}; stop it, or name another with --data-dir DIR",
            data_dir.display()
        );
    }
    Ok(lock)
}

/// What answers calls, over everything that is kept in `data_dir`.
async fn service(config: &Arc<Config>, around: Around) -> anyhow::Result<(JobService, Arc<DiskBlobs>)> {
    let data_dir = around.data_dir.clone();
    let data_dir = data_dir.as_path();
    let blobs = Arc::new(
        DiskBlobs::open(data_dir)
            .await?
            .with_file_limit(config.limits.file_bytes),
    );
    let watcher = Arc::new(Watcher::open().context("the file system cannot be watched")?);
    let logs = Arc::new(DiskLogs::open(data_dir, watcher.clone())?);
    let store = SqliteStore::open(data_dir).await?;
    let engine = LocalEngine::open(
        around,
        store.clone(),
        config.clone(),
        blobs.clone(),
        logs.clone(),
        watcher,
    );
    let service = JobService::open(Parts {
        store: Arc::new(store),
        blobs: blobs.clone(),
        engine: Arc::new(engine.await?),
        logs,
        host: Arc::new(TokioHost),
        capacity: config.capacity(),
    });
    Ok((service.await?, blobs))
}

fn router(
    (service, blobs): (JobService, Arc<DiskBlobs>),
    config: &Config,
    pages: Pages,
    guard: Guard,
    callers: Arc<Callers>,
) -> Router {
    let app = Router::new()
        .fallback(app_files::serve)
        .with_state(pages.clone())
        .layer(CompressionLayer::new());
    let door = ShareDoor::new(service.clone(), &config.limits);
    let mut router = grpc(&service, config, callers)
        .merge(shared_job(&service, door.clone()))
        .merge(files::router(blobs.clone()))
        .merge(shares::router(service, blobs, pages, door))
        .route("/health", get(|| async { "ok\n" }))
        .fallback_service(app);
    if let Some(cors) = guard.cors() {
        router = router.layer(cors);
    }
    headers::on_every_answer(router.layer(middleware::from_fn_with_state(guard, guard::check)))
}

/// The API, as gRPC over HTTP/2 and as gRPC-web over either.
fn grpc(service: &JobService, config: &Config, callers: Arc<Callers>) -> Router {
    // The door has refused what is larger; this is for tonic, whose own limit would be smaller.
    let most = config.limits.message_bytes;
    let door = Door::new(callers.clone(), &config.limits);
    tonic::service::Routes::new(ProjectJobServiceServer::new(service.clone()).max_decoding_message_size(most))
        .add_service(OperationServiceServer::new(service.clone()).max_decoding_message_size(most))
        .add_service(ProjectServiceServer::new(service.clone()).max_decoding_message_size(most))
        .add_service(ShareServiceServer::new(service.clone()).max_decoding_message_size(most))
        .add_service(UnnamedFileServiceServer::new(service.clone()).max_decoding_message_size(most))
        .add_service(IamTokenServiceServer::new(IamTokens(callers)))
        .into_axum_router()
        .layer(middleware::from_fn_with_state(door, door::check))
        .layer(GrpcWebLayer::new())
}

/// What the holders of share links call. The router of tonic answers every path; this one only its own.
fn shared_job(service: &JobService, door: ShareDoor) -> Router {
    let calls = SharedJobServiceServer::new(service.clone()).max_decoding_message_size(share_door::MESSAGE_BYTES);
    Router::new()
        .route_service("/jobsphere.v1.SharedJobService/{*method}", calls)
        .layer(middleware::from_fn_with_state(door, share_door::check))
        .layer(GrpcWebLayer::new())
}

async fn signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
