//! Tells the linker what the tool that takes the app apart has to know.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What refers to what.
        println!("cargo:rustc-link-arg-bin=jobsphere=--emit-relocs");
    }
}
