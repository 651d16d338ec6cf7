//! The contract: generated messages and services, and what makes them pleasant to use.
//!
//! The modules mirror the published packages; `proto/` holds the source. [`share`] alone is of our own.

/// Generated code, laid out as the packages are so that cross-references resolve.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used)]
mod generated {
    pub mod google {
        pub mod rpc {
            tonic::include_proto!("google.rpc");
        }
    }
    pub mod jobsphere {
        pub mod v1 {
            tonic::include_proto!("jobsphere.v1");
        }
    }
    pub mod yandex {
        pub mod cloud {
            pub mod datasphere {
                pub mod v2 {
                    tonic::include_proto!("yandex.cloud.datasphere.v2");
                    pub mod jobs {
                        tonic::include_proto!("yandex.cloud.datasphere.v2.jobs");
                    }
                }
            }
            pub mod iam {
                pub mod v1 {
                    tonic::include_proto!("yandex.cloud.iam.v1");
                }
            }
            pub mod operation {
                tonic::include_proto!("yandex.cloud.operation");
            }
        }
    }
}

pub use generated::{
    google::rpc,
    jobsphere::v1 as share,
    yandex::cloud::{
        datasphere::v2::{self as project, jobs},
        iam::v1 as iam,
        operation,
    },
};

pub mod any;
pub mod codec;
pub mod id;
pub mod path;
pub mod server_url;
pub mod sha256;
pub mod time;

/// The offset that asks `ReadLogs` for what comes from now on; the first answer tells where that is.
pub const LOG_FROM_NOW: i64 = -1;

/// The encoded `FileDescriptorSet` of everything under `proto/`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
