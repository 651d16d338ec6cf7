//! The worker that reads what is previewed; trunk builds it next to the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere::browser::previewer::worker::listen();
}
