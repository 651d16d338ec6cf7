//! What of a submission outlasts the page.

/// A job on its way, as it is kept until it runs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Sending {
    /// The digest of the request.
    pub(crate) request: String,
    /// The `Idempotency-Key` of its Create.
    pub(crate) key: String,
    /// The job it became, as long as Execute has not been asked for.
    #[serde(default)]
    pub(crate) waiting_job: Option<String>,
}
