//! Days past due from which a visit may be made.

use super::facts::CaseFacts;
use super::pack::Pack;
use super::verdict::{Reason, Rule};

pub(super) fn check(facts: &CaseFacts, pack: &Pack) -> Option<Reason> {
    let minimum = pack.rules.minimum_dpd?;
    (facts.dpd < minimum).then(|| {
        Reason::new(
            Rule::MinimumDpd,
            pack,
            format!(
                "The account is {} days overdue; visits are allowed from {} days.",
                facts.dpd.get(),
                minimum.get()
            ),
        )
    })
}
