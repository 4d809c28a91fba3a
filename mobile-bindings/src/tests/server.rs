//! A server of one phone, in memory: what it says is of the real protocol.

use std::sync::{Arc, Mutex};

use sync_core::model::{CaseId, Dpd, Flags, Minor, OrgId, PlanId, Position};
use sync_core::op::{Actor, Chain, DeviceKey, Op};
use sync_core::protocol::{
    End, Enrolled, Enrolment, Facts, Frame, HelloAnswer, PlanDocument, PlanStop, PushAnswer,
    UnreadBatch, UnreadHello, encode_frames,
};

use crate::{AppError, HttpAnswer, HttpRequest, Transport};

/// Monday 23 November 2026, 09:00 in New York.
pub(super) const NINE: i64 = 1_795_442_400_000;
const ORG: u8 = 1;
const ACTOR: u32 = 17;

/// What goes wrong with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is lost on the way.
    Lost,
    /// It is done, and the answer is lost on the way.
    AnswerLost,
    /// The phone was revoked.
    Revoked,
    /// The server is broken.
    Broken,
}

#[derive(Debug)]
struct Inner {
    key: DeviceKey,
    chain: Option<Chain>,
    page: Vec<Frame>,
    ops: Vec<Op>,
    fault: Option<Fault>,
    wait_s: Option<u64>,
    seen: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Server(Mutex<Inner>);

pub(super) fn case() -> CaseId {
    CaseId::from_parts(1, [1; 10])
}

pub(super) fn plan() -> PlanId {
    PlanId::from_parts(1, [2; 10])
}

impl Server {
    pub(super) fn new() -> Arc<Self> {
        let page = vec![
            Frame::Plan { document: document(), server_seq: 1 },
            Frame::Granted { case: case(), facts: facts(), ops: Vec::new(), at_seq: 1 },
        ];
        let (key, chain, fault, wait_s) = ([0; 32], None, None, None);
        let (ops, seen) = (Vec::new(), Vec::new());
        Arc::new(Self(Mutex::new(Inner { key, chain, page, ops, fault, wait_s, seen })))
    }

    pub(super) fn fail_next(&self, fault: Fault) {
        self.0.lock().unwrap().fault = Some(fault);
    }

    pub(super) fn ask_to_wait(&self, seconds: u64) {
        self.0.lock().unwrap().wait_s = Some(seconds);
    }

    pub(super) fn ops(&self) -> Vec<Op> {
        self.0.lock().unwrap().ops.clone()
    }

    /// What was asked since the last time, each with its wait.
    pub(super) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().seen)
    }

    pub(super) fn answer(&self, request: &HttpRequest) -> Result<HttpAnswer, AppError> {
        let mut inner = self.0.lock().unwrap();
        let path = request.path.split(['/', '?']).nth(4).unwrap();
        inner.seen.push(format!("{} {path} {}", request.method, request.wait_s));
        let fault = inner.fault.take();
        let lost = || AppError::Offline { detail: "no signal".to_owned() };
        let (status, body) = match fault {
            Some(Fault::Lost) => return Err(lost()),
            Some(Fault::Broken) => (503, br#"{"code":"busy","detail":"later"}"#.to_vec()),
            fault => (200, inner.take(path, request, fault == Some(Fault::Revoked))),
        };
        if fault == Some(Fault::AnswerLost) {
            return Err(lost());
        }
        Ok(HttpAnswer { status, body, at_ms: NINE })
    }
}

impl Inner {
    fn take(&mut self, path: &str, request: &HttpRequest, revoked: bool) -> Vec<u8> {
        if path == "enrol" {
            return self.enrol(&request.body);
        }
        if path == "hello" {
            return self.hello(&request.body, revoked);
        }
        assert_eq!(request.authorization.as_deref(), Some("Bearer token"));
        if path == "push" {
            return self.push(&request.body);
        }
        let (cursor, more) = ("here".to_owned(), false);
        let end = End { cursor, more, clock_ms: NINE, reached: 1, epoch: 1 };
        encode_frames(&std::mem::take(&mut self.page), &end).unwrap()
    }

    fn enrol(&mut self, body: &[u8]) -> Vec<u8> {
        let enrolment: Enrolment = serde_json::from_slice(body).unwrap();
        assert_eq!(enrolment.code, "K7QF-22XD");
        self.key = enrolment.key().unwrap();
        let organisation = OrgId::from_parts(1, [ORG; 10]);
        self.chain = Some(Chain::start(organisation, Actor::new(ACTOR), &self.key));
        let enrolled = Enrolled {
            organisation,
            actor: ACTOR,
            agent_ref: "A-1".to_owned(),
            epoch: 1,
            currency: "USD".to_owned(),
            exponent: 2,
            server_time_ms: NINE + 500,
        };
        serde_json::to_vec(&enrolled).unwrap()
    }

    fn hello(&self, body: &[u8], wipe: bool) -> Vec<u8> {
        let hello = UnreadHello::open(body).unwrap().verify(&self.key).unwrap();
        let chain = self.chain.as_ref().unwrap();
        HelloAnswer {
            clock_ms: NINE,
            epoch: 1,
            known: chain.sequence(),
            head: chain.head(),
            token: (!wipe).then(|| "token".to_owned()),
            lowest: 1,
            highest: 1,
            offset_ms: NINE - hello.clock_ms,
            wipe,
        }
        .encode()
    }

    fn push(&mut self, body: &[u8]) -> Vec<u8> {
        let batch = UnreadBatch::open(body).unwrap().verify(&self.key).unwrap();
        let known = self.chain.as_ref().unwrap().sequence();
        if batch.chain.sequence() > known {
            assert_eq!(batch.header.first.get(), known + 1);
            self.ops.extend(batch.ops);
            self.chain = Some(batch.chain);
        }
        let acknowledged = self.chain.as_ref().unwrap().sequence();
        let kept_aside = vec![(1, "foreign_case".to_owned())];
        let flagged = vec![(2, "policy_breach".to_owned()), (2, "of_tomorrow".to_owned())];
        let wait_s = self.wait_s.take();
        PushAnswer { acknowledged, durable: 0, epoch: 1, kept_aside, flagged, wait_s }.encode()
    }
}

#[async_trait::async_trait]
impl Transport for Server {
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, AppError> {
        self.answer(&request)
    }
}

fn facts() -> Facts {
    Facts {
        case_ref: "C-1".to_owned(),
        borrower_ref: "B-1".to_owned(),
        name: "Name".to_owned(),
        address: None,
        position: Position::from_e7(391_582_000, -755_244_000).unwrap(),
        amount_due: Minor::new(90_000),
        dpd: Dpd::new(120).unwrap(),
        zone: "America/New_York".parse().unwrap(),
        visit_window: None,
        flags: Flags::default(),
        language: None,
        phone: Some("+1302555".to_owned()),
        as_of_ms: NINE - 3_600_000,
        earlier: Vec::new(),
        currency: "USD".to_owned(),
        exponent: 2,
    }
}

fn document() -> PlanDocument {
    let stop = PlanStop {
        number: 1,
        case: case(),
        arrive_at_ms: NINE + 600_000,
        start_at_ms: NINE + 600_000,
        leave_at_ms: NINE + 1_500_000,
        leg_m: 7_000,
        leg_s: 600,
    };
    PlanDocument {
        plan: plan(),
        date: "2026-11-23".parse().unwrap(),
        version: 1,
        route: 1,
        departs_at_ms: NINE,
        returns_at_ms: NINE + 2_100_000,
        stops: vec![stop],
        base: Position::from_e7(391_000_000, -755_000_000).unwrap(),
    }
}
