//! A planned day of a small office, and what is asked of it.

use server::config::PlanSettings;
use server::db::PlanRows;
use server::db::rows::PlanStopRow;
use server::error::Error;
use server::progress::Silent;
use server::usecases::build_plan::{
    CaseExplanation, Edit, EditedPlan, Editor, Event, Fault, Replan, ReplannedPlan, Verb,
    edit_plan, explain_case, replan,
};
use server::usecases::lists::case_named;
use sync_core::model::PlanId;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

/// A file of cases, each with cells for further columns.
pub(super) fn with_columns(columns: &str, cases: &[(Case, &str)]) -> String {
    let plain: Vec<Case> = cases.iter().map(|(case, _)| case.clone()).collect();
    let more = std::iter::once(columns).chain(cases.iter().map(|(_, more)| *more));
    cases_csv(&plain).lines().zip(more).map(|(line, more)| format!("{line},{more}\n")).collect()
}

/// A planned day.
pub(super) struct Planned {
    pub(super) office: Installation,
    pub(super) plan: PlanId,
    pub(super) rows: PlanRows,
}

impl Planned {
    pub(super) fn of(database: &Database, plan: PlanSettings, cases: &str, agents: &str) -> Self {
        let mut office = Installation::new(database).unwrap();
        office.app.settings.plan = plan;
        office.import(cases, agents).unwrap();
        office.score().unwrap();
        office.territories().unwrap();
        Self::again(office)
    }

    pub(super) fn again(office: Installation) -> Self {
        let plan = office.plan().unwrap().id;
        let rows = office.app.store.plan(office.app.org, plan.into()).unwrap().unwrap();
        Self { office, plan, rows }
    }

    pub(super) fn explain(&self, case_ref: &str) -> CaseExplanation {
        let case = case_named(&self.office.app, case_ref).unwrap();
        explain_case(&self.office.app, &self.office.travel, self.plan, case).unwrap()
    }

    pub(super) fn edit(&self, edit: Edit) -> Result<EditedPlan, Error> {
        let by = Editor { name: "ann".into(), user: None };
        edit_plan(&self.office.app, &self.office.travel, self.plan, &[edit], &by, &Silent)
    }

    pub(super) fn refused(&self, edit: Edit) -> Fault {
        match self.edit(edit) {
            Err(Error::Edits(faults)) => faults.into_iter().next().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The day from an instant on.
    pub(super) fn replan(&self, now: &str, events: Vec<Event>) -> ReplannedPlan {
        let by = Editor { name: "ann".into(), user: None };
        let asked = Replan { now: Some(now.parse().unwrap()), events, seed: 1, iterations: 500 };
        replan(&self.office.app, &self.office.travel, self.plan, &asked, &by, &Silent).unwrap()
    }

    /// The same office with another plan of it.
    pub(super) fn with(self, plan: PlanId) -> Self {
        let rows = self.office.app.store.plan(self.office.app.org, plan.into()).unwrap().unwrap();
        Self { office: self.office, plan, rows }
    }

    /// The stops of a case with the keys of the agents.
    pub(super) fn stops(&self, case_ref: &str) -> Vec<(String, PlanStopRow)> {
        stops(&self.office, &self.rows, case_ref)
    }

    pub(super) fn agents_of(&self, case_ref: &str) -> Vec<String> {
        self.stops(case_ref).into_iter().map(|(agent, _)| agent).collect()
    }
}

pub(super) fn stops(
    office: &Installation,
    rows: &PlanRows,
    case_ref: &str,
) -> Vec<(String, PlanStopRow)> {
    let id = case_named(&office.app, case_ref).unwrap().into();
    let agents = office.app.store.agents(office.app.org).unwrap();
    let name = |route_no: i32| {
        let route = rows.routes.iter().find(|route| route.route_no == route_no).unwrap();
        agents.iter().find(|agent| agent.agent_id == route.agent_id).unwrap().agent_ref.clone()
    };
    let own = rows.stops.iter().filter(|stop| stop.case_id == id);
    own.map(|stop| (name(stop.route_no), stop.clone())).collect()
}

pub(super) fn to(verb: Verb, case: &str, agents: &[&str]) -> Edit {
    let nth = |n: usize| agents.get(n).map(|agent| (*agent).to_owned());
    Edit { verb, case: case.into(), agent: nth(0), with: nth(1), position: None }
}
