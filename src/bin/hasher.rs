//! The worker that hashes files; trunk builds it next to the app.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere_browser::hashing::worker::listen();
}
