//! Workload W: what twenty devices in ten areas write, drawn from a seed.
//!
//! One server, 20 devices, 10 areas of 100 cases, two devices an area, both with all of its cases.
//! Round 0, offline: 500 visits a device, three later edits of each one's disposition, 200 edits of
//! contact fields of 50 borrowers that the other device of the area edits too. Round 1: 10 visits a
//! device with three edits each. Clocks are up to ten minutes wrong either way.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Areas.
pub(super) const AREAS: usize = 10;
/// Cases of an area.
pub(super) const CASES: usize = 100;
/// Devices of an area.
pub(super) const PAIR: usize = 2;
/// Borrowers of an area whose contact fields both devices edit.
pub(super) const EDITED: usize = 50;
/// Contact fields of a borrower.
pub(super) const FIELDS: usize = 4;

const WORDS: [&str; 24] = [
    "nobody",
    "door",
    "gate",
    "asked",
    "to",
    "come",
    "again",
    "in",
    "the",
    "evening",
    "neighbour",
    "said",
    "family",
    "moved",
    "paid",
    "part",
    "promised",
    "friday",
    "salary",
    "late",
    "letter",
    "left",
    "spoke",
    "with",
];

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VisitDraw {
    /// Case of the area, from 0.
    pub(super) case: usize,
    /// Milliseconds after the start of the round, by a right clock.
    pub(super) after_ms: i64,
    pub(super) minutes: i64,
    /// Place off the pin, 1e-7 degrees.
    pub(super) off_e7: (i64, i64),
    pub(super) accuracy_m: u64,
    pub(super) distance_m: u64,
    pub(super) travel_m: u64,
    pub(super) travel_s: u64,
    pub(super) met: u64,
    pub(super) dispositions: [u64; 4],
    pub(super) paid_minor: Option<i64>,
    pub(super) evidence: [u8; 32],
    pub(super) note: String,
}

/// One edit of a contact field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditDraw {
    pub(super) case: usize,
    /// From 0 to [`FIELDS`].
    pub(super) field: usize,
    pub(super) text: String,
}

/// What one device writes in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeviceDraw {
    /// How far its clock is wrong.
    pub(super) skew_ms: i64,
    pub(super) visits: Vec<VisitDraw>,
    pub(super) edits: Vec<EditDraw>,
}

/// Round 0 or 1 of device `device` (0 to 19).
pub(super) fn draw(seed: u64, device: u64, round: u64) -> DeviceDraw {
    let mixed = seed ^ (device * 2 + round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(mixed));
    // The clock of a device is wrong in the same way in both rounds.
    let mut own =
        Dice(Xoshiro256PlusPlus::seed_from_u64(seed ^ device.wrapping_mul(0xd134_2543_de82_ef95)));
    let skew_ms = own.signed(600_000);
    let (visits, edits) = if round == 0 { (500, 200) } else { (10, 0) };
    DeviceDraw {
        skew_ms,
        visits: (0..visits).map(|number| dice.visit(number)).collect(),
        edits: (0..edits).map(|_| dice.edit()).collect(),
    }
}

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1).max(1);
        usize::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    fn number(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n.max(1)
    }

    fn signed(&mut self, reach: i64) -> i64 {
        let drawn = self.number(reach.unsigned_abs() * 2 + 1);
        i64::try_from(drawn).unwrap_or(0) - reach
    }

    fn visit(&mut self, number: i64) -> VisitDraw {
        let mut evidence = [0; 32];
        self.0.fill_bytes(&mut evidence);
        VisitDraw {
            case: self.below(CASES),
            after_ms: number * 900_000 + i64::try_from(self.number(600_000)).unwrap_or(0),
            minutes: 3 + i64::try_from(self.number(25)).unwrap_or(0),
            off_e7: (self.signed(3_000), self.signed(3_000)),
            accuracy_m: 3 + self.number(30),
            distance_m: self.number(80),
            travel_m: 200 + self.number(8_000),
            travel_s: 60 + self.number(1_500),
            met: self.number(3),
            dispositions: [0; 4].map(|_: u64| 1 + self.number(16)),
            paid_minor: (self.number(10) < 3)
                .then(|| 10_000 + i64::try_from(self.number(500_000)).unwrap_or(0)),
            evidence,
            note: self.note(),
        }
    }

    /// About 120 characters.
    fn note(&mut self) -> String {
        let mut note = String::new();
        while note.len() < 115 {
            if !note.is_empty() {
                note.push(' ');
            }
            note.push_str(WORDS.get(self.below(WORDS.len())).unwrap_or(&""));
        }
        note
    }

    fn edit(&mut self) -> EditDraw {
        let (case, field) = (self.below(EDITED), self.below(FIELDS));
        EditDraw { case, field, text: format!("value {}", self.number(1_000_000)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_workload_that_is_described() {
        let device = draw(1, 3, 0);
        assert_eq!((device.visits.len(), device.edits.len()), (500, 200));
        assert!(device.skew_ms.abs() <= 600_000);
        assert_eq!(device.skew_ms, draw(1, 3, 1).skew_ms);
        let length: usize = device.visits.iter().map(|visit| visit.note.len()).sum();
        assert!((115..130).contains(&(length / 500)), "{}", length / 500);
        assert_eq!(draw(1, 3, 1).visits.len(), 10);
        assert_eq!(device, draw(1, 3, 0));
        assert_ne!(device, draw(1, 4, 0));
    }
}
