//! Phones and a server in one room.

mod day;
mod exchange;
mod server;
mod simulation;

use super::*;
use crate::kinds::{Disposition, Met, Visit};
use crate::protocol::Frame;
use crate::store::MemoryStore;
use server::Server;

/// 2026-03-02T08:00:00Z, a Monday afternoon in Taipei.
const T: i64 = 1_772_438_400_000;

fn case(number: u8) -> CaseId {
    CaseId::from_parts(u64::from(number), [number; 10])
}

fn server() -> Server {
    let mut frames = crate::protocol::tests::frames().into_iter();
    let facts = frames.find_map(|frame| match frame {
        Frame::Granted { facts, .. } => Some(facts),
        _ => None,
    });
    let mut facts = facts.unwrap();
    // Nothing stands against a visit.
    facts.flags = crate::model::Flags::NONE;
    facts.earlier = vec![];
    Server::new(T, facts)
}

/// A phone that is device `number` of the server: the next one.
fn phone(server: &mut Server, number: u8) -> Phone<MemoryStore> {
    let mut phone = Phone::open(MemoryStore::new()).unwrap();
    let enrolment = phone.enrolment("K7QF-22XD", "phone", "1.0.0", [number; 32]).unwrap();
    let enrolled = server.enrol(&enrolment);
    assert_eq!(enrolled.actor, u32::from(number));
    phone.enrol(server.now_ms, enrolled).unwrap();
    phone
}

fn at(now_ms: i64) -> Moment {
    Moment { now_ms, random: now_ms.to_be_bytes().repeat(2).try_into().unwrap() }
}

fn visit(at_ms: i64) -> Visit {
    Visit {
        arrived_at: at_ms,
        left_at: at_ms + 300_000,
        met: Met::Borrower,
        disposition: Disposition::RefusedToPay,
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
        evidence: vec![],
        note: None,
        packs: vec![],
        breached: vec![],
        source: None,
        agent: None,
    }
}

/// A whole exchange without trouble.
fn sync<S: OpStore>(phone: &mut Phone<S>, server: &mut Server, now_ms: i64) -> Vec<Progress> {
    let mut client = Client::new("1.0.0");
    let mut all = Vec::new();
    while let Some(request) = client.next(phone, now_ms).unwrap() {
        let (status, body) = server.answer(&request);
        all.push(client.answer(phone, now_ms, status, &body).unwrap());
        assert!(all.len() < 1_000, "{all:?}");
    }
    all
}
