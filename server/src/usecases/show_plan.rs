//! Gathers a saved plan into the document that page, files and sheets are made from.

use std::collections::HashMap;

use h3o::CellIndex;
use jiff::Timestamp;
use jiff::civil::Date;
use roads::RoadClass;
use sync_core::model::{Micro, Minor, PlanId, Position};

use super::book::{BookAgent, BookCase, load_agents, load_cases};
use super::build_plan::Code;
use super::lists::{self, KeptOp, OpenConflict, VisitLine, Wanted};
use super::{breaks, cells, devices, users};
use crate::app::App;
use crate::db::rows::{PlanRouteRow, PlanRow, PlanStopRow};
use crate::db::{DbError, Id, PlanRows};
use crate::error::Error;
use crate::render::{
    CameBack, CameConflict, CameRefusal, CameVisit, Cell, LeftOut, Link, PlanDocument, Point, Rest,
    RoadLine, Route, Stop, Totals,
};
use crate::travel::{Placed, Travel};

/// Which plan is the newest of `date`, or of all days; changes when another one is saved.
///
/// # Errors
/// The database fails.
pub fn newest_plan(app: &App, date: Option<&str>) -> Result<Option<PlanId>, Error> {
    let id = app.store.latest_plan_id(app.org, date)?;
    Ok(id.map(PlanId::try_from).transpose()?)
}

/// Most visits, conflicts and refusals that a page is made from.
const MOST_CAME_BACK: i64 = 2_000;

/// How far the log has come: what is shown of it changes with this.
///
/// # Errors
/// The database fails.
pub fn log_reached(app: &App) -> Result<i64, Error> {
    Ok(app.store.head(app.org)?.server_seq)
}

/// One plan as a document.
///
/// # Errors
/// There is no such plan, it names rows that are gone, or the database fails.
pub fn show_plan(app: &App, travel: &Travel, id: PlanId) -> Result<PlanDocument, Error> {
    let plan = app.store.plan(app.org, id.into())?;
    let plan = &plan.ok_or_else(|| Error::Invalid(format!("there is no plan {id}")))?;
    let cases = load_cases(app)?;
    let agents = load_agents(app)?;
    let view = View {
        app,
        travel,
        exponent: app.settings.organisation.currency.exponent(),
        cases: cases.iter().map(|case| (case.row.case_id, case)).collect(),
        agents: agents.iter().map(|agent| (agent.row.agent_id, agent)).collect(),
        partners: partners(plan, &agents),
    };
    let routes = plan
        .routes
        .iter()
        .map(|route| {
            let stops = plan.stops.iter().filter(|stop| stop.route_no == route.route_no);
            view.route(route, &stops.collect::<Vec<_>>())
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let p = &plan.plan;
    let organisation = &app.settings.organisation;
    let mut credits: Vec<String> = travel.credit().into_iter().collect();
    credits.extend(app.settings.data.credits.iter().cloned());
    let date = p.date()?;
    Ok(PlanDocument {
        organisation: organisation.name.clone(),
        currency: organisation.currency.code().into(),
        exponent: view.exponent,
        time_zone: organisation.time_zone.time_zone().clone(),
        time_zone_name: organisation.time_zone.to_string(),
        date,
        version: p.version,
        created_at: instant(p.created_at)?,
        travel: p.travel.clone(),
        search: format!("seed {}, {} iterations", p.seed, p.iterations),
        credits,
        notices: notices(app, p)?,
        links: links(),
        totals: view
            .between(p, routes.iter().map(|route| route.totals).fold(Totals::default(), add)),
        left_out: view.left_out(plan)?,
        cells: view.cells()?,
        cases: plan.stops.iter().filter(|stop| stop.crew_no == 1).count() + plan.left_out.len(),
        agents: agents.len(),
        came_back: came_back(app, date)?,
        standing: String::new(),
        others: Vec::new(),
        routes,
    })
}

/// What came back on that day, and what waits for somebody to decide.
fn came_back(app: &App, date: Date) -> Result<CameBack, Error> {
    let wanted = Wanted { day: Some(date), ..Wanted::default() };
    let mut visits = lists::visits(app, &wanted, None, MOST_CAME_BACK)?;
    visits.reverse();
    let open = lists::conflicts(app, None, false, None, MOST_CAME_BACK)?;
    let writers = if open.is_empty() { HashMap::new() } else { writers(app)? };
    let conflicts = open.into_iter().map(|open| came_conflict(open, &writers)).collect();
    let refusal = |kept: KeptOp| CameRefusal {
        op: format!("{}:{}", kept.device, kept.sequence),
        case_ref: kept.case_ref,
        code: kept.code,
        remedy: kept.remedy.into(),
    };
    let refused = lists::kept_aside(app, None, false, None, MOST_CAME_BACK)?;
    Ok(CameBack {
        visits: visits.into_iter().map(came_visit).collect(),
        conflicts,
        refused: refused.into_iter().map(refusal).collect(),
    })
}

/// Who writes with which device: the agent, or the login of somebody who is none.
fn writers(app: &App) -> Result<HashMap<i64, String>, Error> {
    let mut names = HashMap::new();
    for device in devices::list_devices(app, None, 0, MOST_CAME_BACK)? {
        let user = users::find_user(app, device.user)?;
        let name = user.agent_ref.unwrap_or(user.login);
        names.insert(i64::from(device.actor.number()), name);
    }
    Ok(names)
}

fn came_conflict(open: OpenConflict, writers: &HashMap<i64, String>) -> CameConflict {
    let OpenConflict { case_ref, what, shown, other, device, opened_at, .. } = open;
    let by = match (device, writers.get(&device)) {
        (0, _) => "the office".to_owned(),
        (_, Some(name)) => name.clone(),
        (device, None) => format!("device {device}"),
    };
    CameConflict {
        shown: discreet(&what, &shown),
        other: discreet(&what, &other),
        case_ref,
        what,
        by,
        since: opened_at,
    }
}

/// Of what says who somebody is, only as much as tells two values apart; the API has them whole.
fn discreet(field: &str, value: &str) -> String {
    let first = |word: &str| word.chars().next().map_or_else(String::new, |c| format!("{c}…"));
    match field {
        "name" => value.split_whitespace().map(first).collect::<Vec<_>>().join(" "),
        "phone" => {
            let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
            let last = digits.get(digits.len().saturating_sub(3)..).unwrap_or_default();
            format!("…{}", last.iter().collect::<String>())
        }
        "email" => match value.split_once('@') {
            Some((name, host)) => format!("{}@{host}", first(name)),
            None => first(value),
        },
        _ => value.to_owned(),
    }
}

fn came_visit(line: VisitLine) -> CameVisit {
    CameVisit {
        case_ref: line.case_ref,
        agent_ref: line.agent_ref,
        arrived_at: line.arrived_at,
        met: line.met,
        disposition: line.disposition,
        flagged: line.flagged,
    }
}

/// The organisation's warnings and those of the plan.
fn notices(app: &App, plan: &PlanRow) -> Result<Vec<String>, Error> {
    let own: Vec<String> = serde_json::from_str(&plan.notices)
        .map_err(|e| DbError::Corrupt(format!("notices of a plan: {e}")))?;
    let clock = app.clock_notice();
    Ok(clock.into_iter().chain(app.settings.data.notices.iter().cloned()).chain(own).collect())
}

/// The files of a plan: beside the page on disk and on the server.
fn links() -> Vec<Link> {
    [
        ("Stops (CSV)", "stops.csv"),
        ("Left out (CSV)", "left-out.csv"),
        ("Map (GeoJSON)", "plan.geojson"),
        ("Route sheets", "sheets.html"),
    ]
    .into_iter()
    .map(|(label, href)| Link { label: label.into(), href: href.into() })
    .collect()
}

/// The roads to draw under the routes.
#[must_use]
pub fn road_lines(travel: &Travel) -> Vec<RoadLine> {
    travel.network().map_or_else(Vec::new, |network| {
        network
            .lines()
            .map(|line| RoadLine {
                rank: rank(line.class),
                points: line.points.iter().map(|p| Point { lat: p.lat, lon: p.lon }).collect(),
            })
            .collect()
    })
}

/// How prominent a road is drawn.
fn rank(class: RoadClass) -> u8 {
    match class {
        RoadClass::Motorway | RoadClass::Trunk => 0,
        RoadClass::Primary => 1,
        RoadClass::Secondary => 2,
        RoadClass::Tertiary => 3,
        _ => 4,
    }
}

/// The other agent of each stop of two, by case and route.
fn partners(plan: &PlanRows, agents: &[BookAgent]) -> HashMap<(Id, i32), String> {
    let names = agents.iter().map(|agent| (agent.row.agent_id, agent.row.agent_ref.as_str()));
    lists::partners(plan, &names.collect())
}

fn rests(row: &PlanRouteRow) -> Result<Vec<Rest>, Error> {
    let kept = breaks::read(row)?;
    kept.iter()
        .map(|rest| {
            Ok(Rest {
                after: usize::try_from(rest.after).unwrap_or(0),
                from: instant(rest.from)?,
                to: instant(rest.to)?,
                paid: rest.paid,
            })
        })
        .collect()
}

/// The sum of two.
fn add(a: Totals, b: Totals) -> Totals {
    Totals {
        prize_minor: a.prize_minor + b.prize_minor,
        travel_cost_minor: a.travel_cost_minor + b.travel_cost_minor,
        time_cost_minor: a.time_cost_minor + b.time_cost_minor,
        fixed_cost_minor: a.fixed_cost_minor + b.fixed_cost_minor,
        overtime_cost_minor: a.overtime_cost_minor + b.overtime_cost_minor,
        pairing_minor: a.pairing_minor + b.pairing_minor,
        unfairness_cost_minor: a.unfairness_cost_minor + b.unfairness_cost_minor,
        overlap_cost_minor: a.overlap_cost_minor + b.overlap_cost_minor,
        profit_minor: a.profit_minor + b.profit_minor,
        metres: a.metres + b.metres,
        drive_s: a.drive_s + b.drive_s,
        service_s: a.service_s + b.service_s,
        wait_s: a.wait_s + b.wait_s,
    }
}

struct View<'a> {
    app: &'a App,
    travel: &'a Travel,
    exponent: u8,
    cases: HashMap<Id, &'a BookCase>,
    agents: HashMap<Id, &'a BookAgent>,
    /// By case and route the key of the other agent of a stop of two.
    partners: HashMap<(Id, i32), String>,
}

impl View<'_> {
    fn minor(&self, micro: i64) -> i64 {
        Minor::from_micro(Micro::new(micro), self.exponent).map_or(0, Minor::get)
    }

    fn case(&self, id: Id) -> Result<&BookCase, Error> {
        let found = self.cases.get(&id).copied();
        found.ok_or_else(|| DbError::Corrupt("a plan names a case that is gone".into()).into())
    }

    fn route(&self, row: &PlanRouteRow, stops: &[&PlanStopRow]) -> Result<Route, Error> {
        let agent = self
            .agents
            .get(&row.agent_id)
            .ok_or_else(|| DbError::Corrupt("a plan names an agent that is gone".into()))?;
        let base = position(row.base_lat_e7, row.base_lon_e7)?;
        let mut places = vec![base];
        let mut shown = Vec::with_capacity(stops.len());
        for row in stops.iter().filter(|row| row.part_no == 1) {
            let at = position(row.lat_e7, row.lon_e7)?;
            let parts = stops.iter().filter(|part| part.stop_no == row.stop_no);
            shown.push(self.stop(row, &parts.copied().collect::<Vec<_>>(), at)?);
            places.push(at);
        }
        places.push(position(row.end_lat_e7, row.end_lon_e7)?);
        let lines: Vec<(Vec<Point>, bool)> = places.windows(2).map(|pair| self.leg(pair)).collect();
        Ok(Route {
            number: usize::try_from(row.route_no).unwrap_or(0),
            agent_ref: agent.row.agent_ref.clone(),
            agent_name: agent.row.name.clone(),
            base: point(base),
            departs_at: instant(row.departs_at)?,
            returns_at: instant(row.returns_at)?,
            totals: self.route_totals(row, &shown),
            stops: shown,
            breaks: rests(row)?,
            along_roads: lines.iter().all(|(_, along)| *along),
            legs: lines.into_iter().map(|(line, _)| line).collect(),
        })
    }

    /// A stop from the row of its first case and those of all.
    fn stop(&self, row: &PlanStopRow, parts: &[&PlanStopRow], at: Position) -> Result<Stop, Error> {
        let sum = |of: fn(&PlanStopRow) -> i64| parts.iter().map(|part| of(part)).sum::<i64>();
        let further = parts.iter().filter(|part| part.part_no > 1);
        let also = further.map(|part| Ok(self.case(part.case_id)?.row.case_ref.clone()));
        let dpd = parts.iter().map(|part| part.dpd).max().unwrap_or(row.dpd);
        let case = self.case(row.case_id)?;
        // Coordinates that came later are those of another place.
        let grade = case.row.geocode_grade.clone().filter(|_| case.at == at);
        Ok(Stop {
            number: usize::try_from(row.stop_no).unwrap_or(0),
            case_ref: case.row.case_ref.clone(),
            also: also.collect::<Result<_, Error>>()?,
            geocode_grade: grade,
            address: row.address.clone(),
            at: point(at),
            arrive_at: instant(row.arrive_at)?,
            start_at: instant(row.start_at)?,
            leave_at: instant(row.leave_at)?,
            leg_metres: row.leg_metres,
            leg_s: row.leg_s,
            prize_minor: self.minor(sum(|part| part.prize_micro + part.premium_micro)),
            marginal_minor: self.minor(row.marginal_micro),
            amount_due_minor: sum(|part| part.amount_due_minor),
            dpd: u32::try_from(dpd).unwrap_or(0),
            language: row.language.clone(),
            with_agent: self.partners.get(&(row.case_id, row.route_no)).cloned(),
        })
    }

    /// The line of a leg, and whether it follows the roads: where both ends are on them, else it is straight.
    fn leg(&self, pair: &[Position]) -> (Vec<Point>, bool) {
        let &[from, to] = pair else { return (Vec::new(), false) };
        let line = match (self.travel.place(from), self.travel.place(to)) {
            (Placed::At(from), Placed::At(to)) => self.travel.line(&from, &to),
            _ => None,
        };
        line.map_or_else(
            || (vec![point(from), point(to)], false),
            |line| (line.into_iter().map(|(lat, lon)| Point { lat, lon }).collect(), true),
        )
    }

    /// The prize is the sum of those that the stops show, the costs are rounded once, and the profit is what
    /// these leave: the printed figures add up.
    fn route_totals(&self, row: &PlanRouteRow, stops: &[Stop]) -> Totals {
        let prize_minor = stops.iter().map(|stop| stop.prize_minor).sum();
        let travel_cost_minor = self.minor(row.travel_cost_micro);
        let time_cost_minor = self.minor(row.time_cost_micro);
        let fixed_cost_minor = self.minor(row.fixed_cost_micro);
        let overtime_cost_minor = self.minor(row.overtime_cost_micro);
        let pairing_minor = self.minor(row.pairing_micro);
        Totals {
            prize_minor,
            travel_cost_minor,
            time_cost_minor,
            fixed_cost_minor,
            overtime_cost_minor,
            pairing_minor,
            unfairness_cost_minor: 0,
            overlap_cost_minor: 0,
            profit_minor: prize_minor + pairing_minor
                - travel_cost_minor
                - time_cost_minor
                - overtime_cost_minor
                - fixed_cost_minor,
            metres: row.metres,
            drive_s: row.drive_s,
            service_s: row.service_s,
            wait_s: row.wait_s,
        }
    }

    /// The sum of the routes, less what they cost together.
    fn between(&self, row: &PlanRow, sum: Totals) -> Totals {
        let unfairness_cost_minor = self.minor(row.unfairness_cost_micro);
        let overlap_cost_minor = self.minor(row.overlap_cost_micro);
        Totals {
            unfairness_cost_minor,
            overlap_cost_minor,
            profit_minor: sum.profit_minor - unfairness_cost_minor - overlap_cost_minor,
            ..sum
        }
    }

    /// By reason in the order of display, the greatest prize first.
    fn left_out(&self, plan: &PlanRows) -> Result<Vec<LeftOut>, Error> {
        let mut all = plan
            .left_out
            .iter()
            .map(|row| {
                let case = self.case(row.case_id)?;
                let code = Code::of(&row.code);
                let out = LeftOut {
                    case_ref: case.row.case_ref.clone(),
                    at: point(position(row.lat_e7, row.lon_e7)?),
                    code: row.code.clone(),
                    title: code.map_or_else(|| row.code.clone(), |code| code.title().to_owned()),
                    sentence: row.reason.clone(),
                    prize_minor: row.prize_micro.map(|micro| self.minor(micro)),
                    cost_minor: row.cost_micro.map(|micro| self.minor(micro)),
                };
                Ok((code, out))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        all.sort_by(|(a_code, a), (b_code, b)| {
            (a_code, std::cmp::Reverse(a.prize_minor), &a.case_ref).cmp(&(
                b_code,
                std::cmp::Reverse(b.prize_minor),
                &b.case_ref,
            ))
        });
        Ok(all.into_iter().map(|(_, out)| out).collect())
    }

    fn cells(&self) -> Result<Vec<Cell>, Error> {
        let (territories, rows) = self.app.store.territories(self.app.org)?;
        let owner: HashMap<Id, Id> =
            territories.iter().map(|t| (t.territory_id, t.agent_id)).collect();
        Ok(rows
            .iter()
            .filter_map(|row| {
                let cell = cells::of(row.cell)?;
                let agent = owner.get(&row.territory_id).and_then(|id| self.agents.get(id));
                Some(Cell {
                    index: cell.to_string(),
                    boundary: boundary(cell),
                    agent_ref: agent.map(|agent| agent.row.agent_ref.clone()),
                    cases: usize::try_from(row.cases).unwrap_or(0),
                    value_minor: self.minor(row.value_micro),
                })
            })
            .collect())
    }
}

fn boundary(cell: CellIndex) -> Vec<Point> {
    cell.boundary().iter().map(|corner| Point { lat: corner.lat(), lon: corner.lng() }).collect()
}

fn position(lat_e7: i32, lon_e7: i32) -> Result<Position, Error> {
    Position::from_e7(lat_e7, lon_e7)
        .map_err(|e| DbError::Corrupt(format!("a place of a plan: {e}")).into())
}

fn point(at: Position) -> Point {
    Point { lat: at.lat(), lon: at.lon() }
}

fn instant(micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros)
        .map_err(|e| DbError::Corrupt(format!("an instant of a plan: {e}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_stays_out_of_the_page() {
        assert_eq!(discreet("name", "Ann  Doe"), "A… D…");
        assert_eq!(discreet("phone", "+1-302-555-0173"), "…173");
        assert_eq!(discreet("phone", "none"), "…");
        assert_eq!(discreet("email", "ann.doe@example.org"), "a…@example.org");
        assert_eq!(discreet("disposition", "part_paid"), "part_paid");
    }
}
