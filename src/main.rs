//! The app; `cargo xtask build` and trunk build it for wasm32. The program to run on a machine is `jobsphere-server`.

#[cfg(target_arch = "wasm32")]
mod pieces;

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere::app::mount(pieces::PAGES);
}
