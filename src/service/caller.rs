//! Who calls, and from where.

/// Put into each request's extensions by the host, after it has let the caller in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user's id, for `created_by`.
    pub id: String,
    /// The address the caller reached the service at, such as `http://127.0.0.1:8080`: file URLs begin with it.
    pub origin: String,
}
