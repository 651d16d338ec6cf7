//! Why a job waits: its place in the queue, as `status_details` say it.

/// The words of a job that waits, before its place is known.
pub const IN_THE_QUEUE: &str = "In the queue";
const PLACE: &str = ": place ";

/// The words of `status_details` for a job that waits for its turn; the next one has place 1.
pub fn details(place: usize) -> String {
    format!("{IN_THE_QUEUE}{PLACE}{place}")
}

/// The place that such words name.
pub fn place(details: &str) -> Option<usize> {
    details.strip_prefix(IN_THE_QUEUE)?.strip_prefix(PLACE)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back() {
        assert_eq!(place(&details(3)), Some(3));
        assert_eq!(place("In the queue: place of honour"), None);
        assert_eq!(place("Preparing the working directory"), None);
    }
}
