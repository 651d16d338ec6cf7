//! The program of the worker; `cargo xtask demo` builds it for wasm32.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere_demo_worker::begin();
}
