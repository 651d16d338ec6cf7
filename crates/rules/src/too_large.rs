//! An output that holds more than it may: the server says so in the description of the error, and a page reads out of it
//! what it says in the person's own language.

const BEGINNING: &str = "It could not be stored: it holds ";
const MORE: &str = "more than ";
const HELD: &str = " bytes, holes counted";
const OF_DISK: &str = ", and the disk of the server has room for ";
const DISK_CURE: &str = ": make it smaller, or free some space on the server, and run the job again";
const OF_JOB: &str = ", and the job has ";
const JOB_CURE: &str = " of storage: make it smaller, or ask for more in `extended_working_storage`";

/// What an output holds, and what it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// With its holes; `None` when it was not counted to the end.
    pub size_bytes: Option<u64>,
    /// The most that it may hold.
    pub most_bytes: u64,
    /// Whether that is what the server's disk has room for, and not the storage of the job.
    pub is_of_disk: bool,
}

impl TooLarge {
    /// The sentence.
    pub fn description(self) -> String {
        let most = self.most_bytes;
        let held = match self.size_bytes {
            Some(size) => format!("{size}"),
            None => format!("{MORE}{most}"),
        };
        match self.is_of_disk {
            true => format!("{BEGINNING}{held}{HELD}{OF_DISK}{most}{DISK_CURE}"),
            false => format!("{BEGINNING}{held}{HELD}{OF_JOB}{most}{JOB_CURE}"),
        }
    }

    /// What such a sentence says; `None` for the words of another service.
    pub fn in_description(description: &str) -> Option<Self> {
        let (held, rest) = description.strip_prefix(BEGINNING)?.split_once(HELD)?;
        let (is_of_disk, most) = match rest.strip_prefix(OF_DISK) {
            Some(rest) => (true, rest.strip_suffix(DISK_CURE)?),
            None => (false, rest.strip_prefix(OF_JOB)?.strip_suffix(JOB_CURE)?),
        };
        let size_bytes = match held.starts_with(MORE) {
            true => None,
            false => Some(held.parse().ok()?),
        };
        Some(Self {
            size_bytes,
            most_bytes: most.parse().ok()?,
            is_of_disk,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_understood() {
        for size_bytes in [Some(2 << 40), None] {
            for is_of_disk in [true, false] {
                let said = TooLarge {
                    size_bytes,
                    most_bytes: 100 << 30,
                    is_of_disk,
                };
                assert_eq!(TooLarge::in_description(&said.description()), Some(said));
            }
        }
        assert_eq!(
            TooLarge::in_description("It could not be stored: no space left on device"),
            None
        );
    }

    #[test]
    fn the_sentence_names_size_limit_and_cure() {
        let said = TooLarge {
            size_bytes: Some(2_199_023_255_552),
            most_bytes: 107_374_182_400,
            is_of_disk: false,
        };
        let wanted = "It could not be stored: it holds 2199023255552 bytes, holes counted, and the job has 107374182400 of \
                      storage: make it smaller, or ask for more in `extended_working_storage`";
        assert_eq!(said.description(), wanted);
    }
}
