//! What this engine does not do yet: said at Create, never ignored.

use jobsphere::api::jobs::JobParameters;

/// A sentence for each part of `parameters` that cannot be honoured.
pub(super) fn refusals(parameters: &JobParameters) -> Vec<String> {
    let asked = [
        (
            !parameters.s3_mount_ids.is_empty(),
            "s3_mount_ids",
            "send the files as inputs",
        ),
        (
            !parameters.dataset_ids.is_empty(),
            "dataset_ids",
            "send the files as inputs",
        ),
        (
            !parameters.output_datasets.is_empty(),
            "output_datasets",
            "name an output file or folder",
        ),
        (
            parameters.attach_project_disk,
            "attach_project_disk",
            "send the files as inputs",
        ),
        (
            parameters.spark_parameters.is_some(),
            "spark_parameters",
            "run it on a service with Spark connectors",
        ),
    ];
    asked
        .into_iter()
        .filter(|(is_asked, ..)| *is_asked)
        .map(|(_, part, cure)| format!("this server cannot honour `job_parameters.{part}` yet; {cure}"))
        .collect()
}
