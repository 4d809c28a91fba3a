//! The hours the borrower asked for.

use jiff::Timestamp;

use super::facts::CaseFacts;
use super::pack::Pack;
use super::verdict::{Reason, Rule};

pub(super) fn check(facts: &CaseFacts, at: Timestamp, pack: &Pack) -> Option<Reason> {
    let own = facts.visit_window?;
    (!own.contains(at, &facts.zone)).then(|| {
        let time = facts.zone.time_zone().to_datetime(at).time();
        Reason::new(
            Rule::VisitWindow,
            pack,
            format!("It is {time:.0} at the home; the borrower asked for visits {own}."),
        )
    })
}
