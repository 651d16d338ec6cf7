//! What goes wrong, and when.

use std::cell::{Cell, RefCell};

use crate::seed::Random;

/// What happens to a call or an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection breaks before the service hears of it.
    Before,
    /// It breaks when a half has been sent.
    Halfway,
    /// It breaks when the service has done its part.
    After,
    /// No answer ever comes, and the service heard nothing.
    HungBefore,
    /// No answer ever comes, though the service has done its part.
    HungAfter,
    /// The service, or what stands before it, answers with this HTTP status.
    Status(u16),
}

impl Fault {
    /// Whether the service does its part all the same.
    pub(crate) fn is_after(self) -> bool {
        matches!(self, Self::After | Self::HungAfter)
    }
}

/// Where something may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A call that a submission depends on.
    Call,
    /// A call that clears away.
    ClearingAway,
    /// An upload.
    Upload,
}

const OF_CALLS: [Fault; 5] = [
    Fault::Before,
    Fault::After,
    Fault::HungBefore,
    Fault::HungAfter,
    Fault::Status(503),
];

/// What an upload may meet.
pub(crate) const OF_UPLOADS: [Fault; 11] = [
    Fault::Before,
    Fault::Halfway,
    Fault::After,
    Fault::HungBefore,
    Fault::HungAfter,
    Fault::Status(500),
    Fault::Status(502),
    Fault::Status(503),
    Fault::Status(403),
    Fault::Status(410),
    Fault::Status(507),
];

/// The order in which things go wrong.
pub(crate) enum Faults {
    /// At random, so many in all.
    Random {
        random: Random,
        left: Cell<u64>,
        one_in: u64,
        clearing_left: Cell<u64>,
    },
    /// One, at the so manieth place.
    At { fault: Fault, places_before: Cell<u64> },
    /// These, at uploads.
    Uploads(RefCell<Vec<Fault>>),
}

impl Faults {
    pub(crate) fn none() -> Self {
        Self::Uploads(RefCell::default())
    }

    pub(crate) fn of(seed: u64) -> Self {
        let random = Random::new(seed);
        let left = Cell::new(random.below(25));
        let one_in = 1 + random.below(8);
        // What is left behind is cleared away twice, not for ever.
        let clearing_left = Cell::new(1);
        Self::Random {
            random,
            left,
            one_in,
            clearing_left,
        }
    }

    pub(crate) fn at(place: u64, fault: Fault) -> Self {
        Self::At {
            fault,
            places_before: Cell::new(place + 1),
        }
    }

    pub(crate) fn of_uploads(faults: &[Fault]) -> Self {
        Self::Uploads(RefCell::new(faults.iter().rev().copied().collect()))
    }

    /// Whether the one fault was met.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::Random { left, .. } => left.get() == 0,
            Self::At { places_before, .. } => places_before.get() == 0,
            Self::Uploads(faults) => faults.borrow().is_empty(),
        }
    }

    /// What goes wrong at this place.
    pub(crate) fn next(&self, place: Place) -> Option<Fault> {
        match self {
            Self::Random {
                random,
                left,
                one_in,
                clearing_left,
            } => {
                let budget = if place == Place::ClearingAway {
                    clearing_left
                } else {
                    left
                };
                if budget.get() == 0 || !random.one_in(*one_in) {
                    return None;
                }
                budget.set(budget.get() - 1);
                Some(match place {
                    Place::Upload => random.of(&OF_UPLOADS),
                    Place::Call | Place::ClearingAway => random.of(&OF_CALLS),
                })
            }
            Self::At { fault, places_before } => {
                let before = places_before.get().saturating_sub(1);
                let is_here = places_before.get() == 1;
                places_before.set(before);
                is_here.then_some(*fault)
            }
            Self::Uploads(faults) if place == Place::Upload => faults.borrow_mut().pop(),
            Self::Uploads(_) => None,
        }
    }
}
