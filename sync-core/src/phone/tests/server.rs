//! A server in a hundred lines, for tests: one organisation, everything in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::{Arrival, Hlc};
use crate::kinds::Content;
use crate::merge::{CaseState, Draft, Written, named, unheard};
use crate::model::{CaseId, OrgId};
use crate::op::{Actor, Chain, DeviceKey, Dot, OFFICE_KEY, Op, OpHash, Seed};
use crate::phone::{Method, Request};
use crate::protocol::*;

pub(super) const ORG: &str = "01900000-0000-7000-8000-000000000001";

/// Frames of a page.
const PAGE: usize = 3;

#[derive(Debug, Clone)]
enum Event {
    Op(ReceivedOp),
    Granted(CaseId, Actor),
    Withdrawn(CaseId, Actor),
    Recall(CaseId, String, i64),
    Packs(Vec<String>),
    Plan(PlanDocument, Actor),
}

#[derive(Debug, Clone)]
struct Device {
    key: DeviceKey,
    chain: Chain,
    hashes: Vec<OpHash>,
    hellos: u64,
    offset_ms: i64,
    before: Option<Hlc>,
    aside: BTreeMap<u64, String>,
    durable: u64,
    revoked: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) now_ms: i64,
    pub(super) epoch: u64,
    pub(super) facts: Facts,
    /// Each with the `server_seq` that is one more than its index.
    events: Vec<Event>,
    devices: BTreeMap<Actor, Device>,
    office: Chain,
}

type Answer = Result<Vec<u8>, (u16, String)>;

fn refuse(code: Code) -> (u16, String) {
    (code.status().unwrap(), format!("{{\"code\":\"{code}\",\"detail\":\"refused\"}}"))
}

impl Server {
    pub(super) fn new(now_ms: i64, facts: Facts) -> Self {
        let office = Chain::start(ORG.parse().unwrap(), Actor::OFFICE, &OFFICE_KEY);
        let (events, devices) = (Vec::new(), BTreeMap::new());
        Self { now_ms, epoch: 1, facts, events, devices, office }
    }

    pub(super) fn enrol(&mut self, enrolment: &Enrolment) -> Enrolled {
        let key = enrolment.key().unwrap();
        let actor = u32::try_from(self.devices.len() + 1).unwrap();
        let organisation: OrgId = ORG.parse().unwrap();
        let device = Device {
            key,
            chain: Chain::start(organisation, Actor::new(actor), &key),
            hashes: Vec::new(),
            hellos: 0,
            offset_ms: 0,
            before: None,
            aside: BTreeMap::new(),
            durable: 0,
            revoked: false,
        };
        self.devices.insert(Actor::new(actor), device);
        Enrolled {
            organisation,
            actor,
            agent_ref: format!("A-{actor}"),
            epoch: self.epoch,
            currency: "TWD".to_owned(),
            exponent: 2,
            server_time_ms: self.now_ms,
        }
    }

    pub(super) fn grant(&mut self, case: CaseId, actor: u32) {
        self.events.push(Event::Granted(case, Actor::new(actor)));
    }

    pub(super) fn withdraw(&mut self, case: CaseId, actor: u32) {
        self.events.push(Event::Withdrawn(case, Actor::new(actor)));
    }

    pub(super) fn recall(&mut self, case: CaseId, code: &str) {
        self.events.push(Event::Recall(case, code.to_owned(), self.now_ms));
    }

    pub(super) fn packs(&mut self, packs: &[&str]) {
        self.events.push(Event::Packs(packs.iter().map(|pack| (*pack).to_owned()).collect()));
    }

    pub(super) fn plan(&mut self, document: PlanDocument, actor: u32) {
        self.events.push(Event::Plan(document, Actor::new(actor)));
    }

    pub(super) fn revoke(&mut self, actor: u32) {
        self.devices.get_mut(&Actor::new(actor)).unwrap().revoked = true;
    }

    /// A backup: what is known now is durable.
    pub(super) fn save(&mut self) -> Self {
        for device in self.devices.values_mut() {
            device.durable = device.chain.sequence();
        }
        self.clone()
    }

    pub(super) fn known(&self, actor: u32) -> u64 {
        self.devices[&Actor::new(actor)].chain.sequence()
    }

    /// The admitted ops, in their order.
    pub(super) fn ops(&self) -> impl Iterator<Item = &ReceivedOp> {
        self.events.iter().filter_map(|event| match event {
            Event::Op(received) => Some(received),
            _ => None,
        })
    }

    pub(super) fn case(&self, case: CaseId) -> CaseState {
        self.case_at(case, u64::MAX)
    }

    fn case_at(&self, case: CaseId, head: u64) -> CaseState {
        let mut state = CaseState::new(case);
        for received in self.ops().filter(|received| received.server_seq <= head) {
            let payload = received.op.body.payload().unwrap();
            let header = &received.op.header;
            let op = Written::read(header, payload, received.admitted, received.server_seq);
            if let Ok(Some(op)) = op {
                state.apply(&op);
            }
        }
        state
    }

    fn head(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap()
    }

    fn is_granted(&self, case: CaseId, actor: Actor, head: u64) -> bool {
        let mut granted = false;
        for event in self.events.iter().take(usize::try_from(head).unwrap()) {
            match event {
                Event::Granted(of, to) if (*of, *to) == (case, actor) => granted = true,
                Event::Withdrawn(of, to) if (*of, *to) == (case, actor) => granted = false,
                _ => {}
            }
        }
        granted
    }

    /// The office writes an op.
    pub(super) fn office(&mut self, case: CaseId, content: Content, field: Option<u64>) -> Dot {
        let dot = self.office.next().unwrap();
        let clock = Hlc::new(self.now_ms, 0);
        let (organisation, record) = (self.office.organisation(), None);
        let draft = Draft { organisation, dot, clock, case, content, record, field };
        let header = self.case(case).header(&draft).unwrap();
        let op = Op::new(header, draft.content.payload(), &Seed::new([1; 16]));
        self.office.follow(&op.header, &op.body.hash()).unwrap();
        let known = self.clocks(&op);
        let arrival = Arrival { offset_ms: 0, received_ms: self.now_ms, before: None };
        let admitted = arrival.admit(clock, known).clock;
        let server_seq = self.head() + 1;
        self.events.push(Event::Op(ReceivedOp { server_seq, admitted, op }));
        dot
    }

    fn clocks(&self, op: &Op) -> Vec<Hlc> {
        let known: BTreeSet<Dot> = named(&op.header).collect();
        let ops = self.ops().filter(|received| known.contains(&received.op.header.dot));
        ops.map(|received| received.admitted).collect()
    }

    pub(super) fn answer(&mut self, request: &Request) -> (u16, Vec<u8>) {
        let answer = match (request.method, request.path.split_once('?')) {
            (Method::Post, None) if request.path == HELLO_PATH => self.hello(&request.body),
            (Method::Post, None) if request.path == PUSH_PATH => {
                self.push(request.token.as_deref(), &request.body)
            }
            (Method::Get, None) => self.pull(request.token.as_deref(), None),
            (Method::Get, Some((_, query))) => {
                let cursor = query.strip_prefix("cursor=").unwrap();
                self.pull(request.token.as_deref(), Some(cursor))
            }
            _ => panic!("{request:?}"),
        };
        match answer {
            Ok(body) => (200, body),
            Err((status, problem)) => (status, problem.into_bytes()),
        }
    }

    fn hello(&mut self, body: &[u8]) -> Answer {
        let unread = UnreadHello::open(body).map_err(|error| refuse(error.code()))?;
        let (epoch, now_ms) = (self.epoch, self.now_ms);
        let device = self.devices.get_mut(&unread.hello().actor);
        let device = device.ok_or_else(|| refuse(Code::UnknownDevice))?;
        let hello = unread.verify(&device.key).map_err(|error| refuse(error.code()))?;
        if hello.count <= device.hellos {
            return Err(refuse(Code::HelloReplayed));
        }
        (device.hellos, device.offset_ms) = (hello.count, now_ms - hello.clock_ms);
        let answer = HelloAnswer {
            clock_ms: now_ms,
            epoch,
            known: device.chain.sequence(),
            head: device.chain.head(),
            token: (!device.revoked).then(|| format!("{}.{epoch}", hello.actor)),
            lowest: 1,
            highest: 1,
            offset_ms: device.offset_ms,
            wipe: device.revoked,
        };
        Ok(answer.encode())
    }

    fn device_of(&self, token: Option<&str>) -> Result<Actor, (u16, String)> {
        let parts = token.and_then(|token| token.split_once('.'));
        let (actor, epoch) = parts.ok_or_else(|| refuse(Code::Unauthenticated))?;
        if epoch != self.epoch.to_string() {
            return Err(refuse(Code::Unauthenticated));
        }
        Ok(Actor::new(actor.parse().unwrap()))
    }

    fn push(&mut self, token: Option<&str>, body: &[u8]) -> Answer {
        let actor = self.device_of(token)?;
        let unread = UnreadBatch::open(body).map_err(|error| refuse(error.code()))?;
        let device = self.devices[&actor].clone();
        let batch = unread.verify(&device.key).map_err(|error| refuse(error.code()))?;
        let first = usize::try_from(batch.header.first.get()).unwrap();
        if first > device.hashes.len() + 1 {
            return Err(refuse(Code::SequenceGap));
        }
        let mut chain = device.chain.clone();
        let mut flagged = Vec::new();
        for (index, op) in batch.ops.iter().enumerate() {
            let sequence = first + index;
            if let Some(hash) = device.hashes.get(sequence - 1) {
                assert_eq!(hash, &op.body.hash(), "the same sequence, another op");
                continue;
            }
            chain.follow(&op.header, &op.body.hash()).map_err(|_| refuse(Code::ChainBroken))?;
            let known = self.clocks(op);
            let case = op.header.case.unwrap();
            let height = |of: Actor| match self.devices.get(&of) {
                Some(device) => device.chain.sequence(),
                None => self.office.sequence(),
            };
            let refusal = if !self.is_granted(case, actor, self.head()) {
                Some(Code::ForeignCase)
            } else {
                unheard(&op.header, height).map(|_| Code::UnheardContext)
            };
            let server_seq = self.head() + 1;
            let device = self.devices.get_mut(&actor).unwrap();
            device.hashes.push(op.body.hash());
            device.chain = chain.clone();
            if let Some(code) = refusal {
                device.aside.insert(op.header.dot.sequence.get(), code.label().to_owned());
                continue;
            }
            let (offset_ms, received_ms) = (device.offset_ms, self.now_ms);
            let arrival = Arrival { offset_ms, received_ms, before: device.before };
            let admitted = arrival.admit(op.header.clock, known);
            device.before = Some(admitted.clock);
            if admitted.implausible {
                let code = Code::ClockImplausible.label().to_owned();
                flagged.push((op.header.dot.sequence.get(), code));
            }
            let (admitted, op) = (admitted.clock, op.clone());
            self.events.push(Event::Op(ReceivedOp { server_seq, admitted, op }));
        }
        let device = &self.devices[&actor];
        if device.chain.sequence() == batch.header.last()
            && device.chain.head() != batch.chain.head()
        {
            return Err(refuse(Code::ChainBroken));
        }
        let range = batch.header.first.get()..=batch.header.last();
        let aside = device.aside.range(range);
        let answer = PushAnswer {
            acknowledged: device.chain.sequence(),
            durable: device.durable,
            epoch: self.epoch,
            kept_aside: aside.map(|(sequence, code)| (*sequence, code.clone())).collect(),
            flagged,
            wait_s: None,
        };
        Ok(answer.encode())
    }

    /// A cursor is `epoch.from.to.offset`; `from` 0 is a start.
    fn pull(&mut self, token: Option<&str>, cursor: Option<&str>) -> Answer {
        let actor = self.device_of(token)?;
        let numbers: Vec<u64> =
            cursor.iter().flat_map(|text| text.split('.')).map(|n| n.parse().unwrap()).collect();
        let (from, to, offset) = match numbers[..] {
            [epoch, from, to, offset] if epoch == self.epoch && offset > 0 => (from, to, offset),
            [epoch, _, to, 0] if epoch == self.epoch => (to, self.head(), 0),
            _ => (0, self.head(), 0),
        };
        let frames = self.frames(actor, from, to);
        let start = usize::try_from(offset).unwrap();
        let page: Vec<Frame> = frames.iter().skip(start).take(PAGE).cloned().collect();
        let next = start + page.len();
        let more = next < frames.len();
        let next = if more { next } else { 0 };
        let end = End {
            cursor: format!("{}.{from}.{to}.{next}", self.epoch),
            more,
            clock_ms: self.now_ms,
            reached: to,
            epoch: self.epoch,
        };
        Ok(encode_frames(&page, &end).unwrap())
    }

    fn frames(&self, actor: Actor, from: u64, to: u64) -> Vec<Frame> {
        let mut sections: [Vec<Frame>; 6] = Default::default();
        let mut granted = BTreeSet::new();
        let mut plans = BTreeMap::new();
        for (event, server_seq) in self.events.iter().zip(1..) {
            let is_new = server_seq > from && server_seq <= to;
            match event {
                Event::Granted(case, whom) if *whom == actor && is_new => {
                    granted.insert(*case);
                }
                Event::Withdrawn(case, whom) if *whom == actor && is_new && from > 0 => {
                    sections[1].push(Frame::Withdrawn { case: *case, server_seq });
                }
                Event::Recall(case, code, at_ms)
                    if is_new && from > 0 && self.is_granted(*case, actor, to) =>
                {
                    let (case, code, at_ms) = (*case, code.clone(), *at_ms);
                    sections[0].push(Frame::Recall { case, code, at_ms, server_seq });
                }
                Event::Packs(packs) if is_new => sections[3] = vec![Frame::Packs(packs.clone())],
                Event::Plan(document, whom) if is_new && *whom == actor => {
                    let document = document.clone();
                    plans.insert(document.date, Frame::Plan { document, server_seq });
                }
                Event::Op(received) if is_new && from > 0 => {
                    let case = received.op.header.case.unwrap();
                    if !self.is_granted(case, actor, to) {
                        continue;
                    }
                    let dot = received.op.header.dot;
                    let (sequence, admitted) = (dot.sequence.get(), received.admitted);
                    sections[5].push(if dot.actor == actor {
                        Frame::OwnOp { server_seq, admitted, sequence }
                    } else {
                        Frame::Op(received.clone())
                    });
                }
                _ => {}
            }
        }
        sections[2] = plans.into_values().collect();
        for case in granted.into_iter().filter(|case| self.is_granted(*case, actor, to)) {
            sections[4].push(self.snapshot(case, to));
        }
        sections.into_iter().flatten().collect()
    }

    fn snapshot(&self, case: CaseId, at_seq: u64) -> Frame {
        let state = self.case_at(case, at_seq);
        let live: BTreeSet<Dot> = state.live_ops().iter().map(|op| op.dot()).collect();
        let ops = self.ops().filter(|received| live.contains(&received.op.header.dot));
        Frame::Granted { case, facts: self.facts.clone(), ops: ops.cloned().collect(), at_seq }
    }
}
