//! What visits need and agents have on a day: languages, skills, and certificates that have not expired.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use super::reasons::Code;
use crate::usecases::book::{BookAgent, BookCase};

/// Something an agent must have for a visit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// Speaks it.
    Language(String),
    /// A skill, or a certificate of that name.
    Skill(String),
    /// A certificate and nothing else.
    Certificate(String),
}

/// A need that an agent does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    need: Need,
    /// The last day of a certificate that the agent had.
    expired: Option<Date>,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Language(tag) => write!(f, "the language ({tag})"),
            Self::Skill(name) => write!(f, "the skill {name}"),
            Self::Certificate(name) => write!(f, "the certificate {name}"),
        }
    }
}

impl Lack {
    /// The stable code of what is lacking.
    pub(super) fn code(&self) -> Code {
        match (&self.need, self.expired) {
            (Need::Certificate(_), _) | (_, Some(_)) => Code::Certificate,
            _ => Code::Skill,
        }
    }

    /// What follows the key of the agent and names the case.
    pub(super) fn of_case(&self, case: &str) -> String {
        match (&self.need, self.expired) {
            (Need::Language(tag), _) => format!("does not speak the language of {case} ({tag})"),
            (need, Some(day)) => {
                format!("lacks {need}, which {case} needs: the certificate expired on {day}")
            }
            (need, None) => format!("lacks {need}, which {case} needs"),
        }
    }
}

/// All needs of a book as the numbers the planner wants, in their order, on one day.
#[derive(Debug, Default)]
pub(super) struct Needs {
    numbers: BTreeMap<Need, u16>,
    /// Certificates that every visit needs.
    always: Vec<Need>,
    date: Date,
}

impl Needs {
    pub(super) fn of(
        cases: &[BookCase],
        agents: &[BookAgent],
        date: Date,
        certificates: &[String],
    ) -> Self {
        let spoken = agents.iter().flat_map(BookAgent::languages);
        let spoken: BTreeSet<Need> = spoken.map(|tag| Need::Language(tag.to_owned())).collect();
        let always: Vec<Need> =
            certificates.iter().map(|name| Need::Certificate(name.clone())).collect();
        let wanted = cases.iter().flat_map(own_needs);
        let all: BTreeSet<Need> =
            spoken.into_iter().chain(wanted).chain(always.iter().cloned()).collect();
        Self { numbers: all.into_iter().zip(0_u16..).collect(), always, date }
    }

    /// The day.
    pub(super) const fn date(&self) -> Date {
        self.date
    }

    /// Everything that a visit needs.
    fn all<'a>(&'a self, case: &'a BookCase) -> impl Iterator<Item = Need> + 'a {
        own_needs(case).chain(self.always.iter().cloned())
    }

    /// What a visit needs.
    pub(super) fn needed(&self, case: &BookCase) -> Vec<u16> {
        self.all(case).filter_map(|need| self.numbers.get(&need).copied()).collect()
    }

    /// What an agent has.
    pub(super) fn had(&self, agent: &BookAgent) -> Vec<u16> {
        let had = self.numbers.iter().filter(|(need, _)| self.lack(agent, need).is_none());
        had.map(|(_, number)| *number).collect()
    }

    /// What an agent lacks for a visit.
    pub(super) fn lacks(&self, agent: &BookAgent, case: &BookCase) -> Vec<Lack> {
        self.all(case).filter_map(|need| self.lack(agent, &need)).collect()
    }

    /// Who names no language is taken to speak all: the lender did not say.
    fn lack(&self, agent: &BookAgent, need: &Need) -> Option<Lack> {
        let until = match need {
            Need::Language(_) => None,
            Need::Skill(name) | Need::Certificate(name) => agent.certified_until(name),
        };
        let has = match (need, until) {
            (Need::Language(tag), _) => {
                agent.languages().next().is_none() || agent.languages().any(|own| own == tag)
            }
            // Where there is a certificate its last day counts, whatever the skills say.
            (_, Some(day)) => day >= self.date,
            (Need::Skill(name), None) => agent.is_skilled(name),
            (Need::Certificate(_), None) => false,
        };
        (!has).then(|| Lack { need: need.clone(), expired: until })
    }

    /// Why none of these agents can make a visit: the first need that none of them meets.
    pub(super) fn nobody(&self, case: &BookCase, duty: &[&BookAgent]) -> (Code, String) {
        for need in self.all(case) {
            let lacks: Vec<(&str, Lack)> = duty
                .iter()
                .filter_map(|agent| Some((agent.row.agent_ref.as_str(), self.lack(agent, &need)?)))
                .collect();
            if lacks.len() < duty.len() {
                continue;
            }
            if let Need::Language(_) = need {
                return (Code::Skill, "nobody on duty speaks the language".into());
            }
            let expired: Vec<String> = lacks
                .iter()
                .filter_map(|(agent, lack)| {
                    lack.expired.map(|day| format!("the certificate of {agent} expired on {day}"))
                })
                .collect();
            let certified = lacks.iter().any(|(_, lack)| lack.code() == Code::Certificate);
            let code = if certified { Code::Certificate } else { Code::Skill };
            let why = if expired.is_empty() { "" } else { ": " };
            return (code, format!("nobody on duty has {need}{why}{}", expired.join(", ")));
        }
        let all: Vec<String> = self.all(case).map(|need| need.to_string()).collect();
        (Code::Skill, format!("nobody on duty has all of {}", all.join(", ")))
    }

    /// Who can make a visit, where not all of some agents can: that explains a long way.
    pub(super) fn only(&self, case: &BookCase, duty: &[&BookAgent]) -> String {
        let mut said = String::new();
        for need in self.all(case) {
            let can = duty.iter().filter(|agent| self.lack(agent, &need).is_none());
            let names: Vec<&str> = can.map(|agent| agent.row.agent_ref.as_str()).collect();
            if names.is_empty() || names.len() == duty.len() {
                continue;
            }
            let verb = match (&need, names.len()) {
                (Need::Language(_), 1) => "speaks",
                (Need::Language(_), _) => "speak",
                (_, 1) => "has",
                _ => "have",
            };
            said += &format!(" Only {} {verb} {need}.", names.join(", "));
        }
        said
    }
}

/// What the book says that a visit needs: the borrower's language where it is known, and skills.
fn own_needs(case: &BookCase) -> impl Iterator<Item = Need> + '_ {
    let language = case.language.iter().map(|tag| Need::Language(tag.clone()));
    language.chain(case.skills().map(|skill| Need::Skill(skill.to_owned())))
}
