//! The app; trunk builds it for wasm32. The program to run on a machine is `jobsphere-server`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    jobsphere::app::mount();
}
