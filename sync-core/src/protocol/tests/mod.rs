//! Golden bytes, what is refused, and laws.

mod golden;
mod laws;
mod refusals;

pub(crate) use golden::frames;

use super::*;
use crate::op::tests::{day, unhex};
use crate::op::{Actor, Chain, Op, Seed};

/// 2026-03-02T08:00:00Z
const T: i64 = 1_772_438_400_000;
const ORG: &str = "01900000-0000-7000-8000-000000000001";
const CASE: &str = "01900000-0000-7000-8000-0000000000c5";

fn secret() -> DeviceSecret {
    DeviceSecret::new([3; 32])
}

fn seed() -> Seed {
    Seed::new(std::array::from_fn(|index| u8::try_from(index).unwrap()))
}

fn chain() -> Chain {
    Chain::start(ORG.parse().unwrap(), Actor::new(7), &secret().public())
}

fn sealed(ops: &[Op]) -> Vec<u8> {
    let sending = Sending { seed: &seed(), sent_ms: T + 9_000, epoch: 3 };
    seal_batch(&chain(), ops, sending, &secret()).unwrap()
}

/// Opens and verifies with the key of [`secret`].
fn read(bytes: &[u8]) -> Result<Batch, ProtocolError> {
    UnreadBatch::open(bytes)?.verify(&secret().public())
}

/// The bytes of that name, computed with another program than this one.
fn golden(name: &str) -> Vec<Vec<u8>> {
    let lines = include_str!("golden.txt").lines();
    let words = lines.filter_map(|line| line.split_once(' '));
    words.filter(|(found, _)| *found == name).map(|(_, hex)| unhex(hex)).collect()
}

fn golden_one(name: &str) -> Vec<u8> {
    let [bytes] = <[_; 1]>::try_from(golden(name)).unwrap();
    bytes
}
