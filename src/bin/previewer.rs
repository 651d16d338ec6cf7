//! The worker that reads what is previewed; trunk builds it next to the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere_browser::previewer::worker::listen();
}
