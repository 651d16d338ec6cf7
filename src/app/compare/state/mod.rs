//! What is compared.

pub(crate) mod comparison;
pub(crate) mod curves;
pub(crate) mod logs;
