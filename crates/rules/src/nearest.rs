//! The nearest name to one that is missing: the server looks for it, and says it in the description of the error.

/// What stands before the name in the description.
const BEFORE: &str = "The command has not made it; there is `";

/// The sentence for a missing file, with the nearest name where there is one.
pub fn description(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("{BEFORE}{name}`"),
        None => "The command has not made it".to_owned(),
    }
}

/// The name in such a sentence; `None` for the words of another service.
pub fn in_description(description: &str) -> Option<&str> {
    description.strip_prefix(BEFORE)?.strip_suffix('`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_was_said_is_understood() {
        let name = "it's a `quoted` name.pt";
        assert_eq!(in_description(&description(Some(name))), Some(name));
        assert_eq!(in_description(&description(None)), None);
        assert_eq!(in_description("Not found"), None);
    }
}
