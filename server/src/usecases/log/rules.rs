//! What the rules said of a visit when it happened.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sync_core::kinds::Met;
use sync_core::model::{CaseFlag, Flags, Zone};
use sync_core::policy::{Attempt, CaseFacts, Pack, evaluate_all};

use crate::app::App;
use crate::db::log::LogKnown;
use crate::db::rows::VisitRow;
use crate::db::{DbError, Id};
use crate::error::Error;
use crate::usecases::book::{BookCase, load_packs, read_cases};

/// The packs in force, and the zone of cases without one.
#[derive(Debug, Clone)]
pub(in crate::usecases) struct Rules {
    /// The packs.
    pub(in crate::usecases) packs: Vec<Pack>,
    /// The organisation's zone.
    pub(in crate::usecases) zone: Zone,
}

impl Rules {
    /// Those of the settings.
    pub(in crate::usecases) fn of(app: &App) -> Result<Self, Error> {
        Ok(Self { packs: load_packs(app)?, zone: app.settings.organisation.time_zone.clone() })
    }
}

/// The facts of the cases of a decision.
#[derive(Debug)]
pub(super) struct Facts {
    cases: BTreeMap<Id, BookCase>,
    /// Instants (microseconds) from which a circumstance is known.
    since: BTreeMap<(Id, &'static str), i64>,
    visits: BTreeMap<Id, Vec<Attempt>>,
}

impl Facts {
    pub(super) fn of(known: &LogKnown, rules: &Rules) -> Result<Self, DbError> {
        let cases = read_cases(known.cases.clone(), &HashMap::new(), &rules.zone)?;
        let mut since = BTreeMap::new();
        for row in &known.recalls {
            if let Ok(flag) = row.code.parse::<CaseFlag>() {
                let first = since.entry((row.case_id, flag.label())).or_insert(row.at);
                *first = row.at.min(*first);
            }
        }
        let mut facts = Self {
            cases: cases.into_iter().map(|case| (case.row.case_id, case)).collect(),
            since,
            visits: BTreeMap::new(),
        };
        for row in &known.visits {
            facts.note(row);
        }
        Ok(facts)
    }

    /// The zone of a case that was read.
    pub(super) fn zone(&self, case: Id) -> Option<&Zone> {
        self.cases.get(&case).map(|book| &book.zone)
    }

    /// A visit, for those that come after.
    pub(super) fn note(&mut self, row: &VisitRow) {
        let Ok(at) = Timestamp::from_microsecond(row.arrived_at) else { return };
        let attempt = Attempt::visit(at, row.met == Met::Borrower.label());
        self.visits.entry(row.case_id).or_default().push(attempt);
    }

    /// Whether a rule objected to a visit of the case at that instant (microseconds).
    ///
    /// A circumstance counts from when it was told, and visits that came before count. How old the
    /// facts on the phone were is not known here; the phone says so itself.
    pub(super) fn breached(&self, case: Id, at_us: i64, rules: &Rules) -> bool {
        let Some(book) = self.cases.get(&case) else { return false };
        let Ok(at) = Timestamp::from_microsecond(at_us) else { return true };
        let known = |flag: &CaseFlag| {
            self.since.get(&(case, flag.label())).is_none_or(|since| *since <= at_us)
        };
        let facts = CaseFacts {
            flags: book.flags.iter().filter(known).fold(Flags::NONE, Flags::with),
            attempts: self
                .visits
                .get(&case)
                .into_iter()
                .flatten()
                .filter(|attempt| attempt.at < at)
                .copied()
                .collect(),
            ..book.facts(at)
        };
        !evaluate_all(&facts, at, &rules.packs).is_allowed()
    }
}
