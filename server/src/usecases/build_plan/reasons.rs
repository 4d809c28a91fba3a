//! Why a case is not in a plan: stable codes, headings, and sentences in money.

/// What kept a case out. The order is the order of display: money first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The cheapest detour costs more than the visit brings, though the door alone would pay.
    Money,
    /// The cheapest detour would pay but does not fit into a shift.
    Shift,
    /// It would pay, but agents are at their number of visits.
    MaxVisits,
    /// It would pay, but at no time somebody may come by.
    Window,
    /// Nobody on duty speaks the language or has the skill.
    Skill,
    /// Nobody on duty has the certificate, or it expired.
    Certificate,
    /// No two agents can be there together.
    Crew,
    /// Whoever could go must not, by `agent_forbidden`.
    Forbidden,
    /// It would pay, but an agent would carry too much money.
    Cash,
    /// A dispatcher took it out.
    ByHand,
    /// It would pay on a route as it is; the search ended before it was put in.
    NextBest,
    /// No agent can drive there and back.
    Unreachable,
    /// The visit brings no more than it costs at the door, time included.
    NoValue,
    /// Outside of the road extract.
    OutsideExtract,
    /// No road near.
    NoRoad,
    /// Its road is cut off.
    Island,
    /// A rule of a policy pack.
    Policy,
    /// Paused, closed or handed to lawyers.
    Status,
    /// Vulnerable, disputed, bereaved, hardship, no contact.
    Flagged,
    /// Cannot pay: remote help.
    CannotPay,
    /// Medium tier.
    TierMedium,
    /// Low tier.
    TierLow,
}

impl Code {
    /// All codes in the order of display.
    pub const ALL: [Self; 22] = [
        Self::Money,
        Self::Shift,
        Self::MaxVisits,
        Self::Window,
        Self::Skill,
        Self::Certificate,
        Self::Crew,
        Self::Forbidden,
        Self::Cash,
        Self::ByHand,
        Self::NextBest,
        Self::Unreachable,
        Self::NoValue,
        Self::OutsideExtract,
        Self::NoRoad,
        Self::Island,
        Self::Policy,
        Self::Status,
        Self::Flagged,
        Self::CannotPay,
        Self::TierMedium,
        Self::TierLow,
    ];

    /// The stable code in files and in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Shift => "shift",
            Self::MaxVisits => "max_visits",
            Self::Window => "window",
            Self::Skill => "skill",
            Self::Certificate => "certificate",
            Self::Crew => "crew",
            Self::Forbidden => "forbidden",
            Self::Cash => "cash",
            Self::ByHand => "by_hand",
            Self::NextBest => "next_best",
            Self::Unreachable => "unreachable",
            Self::NoValue => "no_value",
            Self::OutsideExtract => "outside_extract",
            Self::NoRoad => "no_road",
            Self::Island => "island",
            Self::Policy => "policy",
            Self::Status => "status",
            Self::Flagged => "flagged",
            Self::CannotPay => "cannot_pay",
            Self::TierMedium => "tier_medium",
            Self::TierLow => "tier_low",
        }
    }

    /// Heading for all cases with this code.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Money => "The way there costs more than the visit brings",
            Self::Shift => "Would pay, but does not fit into a shift",
            Self::MaxVisits => "Would pay, but agents are at their number of visits",
            Self::Window => "Would pay, but nobody can come in the allowed hours",
            Self::Skill => "Nobody on duty speaks the language or has the skill",
            Self::Certificate => "Nobody on duty has the certificate that the visit needs",
            Self::Crew => "No two agents can be there together",
            Self::Forbidden => "Whoever could go must not go to this borrower",
            Self::Cash => "Would pay, but agents would carry too much money",
            Self::ByHand => "Taken out by hand",
            Self::NextBest => "Would pay; next to be put in",
            Self::Unreachable => "No agent can drive there and back",
            Self::NoValue => "Brings less than it costs at the door",
            Self::OutsideExtract => "Outside of the road extract",
            Self::NoRoad => "No road near the coordinates",
            Self::Island => "On a road cut off from the network",
            Self::Policy => "Not allowed by a policy pack that day",
            Self::Status => "Paused, closed or handed to lawyers",
            Self::Flagged => "Vulnerable, disputed, bereaved, hardship or no contact",
            Self::CannotPay => "Cannot pay: remote help instead",
            Self::TierMedium => "Medium tier: letters and calls",
            Self::TierLow => "Low tier: watch list",
        }
    }

    /// The code of a label, if it is one.
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.label() == label)
    }
}

/// One case left out.
#[derive(Debug, Clone)]
pub(super) struct LeftOutCase {
    /// Index in the book.
    pub(super) case: usize,
    pub(super) code: Code,
    pub(super) sentence: String,
    /// Micro-units.
    pub(super) prize: Option<i64>,
    /// Cheapest detour, whether it fits or not, micro-units.
    pub(super) cost: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_distinct_and_read_back() {
        for (at, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(Code::of(code.label()), Some(code));
            assert_eq!(Code::ALL.iter().position(|c| c.label() == code.label()), Some(at));
        }
    }
}
