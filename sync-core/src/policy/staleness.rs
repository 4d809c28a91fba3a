//! Facts too old to knock on a door with.

use jiff::Timestamp;

use super::facts::CaseFacts;
use super::pack::Pack;
use super::verdict::{Reason, Rule};

pub(super) fn check(facts: &CaseFacts, at: Timestamp, pack: &Pack) -> Option<Reason> {
    let allowed_s = pack.rules.facts_max_age_s?.get();
    // Facts from after `at` come of an unset clock; they are fresh.
    let age_s = at.as_second().saturating_sub(facts.facts_as_of.as_second());
    (age_s > allowed_s).then(|| {
        Reason::new(
            Rule::Staleness,
            pack,
            format!(
                "The facts of this case are {} h old; at most {} h are allowed. Sync first.",
                age_s / 3600,
                allowed_s / 3600
            ),
        )
    })
}
