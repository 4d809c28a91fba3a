//! A phone as an app has it: the library with its store, and the exchange in one room with the server.

use anyhow::Result;
use serde_json::json;
use server::usecases::accept_ops::accept_ops;
use server::usecases::hello::hello;
use server::usecases::pull::pull;
use server::usecases::refusal::SyncError;
use server::usecases::sessions::device_of_token;
use sync_core::kinds::Disposition;
use sync_core::model::{CaseId, Minor, OrgId};
use sync_core::op::Dot;
use sync_core::phone::{Client, ClientError, Moment, NewPayment, Phone, Receipt, Request};
use sync_core::protocol::{Enrolled, HELLO_PATH, PUSH_PATH};
use sync_core::store::MemoryStore;

use crate::database::Database;
use crate::installation::Installation;
use crate::phone::{MORNING_MS, insert_device, visit_at};

/// A phone in somebody's pocket.
#[derive(Debug)]
pub struct Pocket {
    /// The library.
    pub phone: Phone<MemoryStore>,
    /// Its own clock.
    pub clock_ms: i64,
}

impl Pocket {
    /// Enrols a phone for a user who is the agent.
    ///
    /// # Errors
    /// There is no such agent, or the number is taken.
    pub fn enrol(
        database: &Database,
        doorstep: &Installation,
        number: u32,
        agent_ref: &str,
    ) -> Result<Self> {
        let mut phone = Phone::open(MemoryStore::new())?;
        let random = [u8::try_from(number)?; 32];
        let key = phone.enrolment("CODE", "phone", "test", random)?.key()?;
        insert_device(database, doorstep, (number, agent_ref), &key)?;
        let enrolled = Enrolled {
            organisation: OrgId::try_from(doorstep.app.org)?,
            actor: number,
            agent_ref: agent_ref.to_owned(),
            epoch: doorstep.app.store.head(doorstep.app.org)?.epoch.unsigned_abs(),
            currency: "USD".to_owned(),
            exponent: 2,
            server_time_ms: MORNING_MS,
        };
        phone.enrol(MORNING_MS, enrolled)?;
        Ok(Self { phone, clock_ms: MORNING_MS })
    }

    /// A minute passes.
    fn moment(&mut self) -> Moment {
        self.clock_ms += 60_000;
        let bytes = self.clock_ms.to_be_bytes();
        let mut random = [0; 16];
        for (to, from) in random.iter_mut().zip(bytes.iter().cycle()) {
            *to = *from;
        }
        Moment { now_ms: self.clock_ms, random }
    }

    /// A visit of the present minute.
    ///
    /// # Errors
    /// The case is not on the phone.
    pub fn visit(&mut self, case: CaseId) -> Result<Dot> {
        let moment = self.moment();
        Ok(self.phone.log_visit(moment, case, visit_at(moment.now_ms, Disposition::NoContact))?)
    }

    /// A payment of the present minute.
    ///
    /// # Errors
    /// The case is not on the phone.
    pub fn payment(&mut self, case: CaseId, amount_minor: i64) -> Result<Receipt> {
        let moment = self.moment();
        let payment = NewPayment {
            amount_minor: Minor::new(amount_minor),
            method: sync_core::kinds::PaymentMethod::Cash,
            paid_at: moment.now_ms,
            visit: None,
        };
        Ok(self.phone.record_payment(moment, case, payment)?)
    }

    /// A tag.
    ///
    /// # Errors
    /// The case is not on the phone.
    pub fn tag(&mut self, case: CaseId, tag: &str) -> Result<Dot> {
        let moment = self.moment();
        Ok(self.phone.tag(moment, case, tag)?)
    }

    /// The tags of a case as the phone shows them.
    ///
    /// # Errors
    /// The case is not on the phone.
    pub fn tags(&mut self, case: CaseId) -> Result<Vec<String>> {
        let state = self.phone.case(case)?.state;
        Ok(state.tags().into_iter().map(ToOwned::to_owned).collect())
    }

    /// A whole exchange.
    ///
    /// # Errors
    /// The phone stops, or the server fails.
    pub fn sync(&mut self, doorstep: &Installation) -> Result<(), ClientError> {
        let mut client = Client::new("test");
        while let Some(request) = client.next(&mut self.phone, self.clock_ms)? {
            let (status, body) = answer(doorstep, &request);
            client.answer(&mut self.phone, self.clock_ms, status, &body)?;
        }
        Ok(())
    }
}

/// What the server says to a request.
fn answer(doorstep: &Installation, request: &Request) -> (u16, Vec<u8>) {
    let said = match request.path.as_str() {
        HELLO_PATH => hello(&doorstep.app, &request.body).map(|answer| answer.encode()),
        path => {
            match device_of_token(&doorstep.app, request.token.as_deref().unwrap_or_default()) {
                Err(_) => return (401, Vec::new()),
                Ok(device) if path == PUSH_PATH => {
                    accept_ops(&doorstep.app, device, &request.body).map(|answer| answer.encode())
                }
                Ok(device) => {
                    let cursor = path.split_once("?cursor=").map(|(_, cursor)| cursor);
                    pull(&doorstep.app, device, cursor)
                }
            }
        }
    };
    match said {
        Ok(body) => (200, body),
        Err(SyncError::Refused(refusal)) => {
            let problem = json!({ "code": refusal.code().label(), "detail": refusal.to_string() });
            (refusal.status(), problem.to_string().into_bytes())
        }
        Err(SyncError::Failed(error)) => (500, error.to_string().into_bytes()),
    }
}
