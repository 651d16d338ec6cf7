//! Puts the parts together and serves them until a signal ends it.

use std::{fs::File, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use axum::{Router, middleware, routing::get, serve::ListenerExt};
use fs4::fs_std::FileExt;
use http::{HeaderName, HeaderValue, header};
use jobsphere::{
    api::{
        iam::iam_token_service_server::IamTokenServiceServer,
        jobs::project_job_service_server::ProjectJobServiceServer,
        operation::operation_service_server::OperationServiceServer,
        project::project_service_server::ProjectServiceServer,
    },
    service::{JobService, Parts},
};
use tokio::net::TcpListener;
use tonic_web::GrpcWebLayer;
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::{
    app_files,
    blobs::DiskBlobs,
    cli::Options,
    config::Config,
    engine::LocalEngine,
    files,
    guard::{self, Guard},
    host::TokioHost,
    logs::DiskLogs,
    sandbox::Sandbox,
    store::SqliteStore,
    watch::Watcher,
};

/// Each running job keeps one waiting for its end.
const MAX_BLOCKING_THREADS: usize = 4096;
/// Followers of logs never end by themselves; they reconnect to the next server.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When an option is refused, the data folder is in use or unusable, or the address is taken.
pub(crate) fn serve(options: &Options) -> anyhow::Result<()> {
    options.check()?;
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
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; choose another with --listen ADDR:PORT",
            options.listen
        )
    })?;
    let address = listener.local_addr()?;
    let sandbox = options.sandbox(data_dir)?;
    if sandbox == Sandbox::None {
        tracing::warn!("commands run with the rights of this server; `jobsphere-server doctor` says what is missing");
    }
    let config = Arc::new(Config::read(options.config.as_deref(), data_dir)?);
    let router = router(options, &config, sandbox, data_dir).await?;
    announce(address);
    tracing::info!(data_dir = %data_dir.display(), "listening on {address}");

    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut stopping = stopped.clone();
    // An answer in several small writes would wait for the client's acknowledgement of the first.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!("a connection will be slow: {error}");
        }
    });
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(server.into_future());
    signal().await?;
    tracing::info!("stopping; running commands go on, and the next start takes them up");
    stop.send_replace(true);
    match tokio::time::timeout(GRACE, server).await {
        Ok(ended) => Ok(ended??),
        Err(_) => Ok(()),
    }
}

/// The one line on standard output: the address to open.
#[allow(clippy::print_stdout)]
fn announce(address: SocketAddr) {
    println!("Jobsphere is ready: http://{address}");
}

/// One server for a data folder.
fn claim(data_dir: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data_dir)
        .with_context(|| format!("cannot create the data folder {}", data_dir.display()))?;
    let lock = File::create(data_dir.join("lock"))
        .with_context(|| format!("cannot write to the data folder {}", data_dir.display()))?;
    if !lock.try_lock_exclusive()? {
        bail!(
            "another server is using the data folder {}; stop it, or name another with --data-dir DIR",
            data_dir.display()
        );
    }
    Ok(lock)
}

async fn router(options: &Options, config: &Arc<Config>, sandbox: Sandbox, data_dir: &Path) -> anyhow::Result<Router> {
    let blobs = Arc::new(DiskBlobs::open(data_dir).await?);
    let watcher = Arc::new(Watcher::open().context("the file system cannot be watched")?);
    let logs = Arc::new(DiskLogs::open(data_dir, watcher.clone())?);
    let service = JobService::open(Parts {
        store: Arc::new(SqliteStore::open(data_dir).await?),
        blobs: blobs.clone(),
        engine: Arc::new(LocalEngine::open(
            data_dir,
            config.clone(),
            sandbox,
            blobs.clone(),
            logs.clone(),
            watcher,
        )?),
        logs,
        host: Arc::new(TokioHost),
        capacity: config.capacity(),
    })
    .await?;
    Ok(grpc(&service, config.limits.message_bytes)
        .merge(files::router(blobs))
        .route("/health", get(|| async { "ok\n" }))
        .fallback_service(Router::new().fallback(app_files::serve).layer(CompressionLayer::new()))
        .layer(middleware::from_fn_with_state(
            Guard::new(&options.allowed_origins),
            guard::check,
        ))
        .layer(every_answer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(every_answer(header::REFERRER_POLICY, "no-referrer"))
        .layer(every_answer(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .layer(every_answer(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        )))
}

fn every_answer(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The API, as gRPC over HTTP/2 and as gRPC-web over either.
fn grpc(service: &JobService, message_bytes: usize) -> Router {
    tonic::service::Routes::new(ProjectJobServiceServer::new(service.clone()).max_decoding_message_size(message_bytes))
        .add_service(OperationServiceServer::new(service.clone()))
        .add_service(ProjectServiceServer::new(service.clone()))
        .add_service(IamTokenServiceServer::new(service.clone()))
        .into_axum_router()
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
