//! A phone at the level of bytes: it writes ops, seals them and reads what comes down. It does
//! what a test says, also what no honest phone would do.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use anyhow::{Context as _, Result, anyhow};
use server::usecases::accept_ops::accept_ops;
use server::usecases::pull::pull;
use server::usecases::refusal::SyncError;
use sync_core::clock::Hlc;
use sync_core::kinds::{Content, Disposition, Met, Payment, PaymentMethod, Visit};
use sync_core::merge::{CaseState, Draft, Written};
use sync_core::model::{CaseId, Minor, OrgId};
use sync_core::op::{Actor, Chain, Dot, Header, Op, Payload, Seed};
use sync_core::protocol::{
    DeviceSecret, End, Facts, Frame, Hello, PlanDocument, PushAnswer, Sending, decode_frames,
    seal_batch,
};

use crate::database::Database;
use crate::installation::Installation;

/// Milliseconds of 2026-11-19T15:00:00Z: ten in the morning in New York, a day before "now".
pub const MORNING_MS: i64 = 1_795_100_400_000;

/// A phone.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Its number.
    pub actor: Actor,
    /// Its key.
    pub secret: DeviceSecret,
    /// Its own clock.
    pub clock_ms: i64,
    /// What it has written.
    pub ops: Vec<Op>,
    /// What it knows of its cases.
    pub cases: BTreeMap<CaseId, CaseState>,
    /// Facts of its cases.
    pub facts: BTreeMap<CaseId, Facts>,
    /// The newest plan that came.
    pub plan: Option<PlanDocument>,
    /// Recalls that came: case and code.
    pub recalls: Vec<(CaseId, String)>,
    /// Frames that came, all of them.
    pub frames: Vec<Frame>,
    cursor: Option<String>,
    organisation: OrgId,
    seed: Seed,
}

impl Phone {
    /// Enrols a phone for a user who is the agent `agent_ref`, past codes and passwords.
    ///
    /// # Errors
    /// There is no such agent, or the number is taken.
    pub fn enrol(
        database: &Database,
        doorstep: &Installation,
        number: u32,
        agent_ref: &str,
    ) -> Result<Self> {
        let organisation = OrgId::try_from(doorstep.app.org)?;
        let secret = DeviceSecret::new([u8::try_from(number)?; 32]);
        let actor = Actor::new(number);
        insert_device(database, doorstep, (number, agent_ref), &secret.public())?;
        Ok(Self {
            actor,
            secret,
            clock_ms: MORNING_MS,
            ops: Vec::new(),
            cases: BTreeMap::new(),
            facts: BTreeMap::new(),
            plan: None,
            recalls: Vec::new(),
            frames: Vec::new(),
            cursor: None,
            organisation,
            seed: Seed::new([u8::try_from(number)?; 16]),
        })
    }

    /// The chain after `written` of its ops.
    ///
    /// # Errors
    /// Its ops are not in order.
    pub fn chain(&self, written: usize) -> Result<Chain> {
        let mut chain = Chain::start(self.organisation, self.actor, &self.secret.public());
        for op in self.ops.iter().take(written) {
            chain.follow(&op.header, &op.body.hash())?;
        }
        Ok(chain)
    }

    /// Writes an op as somebody does who sees what this phone shows; a minute passes.
    ///
    /// # Errors
    /// The content cannot be.
    pub fn write(&mut self, case: CaseId, content: Content) -> Result<Dot> {
        self.write_at(case, content, None, None)
    }

    /// As [`Self::write`], of a record or a field.
    ///
    /// # Errors
    /// The content cannot be.
    pub fn write_at(
        &mut self,
        case: CaseId,
        content: Content,
        record: Option<Dot>,
        field: Option<u64>,
    ) -> Result<Dot> {
        self.clock_ms += 60_000;
        let last = self.ops.last().map_or(Hlc::FIRST, |op| op.header.clock);
        let dot = self.chain(self.ops.len())?.next()?;
        let draft = Draft {
            organisation: self.organisation,
            dot,
            clock: last.send(self.clock_ms),
            case,
            content,
            record,
            field,
        };
        let state = self.cases.entry(case).or_insert_with(|| CaseState::new(case));
        let header = state.header(&draft)?;
        state.apply(&Written::pending(header.clone(), draft.content.clone()));
        self.append(header, draft.content.payload());
        Ok(dot)
    }

    /// Writes any op; its sequence and clock are put right.
    ///
    /// # Errors
    /// The ops are not in order.
    pub fn write_raw(&mut self, mut header: Header, payload: Payload) -> Result<Dot> {
        header.dot = self.chain(self.ops.len())?.next()?;
        let dot = header.dot;
        self.append(header, payload);
        Ok(dot)
    }

    fn append(&mut self, header: Header, payload: Payload) {
        self.ops.push(Op::new(header, payload, &self.seed));
    }

    /// A visit of the present minute.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn visit(&mut self, case: CaseId, disposition: Disposition) -> Result<Dot> {
        let visit = visit_at(self.clock_ms, disposition);
        self.write(case, Content::Visit(visit))
    }

    /// A payment in cash of the present minute.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn payment(&mut self, case: CaseId, amount_minor: i64) -> Result<Dot> {
        let payment = Payment {
            amount_minor: Minor::new(amount_minor),
            method: PaymentMethod::Cash,
            paid_at: self.clock_ms,
            receipt: None,
            visit: None,
            source: None,
        };
        self.write(case, Content::Payment(payment))
    }

    /// Ops from the first sequence to the last as a signed batch.
    ///
    /// # Errors
    /// There are no such ops.
    pub fn batch(&self, first: usize, last: usize) -> Result<Vec<u8>> {
        let before = self.chain(first - 1)?;
        let ops = self.ops.get(first - 1..last).context("no such ops")?;
        let sending = Sending { seed: &self.seed, sent_ms: self.clock_ms, epoch: 1 };
        Ok(seal_batch(&before, ops, sending, &self.secret)?)
    }

    /// A signed hello.
    #[must_use]
    pub fn hello(&self, count: u64, protocol: u64) -> Vec<u8> {
        self.hello_of(count, protocol).seal(&self.secret)
    }

    /// A signed hello of a device that has seen an epoch, and read the log that far in it.
    #[must_use]
    pub fn hello_that_knows(&self, count: u64, epoch: u64, reached: u64) -> Vec<u8> {
        Hello { epoch, reached, ..self.hello_of(count, 1) }.seal(&self.secret)
    }

    fn hello_of(&self, count: u64, protocol: u64) -> Hello {
        Hello {
            organisation: self.organisation,
            actor: self.actor,
            count,
            app_version: "test".into(),
            protocol,
            clock_ms: self.clock_ms,
            acknowledged: 0,
            epoch: 0,
            reached: 0,
        }
    }

    /// Sends bytes as this phone.
    ///
    /// # Errors
    /// As the server says.
    pub fn send(&self, doorstep: &Installation, bytes: &[u8]) -> Result<PushAnswer, SyncError> {
        accept_ops(&doorstep.app, self.actor, bytes)
    }

    /// Sends ops from the first sequence to the last.
    ///
    /// # Errors
    /// There are no such ops, or the server refuses them.
    pub fn push(&self, doorstep: &Installation, first: usize, last: usize) -> Result<PushAnswer> {
        Ok(self.send(doorstep, &self.batch(first, last)?)?)
    }

    /// Sends all ops.
    ///
    /// # Errors
    /// The server refuses them.
    pub fn push_all(&self, doorstep: &Installation) -> Result<PushAnswer> {
        self.push(doorstep, 1, self.ops.len())
    }

    /// The code with which the server refuses bytes.
    ///
    /// # Errors
    /// It takes them, or fails.
    pub fn refused(&self, doorstep: &Installation, bytes: &[u8]) -> Result<&'static str> {
        match self.send(doorstep, bytes) {
            Err(SyncError::Refused(refusal)) => Ok(refusal.code().label()),
            Err(SyncError::Failed(error)) => Err(error.into()),
            Ok(answer) => Err(anyhow!("it was taken: {answer:?}")),
        }
    }

    /// Takes one page. Says whether there is more.
    ///
    /// # Errors
    /// The server refuses, or the page cannot be read.
    pub fn pull_page(&mut self, doorstep: &Installation) -> Result<End> {
        let page = pull(&doorstep.app, self.actor, self.cursor.as_deref())?;
        let (frames, end) = decode_frames(&page)?;
        for frame in &frames {
            self.take(frame);
        }
        self.frames.extend(frames);
        self.cursor = Some(end.cursor.clone());
        Ok(end)
    }

    /// Takes all pages; gives the number of them.
    ///
    /// # Errors
    /// As [`Self::pull_page`].
    pub fn pull(&mut self, doorstep: &Installation) -> Result<usize> {
        let mut pages = 1;
        while self.pull_page(doorstep)?.more {
            pages += 1;
        }
        Ok(pages)
    }

    fn take(&mut self, frame: &Frame) {
        match frame {
            Frame::Granted { case, facts, ops, .. } => {
                let mut state = CaseState::new(*case);
                for received in ops {
                    let clock = received.admitted;
                    apply(&mut state, &received.op, clock, received.server_seq);
                }
                // What the server has not got yet lies on top.
                for op in self.ops.iter().filter(|op| op.header.case == Some(*case)) {
                    apply(&mut state, op, Hlc::LAST, Written::PENDING);
                }
                self.cases.insert(*case, state);
                self.facts.insert(*case, facts.clone());
            }
            Frame::Op(received) => {
                let state = received.op.header.case.and_then(|case| self.cases.get_mut(&case));
                if let Some(state) = state {
                    apply(state, &received.op, received.admitted, received.server_seq);
                }
            }
            Frame::OwnOp { server_seq, admitted, sequence } => {
                let index = usize::try_from(*sequence).unwrap_or(usize::MAX) - 1;
                let Some(op) = self.ops.get(index) else { return };
                let state = op.header.case.and_then(|case| self.cases.get_mut(&case));
                if let Some(state) = state {
                    apply(state, op, *admitted, *server_seq);
                }
            }
            Frame::Facts { case, facts, .. } => {
                self.facts.insert(*case, facts.clone());
            }
            Frame::Withdrawn { case, .. } => {
                self.cases.remove(case);
                self.facts.remove(case);
            }
            Frame::Plan { document, .. } => self.plan = Some(document.clone()),
            Frame::Recall { case, code, .. } => self.recalls.push((*case, code.clone())),
            Frame::Packs(_) | Frame::Unknown { .. } => {}
        }
    }

    /// Begins its stream anew.
    pub fn forget_cursor(&mut self) {
        self.cursor = None;
    }
}

/// Puts a device into the database, with a user who is the agent, past codes and passwords.
///
/// # Errors
/// There is no such agent, or the number is taken.
pub fn insert_device(
    database: &Database,
    doorstep: &Installation,
    (number, agent_ref): (u32, &str),
    key: &[u8; 32],
) -> Result<()> {
    let app = &doorstep.app;
    let agent = app.store.agent_of_ref(app.org, agent_ref)?;
    let agent = agent.ok_or_else(|| anyhow!("no agent {agent_ref}"))?;
    let chain = Chain::start(OrgId::try_from(app.org)?, Actor::new(number), key);
    let bytes = |bytes: &[u8]| {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if database.url().is_some() { format!("'\\x{hex}'") } else { format!("X'{hex}'") }
    };
    let (org, user) = (bytes(&app.org.0), bytes(&user_id(number)));
    let (agent, key) = (bytes(&agent.0), bytes(key));
    let head = bytes(chain.head().as_bytes());
    database.raw()?.run(&format!(
        "INSERT INTO users VALUES ({org}, {user}, 'u{number}', 'User {number}', 'agent', {agent}, \
         'x', 0, NULL, NULL, 0);
         INSERT INTO devices VALUES ({org}, {number}, {user}, 'phone {number}', {key}, \
         {enrolled}, 'test', 0, 0, 0, {head}, 0, 0, NULL, NULL, NULL);",
        enrolled = app.ids.clock().now().as_microsecond()
    ))
}

fn apply(state: &mut CaseState, op: &Op, clock: Hlc, server_seq: u64) {
    let Some(payload) = op.body.payload() else { return };
    if let Ok(Some(written)) = Written::read(&op.header, payload, clock, server_seq) {
        state.apply(&written);
    }
}

/// A visit of ten minutes at which the borrower was met.
#[must_use]
pub fn visit_at(arrived_at: i64, disposition: Disposition) -> Visit {
    Visit {
        arrived_at,
        left_at: arrived_at + 600_000,
        met: Met::Borrower,
        disposition,
        lat_e7: None,
        lon_e7: None,
        accuracy_m: None,
        distance_m: None,
        mock_location: false,
        plan: None,
        stop: None,
        travel_m: None,
        travel_s: None,
        clock_offset_ms: 0,
        evidence: Vec::new(),
        note: None,
        packs: Vec::new(),
        breached: Vec::new(),
        source: None,
        agent: None,
    }
}

/// A header of that kind, as a start for [`Phone::write_raw`].
#[must_use]
pub fn header(phone: &Phone, case: Option<CaseId>, kind: u64) -> Header {
    Header {
        organisation: phone.organisation,
        dot: Dot { actor: phone.actor, sequence: NonZeroU64::MIN },
        clock: Hlc::new(phone.clock_ms, 0),
        case,
        kind: sync_core::op::Kind::new(kind),
        kind_version: NonZeroU64::MIN,
        record: None,
        field: None,
        replaces: None,
        context: None,
        unknown: sync_core::bytes::Unknown::default(),
    }
}

/// The id of a phone's user.
fn user_id(number: u32) -> [u8; 16] {
    let [a, b, c, d] = number.to_be_bytes();
    [0x11, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, a, b, c, d]
}
