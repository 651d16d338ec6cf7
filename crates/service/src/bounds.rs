//! How long texts of calls may be that are no part of a job.

use super::ServiceError;

/// A text of at most `max` characters.
///
/// # Errors
/// INVALID_ARGUMENT, by the field's name.
pub(super) fn text(field: &'static str, text: &str, max: usize) -> Result<(), ServiceError> {
    // Counting stops where it is clear.
    if text.chars().nth(max).is_none() {
        return Ok(());
    }
    Err(ServiceError::Field {
        field,
        problem: format!("is longer than {max} characters"),
    })
}

/// The longest beginning of `text` that has at most `max` bytes.
pub(super) fn beginning(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or(text)
}
