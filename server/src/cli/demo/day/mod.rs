//! The demo's day: agents take the plan along, work without a signal, and come back.
//!
//! Everything goes the way it goes in earnest: users, one-time codes, signed batches over HTTP, each
//! phone with its own store. Only time is simulated, and what happens at the doors is drawn.

mod compare;
mod model;
mod month;
mod phone;
mod wire;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::kinds::{ContactField, ContactValue, Content};
use sync_core::model::{AgentId, CaseId};

use super::super::screen::{Screen, grouped, say};
use crate::app::App;
use crate::clock::{Clock, Stopwatch};
use crate::error::Error;
use crate::progress::Progress as _;
use crate::render::amount;
use crate::usecases::access::Role;
use crate::usecases::allocate::allocate;
use crate::usecases::devices::make_code;
use crate::usecases::office::{self, OfficeOp};
use crate::usecases::passwords::Cost;
use crate::usecases::publish::{Empty, publish};
use crate::usecases::published::{AgentRoute, agent_routes};
use crate::usecases::users::{NewUser, add_user};
pub(super) use compare::{Figures, both_sides};
use model::Dice;
use phone::{DemoPhone, Exchange, Fault};
use wire::Wire;

/// How far the one wrong clock is ahead.
const WRONG_BY_MS: i64 = 3 * 86_400_000;

/// Which phone has it, which one sends twice, and which one is cut off.
const WRONG_CLOCK: usize = 2;
const SENDS_TWICE: usize = 0;
const IS_CUT: usize = 1;

/// Pairs of agents who both have one case; the office edits it too while they are away.
const SHARED: [(usize, usize); 3] = [(0, 1), (3, 4), (5, 6)];

/// The parts of the day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hours {
    morning: Timestamp,
    noon: Timestamp,
    evening: Timestamp,
}

impl Hours {
    /// Of `date` in the zone `zone`.
    pub(super) fn of(date: Date, zone: &str) -> Result<Self, Error> {
        let at = |hour: i8| {
            let local = date.at(hour, 30, 0, 0).in_tz(zone);
            local
                .map(|at| at.timestamp())
                .map_err(|e| Error::Invalid(format!("--date {date}: {e}")))
        };
        Ok(Self { morning: at(6)?, noon: at(12)?, evening: at(19)? })
    }
}

/// What the day is acted out with.
pub(super) struct Stage<'a> {
    pub(super) app: &'a Arc<App>,
    pub(super) date: Date,
    pub(super) seed: u64,
    pub(super) port: u16,
    pub(super) hours: Hours,
    pub(super) screen: &'a Screen,
}

impl Stage<'_> {
    fn clock(&self) -> Clock {
        self.app.ids.clock()
    }

    /// Publishes, works, merges, lets a month pass, and compares both sides.
    pub(super) fn run(&self, step: usize) -> Result<Figures, Error> {
        self.screen.step(step, "Publish");
        let published = publish(self.app, self.date, None, Empty::Refused, None)?;
        let routes = agent_routes(self.app, published.plan)?;
        let (mut phones, cases) = self.phones(&routes)?;
        self.screen.end(&format!(
            "{} cases given to {} agents; {} devices enrolled by one-time code",
            grouped(count(published.granted)),
            phones.len(),
            phones.len()
        ));

        self.screen.step(step + 1, "Morning");
        self.clock().move_to(self.hours.morning);
        let wire = Wire::to(self.port);
        let mut took = Exchange::default();
        self.screen.total(u64::try_from(phones.len()).unwrap_or(0));
        for (phone, done) in phones.iter_mut().zip(1..) {
            add(&mut took, phone.exchange(&wire, self.clock(), Fault::None)?);
            self.screen.at(done);
        }
        self.screen.end(&format!(
            "every phone has its route and cases: {} KB over HTTP",
            grouped(count(took.received_bytes / 1_000))
        ));

        self.screen.step(step + 2, "Day");
        self.work(&mut phones, &cases)?;
        let visits: u64 = phones.iter().map(|phone| phone.visits).sum();
        let paid: i64 = phones.iter().map(|phone| phone.paid_minor).sum();
        let currency = self.app.settings.organisation.currency;
        self.screen.end(&format!(
            "without signal: {visits} visits logged, {} {} taken against receipts",
            amount(paid, currency.exponent()),
            currency.code()
        ));

        self.screen.step(step + 3, "Return");
        self.clock().move_to(self.hours.evening);
        let merged = self.come_back(&wire, &mut phones)?;
        self.screen.end(&merged);

        self.screen.step(step + 4, "Month after");
        let told = month::pass(self, &phones)?;
        self.screen.end(&told);
        drop(phones);
        both_sides(self.app)
    }

    /// One enrolled phone an agent with a route, and for each agent the first case of its route.
    fn phones(
        &self,
        routes: &[AgentRoute],
    ) -> Result<(Vec<DemoPhone>, Vec<Option<CaseId>>), Error> {
        let folder = self.app.dir.phones();
        std::fs::create_dir_all(&folder)
            .map_err(|e| Error::io("create the directory", &folder, e))?;
        let wire = Wire::to(self.port);
        let mut phones = Vec::new();
        let mut firsts = Vec::new();
        for (number, route) in routes.iter().enumerate() {
            let dice = Dice::of(self.seed, u64::try_from(number).unwrap_or(0));
            let skew_ms = if number == WRONG_CLOCK { WRONG_BY_MS } else { 0 };
            let file = folder.join(format!("{}.sqlite", route.agent_ref));
            let mut phone = DemoPhone::new(&file, &route.agent_ref, dice, skew_ms)?;
            // Planning a further day finds the phones of the one before.
            if !phone.phone.is_enrolled() {
                let user = NewUser {
                    login: &route.agent_ref.to_lowercase(),
                    name: &route.agent_name,
                    role: Role::Agent,
                    agent_ref: Some(&route.agent_ref),
                    password: None,
                };
                let user = add_user(self.app, None, &user, Cost::STANDARD)?.user;
                let code = make_code(self.app, None, user.id)?;
                phone.enrol(&wire, &code.code, self.clock().now().as_millisecond())?;
            }
            phones.push(phone);
            firsts.push(route.cases.first().copied());
        }
        self.share(routes, &firsts)?;
        Ok((phones, firsts))
    }

    /// Gives some cases to a second agent, as a dispatcher would.
    fn share(&self, routes: &[AgentRoute], firsts: &[Option<CaseId>]) -> Result<(), Error> {
        for (helper, owner) in SHARED {
            let agent: Option<AgentId> = routes.get(helper).map(|route| route.agent);
            let case = firsts.get(owner).copied().flatten();
            if let (Some(agent), Some(case)) = (agent, case) {
                allocate(self.app, case, agent, None)?;
            }
        }
        Ok(())
    }

    /// All agents work their routes. Of each shared case both agents and the office note another
    /// telephone number, and none of them knows of the others.
    fn work(&self, phones: &mut [DemoPhone], firsts: &[Option<CaseId>]) -> Result<(), Error> {
        self.screen.total(u64::try_from(phones.len()).unwrap_or(0));
        for (phone, done) in phones.iter_mut().zip(1..) {
            if let Some(route) = phone.route(self.date)? {
                let until = route.document.returns_at_ms + 45 * 60_000;
                phone.work(&route, until)?;
            }
            self.screen.at(done);
        }
        self.clock().move_to(self.hours.noon);
        for (helper, owner) in SHARED {
            let Some(case) = firsts.get(owner).copied().flatten() else { continue };
            let noon_ms = self.hours.noon.as_millisecond();
            for agent in [helper, owner] {
                if let Some(phone) = phones.get_mut(agent) {
                    let number = phone.dice.any_phone();
                    phone.correct_phone(case, &number, noon_ms)?;
                }
            }
            let content = Content::Contact(ContactValue::of_text("+1-302-555-0100"));
            let field = Some(ContactField::Phone.number());
            office::write(self.app, None, &[OfficeOp { field, ..OfficeOp::of(case, content) }])?;
        }
        Ok(())
    }

    fn come_back(&self, wire: &Wire, phones: &mut [DemoPhone]) -> Result<String, Error> {
        let mut took = Exchange::default();
        let watch = Stopwatch::start();
        self.screen.total(u64::try_from(phones.len()).unwrap_or(0));
        for (number, phone) in phones.iter_mut().enumerate() {
            let fault = match number {
                SENDS_TWICE => Fault::Twice,
                IS_CUT => Fault::Cut,
                _ => Fault::None,
            };
            add(&mut took, phone.exchange(wire, self.clock(), fault)?);
            self.screen.at(u64::try_from(number + 1).unwrap_or(0));
        }
        let seconds = watch.seconds();
        // What others wrote meanwhile.
        for phone in phones.iter_mut() {
            phone.exchange(wire, self.clock(), Fault::None)?;
        }
        Ok(format!(
            "{} phones in {seconds:.2} s, {} KB up, {} KB down: one was cut off in a batch, one sent \
             it twice, one has a clock three days wrong",
            phones.len(),
            grouped(count(took.sent_bytes / 1_000)),
            grouped(count(took.received_bytes / 1_000))
        ))
    }
}

fn add(sum: &mut Exchange, one: Exchange) {
    sum.sent_bytes += one.sent_bytes;
    sum.received_bytes += one.received_bytes;
    sum.frames += one.frames;
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Says what is made up.
pub(super) fn disclose(seed: u64) {
    say(&format!("  {} Seed: {seed}.", model::STATEMENT));
}
