//! The worker that keeps a log; trunk builds it next to the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere_browser::log_worker::worker::listen();
}
