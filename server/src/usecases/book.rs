//! The loan book as rules read it: rows turned into the vocabulary once.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::kinds::{CaseStatus, Met};
use sync_core::model::{CaseFlag, Dpd, Flags, LocalWindow, Position, Weekday, Zone};
use sync_core::policy::{Attempt, CaseFacts, Pack};

use crate::app::App;
use crate::config::parse_days;
use crate::db::rows::{AgentRow, BorrowerRow, CaseRow};
use crate::db::{DbError, Id};
use crate::error::Error;

/// Visits before that many days count in no rule: as far as the rules look ahead.
const COUNTED_DAYS: i64 = 400;

/// A case with its borrower, ready for the rules.
#[derive(Debug, Clone)]
pub(crate) struct BookCase {
    pub(crate) row: CaseRow,
    pub(crate) has_phone: bool,
    pub(crate) language: Option<String>,
    pub(crate) at: Position,
    pub(crate) dpd: Dpd,
    pub(crate) flags: Flags,
    pub(crate) zone: Zone,
    pub(crate) visit_window: Option<LocalWindow>,
    /// Visits that came back, as far as a rule may count them.
    pub(crate) attempts: Vec<Attempt>,
    /// The agent of the last of them.
    pub(crate) last_agent: Option<Id>,
    /// The status that the office gave to it; open where there is none.
    pub(crate) status: CaseStatus,
}

impl BookCase {
    /// What the policy may know.
    pub(crate) fn facts(&self, as_of: Timestamp) -> CaseFacts {
        CaseFacts {
            zone: self.zone.clone(),
            visit_window: self.visit_window,
            flags: self.flags,
            attempts: self.attempts.clone(),
            facts_as_of: as_of,
            dpd: self.dpd,
        }
    }

    /// Skills that a visit needs.
    pub(crate) fn skills(&self) -> impl Iterator<Item = &str> {
        listed(&self.row.skills)
    }

    /// Agents that a visit takes, who arrive together.
    pub(crate) fn crew(&self) -> u8 {
        if self.row.crew == 2 { 2 } else { 1 }
    }

    /// Whether the visit has to be made whatever it costs.
    pub(crate) fn is_mandatory(&self) -> bool {
        self.row.mandatory != 0
    }

    /// Whether that agent must not go.
    pub(crate) fn forbids(&self, agent: &AgentRow) -> bool {
        listed(&self.row.agent_forbidden).any(|name| name == agent.agent_ref)
    }

    /// Whether that agent should go rather than others.
    pub(crate) fn prefers(&self, agent: &AgentRow) -> bool {
        listed(&self.row.agent_preferred).any(|name| name == agent.agent_ref)
    }
}

/// The words of a list as the book keeps it.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').filter(|word| !word.is_empty())
}

/// All cases of the organisation, by reference.
pub(crate) fn load_cases(app: &App) -> Result<Vec<BookCase>, Error> {
    let borrowers: HashMap<Id, BorrowerRow> =
        app.store.borrowers(app.org)?.into_iter().map(|b| (b.borrower_id, b)).collect();
    let zone = &app.settings.organisation.time_zone;
    let mut cases = read_cases(app.store.cases(app.org)?, &borrowers, zone)?;
    add_what_came_back(app, &mut cases)?;
    Ok(cases)
}

/// Visits and statuses of the log.
fn add_what_came_back(app: &App, cases: &mut [BookCase]) -> Result<(), Error> {
    let now = app.ids.clock().now();
    let since = now.as_microsecond().saturating_sub(COUNTED_DAYS * 86_400 * 1_000_000);
    let mut attempts: HashMap<Id, Vec<Attempt>> = HashMap::new();
    let mut agents: HashMap<Id, Id> = HashMap::new();
    for (case, arrived_at, met, agent) in app.store.visits_since(app.org, since)? {
        let Ok(at) = Timestamp::from_microsecond(arrived_at) else { continue };
        let attempt = Attempt::visit(at, met == Met::Borrower.label());
        attempts.entry(case).or_default().push(attempt);
        agents.extend(agent.map(|agent| (case, agent)));
    }
    let statuses: HashMap<Id, String> = app.store.case_statuses(app.org)?.into_iter().collect();
    for case in cases {
        case.attempts = attempts.remove(&case.row.case_id).unwrap_or_default();
        case.last_agent = agents.get(&case.row.case_id).copied();
        if let Some(status) = statuses.get(&case.row.case_id) {
            let status = status.parse::<CaseStatus>();
            case.status = status.map_err(|error| DbError::Corrupt(error.to_string()))?;
        }
    }
    Ok(())
}

/// Cases from rows; all accounts of a borrower have to be among them.
pub(crate) fn read_cases(
    rows: Vec<CaseRow>,
    borrowers: &HashMap<Id, BorrowerRow>,
    zone: &Zone,
) -> Result<Vec<BookCase>, DbError> {
    let mut cases: Vec<BookCase> = rows
        .into_iter()
        .map(|row| {
            let borrower = borrowers.get(&row.borrower_id);
            read_case(row, borrower, zone)
        })
        .collect::<Result<_, DbError>>()?;
    unite_flags(&mut cases);
    Ok(cases)
}

/// The policy packs in force.
pub(crate) fn load_packs(app: &App) -> Result<Vec<Pack>, Error> {
    let named = app.settings.policy.packs.iter();
    named
        .map(|name| Pack::shipped(name).map_err(|e| Error::Invalid(format!("doorstep.toml: {e}"))))
        .collect()
}

/// What is true of the person holds for all of his or her accounts; a dispute is of one account.
fn unite_flags(cases: &mut [BookCase]) {
    let personal =
        [CaseFlag::Vulnerable, CaseFlag::Bereaved, CaseFlag::Hardship, CaseFlag::NoContact];
    let mut of_person: HashMap<Id, Flags> = HashMap::new();
    for case in cases.iter().filter(|case| !case.flags.is_empty()) {
        let flags = of_person.entry(case.row.borrower_id).or_insert(Flags::NONE);
        *flags = personal
            .into_iter()
            .filter(|flag| case.flags.contains(*flag))
            .fold(*flags, Flags::with);
    }
    for case in cases {
        if let Some(flags) = of_person.get(&case.row.borrower_id) {
            case.flags = flags.iter().fold(case.flags, Flags::with);
        }
    }
}

fn read_case(
    row: CaseRow,
    borrower: Option<&BorrowerRow>,
    zone: &Zone,
) -> Result<BookCase, DbError> {
    let corrupt = |what: String| DbError::Corrupt(format!("case {}: {what}", row.case_ref));
    let at = Position::from_e7(row.lat_e7, row.lon_e7).map_err(|e| corrupt(e.to_string()))?;
    let dpd = Dpd::new(i64::from(row.dpd)).map_err(|e| corrupt(e.to_string()))?;
    let flags: Flags = row.flags.parse().map_err(|e| corrupt(format!("{e}")))?;
    let own_zone = row.time_zone.as_deref().map(str::parse::<Zone>).transpose();
    let zone = own_zone.map_err(|e| corrupt(e.to_string()))?.unwrap_or_else(|| zone.clone());
    let minute = |m: Option<i32>, open: u16| {
        m.map_or(Ok(open), u16::try_from).map_err(|e| corrupt(format!("visit hours: {e}")))
    };
    let visit_window = match (row.visit_from_min, row.visit_to_min) {
        (None, None) => None,
        (from, to) => {
            let window = LocalWindow::new(minute(from, 0)?, minute(to, 24 * 60)?);
            Some(window.map_err(|e| corrupt(e.to_string()))?)
        }
    };
    Ok(BookCase {
        has_phone: borrower.is_some_and(|b| b.phone.is_some()),
        language: borrower.and_then(|b| b.language.clone()),
        at,
        dpd,
        flags,
        zone,
        visit_window,
        attempts: Vec::new(),
        last_agent: None,
        status: CaseStatus::Open,
        row,
    })
}

/// An agent and when and what he or she can work.
#[derive(Debug, Clone)]
pub(crate) struct BookAgent {
    pub(crate) row: AgentRow,
    pub(crate) base: Position,
    pub(crate) end: Position,
    days: Vec<Weekday>,
    shift: LocalWindow,
}

impl BookAgent {
    /// Whether the agent works on that day.
    pub(crate) fn works_on(&self, date: Date) -> bool {
        self.days.contains(&Weekday::of(date))
    }

    /// First and last second of the shift in the organisation's zone.
    pub(crate) fn shift_on(&self, date: Date, zone: &Zone) -> Option<(i64, i64)> {
        let spans = self.shift.on(date, zone);
        let (first, last) = (spans.first()?, spans.last()?);
        Some((first.early().as_second(), last.late().as_second()))
    }

    /// Hours of a normal shift, in seconds.
    pub(crate) fn shift_s(&self) -> i64 {
        i64::from(self.shift.to_min() - self.shift.from_min()) * 60
    }

    /// The languages spoken.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &str> {
        listed(&self.row.languages)
    }

    /// Whether the agent has that skill; a certificate of that name is asked for apart.
    pub(crate) fn is_skilled(&self, skill: &str) -> bool {
        listed(&self.row.skills).any(|own| own == skill)
    }

    /// The last day of a certificate, if the agent ever had it.
    pub(crate) fn certified_until(&self, certificate: &str) -> Option<Date> {
        let mut all = listed(&self.row.certificates).filter_map(|own| own.split_once(':'));
        all.find(|(name, _)| *name == certificate)?.1.parse().ok()
    }
}

/// All agents of the organisation, by reference.
pub(crate) fn load_agents(app: &App) -> Result<Vec<BookAgent>, Error> {
    app.store.agents(app.org)?.into_iter().map(read_agent).collect()
}

fn read_agent(row: AgentRow) -> Result<BookAgent, Error> {
    let corrupt = |what: String| DbError::Corrupt(format!("agent {}: {what}", row.agent_ref));
    let place = |lat, lon| Position::from_e7(lat, lon).map_err(|e| corrupt(e.to_string()));
    let minute = |m: i32| u16::try_from(m).map_err(|e| corrupt(format!("shift: {e}")));
    let base = place(row.base_lat_e7, row.base_lon_e7)?;
    let end = place(row.end_lat_e7, row.end_lon_e7)?;
    let days = parse_days(&row.days).map_err(&corrupt)?;
    let shift = LocalWindow::new(minute(row.shift_start_min)?, minute(row.shift_end_min)?)
        .map_err(|e| corrupt(e.to_string()))?;
    Ok(BookAgent { row, base, end, days, shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::rows::CaseRow;

    fn case(borrower: u8, flags: &str) -> BookCase {
        let row = CaseRow {
            org_id: Id::default(),
            case_id: Id::default(),
            case_ref: String::new(),
            borrower_id: Id([borrower; 16]),
            lat_e7: 0,
            lon_e7: 1,
            address: None,
            amount_due_minor: 1,
            principal_minor: None,
            dpd: 1,
            last_payment_at: None,
            last_payment_minor: None,
            ability_minor: None,
            time_zone: None,
            visit_from_min: None,
            visit_to_min: None,
            flags: flags.into(),
            geocode_grade: None,
            skills: String::new(),
            crew: 1,
            mandatory: 0,
            agent_forbidden: String::new(),
            agent_preferred: String::new(),
        };
        read_case(row, None, &Zone::UTC).unwrap()
    }

    #[test]
    fn what_is_true_of_the_person_holds_for_every_account() {
        let mut cases =
            [case(1, "bereaved;dispute"), case(1, ""), case(1, "no_contact"), case(2, "")];
        unite_flags(&mut cases);
        let flags: Vec<String> = cases.iter().map(|case| case.flags.to_string()).collect();
        let [own, other, third, stranger] = &flags[..] else { panic!() };
        assert!(own.contains("dispute") && own.contains("bereaved") && own.contains("no_contact"));
        assert!(other.contains("bereaved") && other.contains("no_contact"), "{other}");
        assert!(!other.contains("dispute"), "a dispute is of one account");
        assert!(third.contains("bereaved"));
        assert_eq!(stranger, "");
    }
}
