//! The worker that looks into dropped folders; trunk builds it next to the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere_browser::reader::worker::listen();
}
