//! What this engine does not do yet: said at Create, never ignored.

use jobsphere_api::jobs::JobParameters;

/// A sentence for each part of `parameters` that cannot be honoured.
pub(super) fn refusals(parameters: &JobParameters) -> Vec<String> {
    let asked = [(
        parameters.spark_parameters.is_some(),
        "spark_parameters",
        "run it on a service with Spark connectors",
    )];
    asked
        .into_iter()
        .filter(|(is_asked, ..)| *is_asked)
        .map(|(_, part, cure)| format!("this server cannot honour `job_parameters.{part}` yet; {cure}"))
        .collect()
}
