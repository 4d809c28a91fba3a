//! One simulated phone: its store, its clock, and what its agent does with it.

use std::path::Path;

use jiff::Timestamp;
use sync_core::kinds::{ContactField, ContactValue, PaymentMethod, Promise, PromiseState, Visit};
use sync_core::model::{CaseId, Minor, PlanId};
use sync_core::op::Dot;
use sync_core::phone::{Client, Moment, NewPayment, Phone, Progress, Request, Route};
use sync_core::protocol::Enrolled;
use sync_core::store::SqliteStore;

use super::model::{Dice, Happened, Planned};
use super::wire::Wire;
use crate::clock::Clock;
use crate::error::Error;

const APP_VERSION: &str = concat!("demo/", env!("CARGO_PKG_VERSION"));

/// What goes wrong when a phone comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Its first batch is sent a second time.
    Twice,
    /// The connection breaks in the middle of its first batch.
    Cut,
}

/// A phone and its agent.
#[derive(Debug)]
pub(super) struct DemoPhone {
    pub(super) agent_ref: String,
    pub(super) phone: Phone<SqliteStore>,
    pub(super) dice: Dice,
    /// How far its clock is ahead.
    pub(super) skew_ms: i64,
    pub(super) visits: u64,
    pub(super) paid_minor: i64,
    /// The promises it took.
    pub(super) promises: Vec<(CaseId, Promise, Dot)>,
}

/// What an exchange took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) sent_bytes: usize,
    pub(super) received_bytes: usize,
    pub(super) frames: usize,
}

impl DemoPhone {
    /// A new phone with its store in `file`.
    pub(super) fn new(
        file: &Path,
        agent_ref: &str,
        dice: Dice,
        skew_ms: i64,
    ) -> Result<Self, Error> {
        let store = SqliteStore::open(file).map_err(|e| trouble(agent_ref, &e))?;
        let phone = Phone::open(store).map_err(|e| trouble(agent_ref, &e))?;
        let agent_ref = agent_ref.to_owned();
        Ok(Self { agent_ref, phone, dice, skew_ms, visits: 0, paid_minor: 0, promises: Vec::new() })
    }

    fn tell(&self) -> impl Fn(&dyn std::fmt::Display) -> Error + use<> {
        let agent = self.agent_ref.clone();
        move |cause| trouble(&agent, cause)
    }

    fn moment(&mut self, true_ms: i64) -> Moment {
        Moment { now_ms: true_ms + self.skew_ms, random: self.dice.bytes() }
    }

    /// Enrols with a one-time code.
    pub(super) fn enrol(&mut self, wire: &Wire, code: &str, true_ms: i64) -> Result<(), Error> {
        let tell = self.tell();
        let random = self.dice.bytes();
        let name = format!("phone of {}", self.agent_ref);
        let asked = self.phone.enrolment(code, &name, APP_VERSION, random).map_err(|e| tell(&e))?;
        let body = serde_json::to_vec(&asked).map_err(|e| tell(&e))?;
        let answer = wire.post_json("/api/v1/devices/enrol", body)?;
        let enrolled: Enrolled = serde_json::from_slice(&answer).map_err(|e| tell(&e))?;
        self.phone.enrol(true_ms + self.skew_ms, enrolled).map_err(|e| tell(&e))
    }

    /// Says hello, pushes, pulls.
    pub(super) fn exchange(
        &mut self,
        wire: &Wire,
        clock: Clock,
        fault: Fault,
    ) -> Result<Exchange, Error> {
        let tell = self.tell();
        let now_ms = clock.now().as_millisecond() + self.skew_ms;
        let mut client = Client::new(APP_VERSION);
        let mut took = Exchange::default();
        let mut first: Option<Request> = None;
        while let Some(request) = client.next(&mut self.phone, now_ms).map_err(|e| tell(&e))? {
            let is_push = request.path == sync_core::protocol::PUSH_PATH;
            if is_push && first.is_none() {
                first = Some(request.clone());
                if fault == Fault::Cut {
                    wire.cut(&request)?;
                }
            }
            let answer = wire.send(&request)?;
            took.sent_bytes += request.body.len();
            took.received_bytes += answer.body.len();
            let progress = client
                .answer(&mut self.phone, now_ms, answer.status, &answer.body)
                .map_err(|e| tell(&e))?;
            match progress {
                Progress::Pulled { frames, .. } => took.frames += frames,
                Progress::PushRefused(refusal) => {
                    return Err(tell(&format!("its batch was refused: {refusal:?}")));
                }
                _ => {}
            }
        }
        if let (Fault::Twice, Some(request)) = (fault, first) {
            let answer = wire.send(&request)?;
            if answer.status != 200 {
                return Err(tell(&format!("a batch sent twice was answered {}", answer.status)));
            }
        }
        Ok(took)
    }

    /// The route that was pulled.
    pub(super) fn route(&mut self, date: jiff::civil::Date) -> Result<Option<Route>, Error> {
        let tell = self.tell();
        self.phone.route(date).map_err(|e| tell(&e))
    }

    /// Drives the route and logs what happens, without a signal.
    pub(super) fn work(&mut self, route: &Route, until_ms: i64) -> Result<(), Error> {
        let stops: Vec<Planned> = route.stops.iter().map(planned).collect();
        let day = self.dice.day(&stops, route.document.departs_at_ms, until_ms);
        for happened in &day {
            let Some(stop) = route.stops.get(happened.stop) else { continue };
            let (case, number) = (stop.stop.case, stop.stop.number);
            self.log(case, number, route.document.plan, happened)?;
        }
        Ok(())
    }

    fn log(
        &mut self,
        case: CaseId,
        number: u32,
        plan: PlanId,
        happened: &Happened,
    ) -> Result<(), Error> {
        let tell = self.tell();
        let moment = self.moment(happened.left_ms);
        let place = self.phone.case(case).map_err(|e| tell(&e))?.facts.position;
        let visit = Visit {
            arrived_at: happened.arrived_ms + self.skew_ms,
            left_at: happened.left_ms + self.skew_ms,
            met: happened.met,
            disposition: happened.disposition,
            lat_e7: Some(place.lat_e7()),
            lon_e7: Some(place.lon_e7()),
            accuracy_m: Some(8),
            distance_m: Some(0),
            mock_location: false,
            plan: Some(plan),
            stop: Some(number),
            travel_m: u32::try_from(happened.travel_m).ok(),
            travel_s: u32::try_from(happened.travel_s).ok(),
            clock_offset_ms: 0,
            evidence: Vec::new(),
            note: None,
            packs: Vec::new(),
            breached: Vec::new(),
            source: None,
            agent: None,
        };
        let logged = self.phone.log_visit(moment, case, visit).map_err(|e| tell(&e))?;
        self.visits += 1;
        if let Some((amount, days)) = happened.promise {
            let due_on = happened.left_ms.div_euclid(86_400_000) + days;
            let promise = Promise {
                amount_minor: Minor::new(amount),
                due_on: i32::try_from(due_on).unwrap_or(i32::MAX),
                state: PromiseState::Open,
                visit: Some(logged),
            };
            let moment = self.moment(happened.left_ms);
            let dot = self.phone.promise(moment, case, promise.clone()).map_err(|e| tell(&e))?;
            self.promises.push((case, promise, dot));
        }
        if let Some(paid) = happened.paid_minor {
            let payment = NewPayment {
                amount_minor: Minor::new(paid),
                method: PaymentMethod::Cash,
                paid_at: happened.left_ms + self.skew_ms,
                visit: Some(logged),
            };
            let moment = self.moment(happened.left_ms);
            self.phone.record_payment(moment, case, payment).map_err(|e| tell(&e))?;
            self.paid_minor += paid;
        }
        if let Some(phone) = &happened.new_phone {
            self.correct_phone(case, phone, happened.left_ms)?;
        }
        Ok(())
    }

    /// Notes another telephone number of a borrower.
    pub(super) fn correct_phone(
        &mut self,
        case: CaseId,
        number: &str,
        true_ms: i64,
    ) -> Result<(), Error> {
        let tell = self.tell();
        let moment = self.moment(true_ms);
        let value = ContactValue::of_text(number);
        self.phone
            .correct_contact(moment, case, ContactField::Phone, value)
            .map(|_| ())
            .map_err(|e| tell(&e))
    }
}

fn planned(stop: &sync_core::phone::RouteStop) -> Planned {
    let facts = stop.facts.as_ref();
    let zone = facts.map(|facts| facts.zone.clone());
    let at = Timestamp::from_millisecond(stop.stop.start_at_ms).unwrap_or_default();
    Planned {
        start_ms: stop.stop.start_at_ms,
        leg_metres: i64::try_from(stop.stop.leg_m).unwrap_or(i64::MAX),
        leg_s: i64::try_from(stop.stop.leg_s).unwrap_or(i64::MAX),
        due_minor: facts.map_or(0, |facts| facts.amount_due.get()),
        hour: zone.map_or(12, |zone| zone.time_zone().to_datetime(at).hour()),
    }
}

pub(super) fn trouble(agent_ref: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::Invalid(format!("the demo's phone of {agent_ref}: {cause}"))
}
