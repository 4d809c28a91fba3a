//! Costs of several origins side by side.

use crate::ch::Cost;
use crate::num::whole_u64;

/// Origins searched together. Eight floats are one cache line.
pub(super) const LANES: usize = 8;

/// What one centisecond counts beside decimetres, whose sums stay below: 13,421 km.
const DM: f64 = 134_217_728.0;
const DM_BITS: u32 = 27;
const DM_MASK: u64 = (1 << DM_BITS) - 1;

/// A [`Cost`] per origin as whole floats: centiseconds times 2^27 plus decimetres. Sums are
/// exact below 2^53, that is up to 186 hours; floats because every processor adds and
/// compares them several at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [f64; LANES]);

impl Lanes {
    pub(super) const NONE: Self = Self([f64::INFINITY; LANES]);

    /// Keeps the smaller of what is here and `from` plus `cost`.
    #[inline]
    pub(super) fn improve(&mut self, from: &Self, cost: f64) {
        for (own, from) in self.0.iter_mut().zip(&from.0) {
            let new = from + cost;
            *own = if new < *own { new } else { *own };
        }
    }
}

/// A cost as one float; [`Cost::NONE`] becomes infinity.
pub(super) fn pack(cost: Cost) -> f64 {
    if cost == Cost::NONE {
        return f64::INFINITY;
    }
    f64::from(cost.cs()) * DM + f64::from(cost.dm())
}

/// Centiseconds and decimetres of a packed cost that is not infinite.
#[inline]
pub(super) fn unpack(packed: f64) -> (u64, u64) {
    let bits = whole_u64(packed);
    (bits >> DM_BITS, bits & DM_MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_both_parts_and_their_order() {
        let (a, b) = (Cost::new(60_000_000, 130_000_000), Cost::new(60_000_001, 0));
        assert_eq!(unpack(pack(a)), (60_000_000, 130_000_000));
        assert!(pack(a) < pack(b));
        assert!(pack(Cost::NONE).is_infinite());
        let mut lanes = Lanes::NONE;
        let mut from = Lanes::NONE;
        from.0[3] = pack(Cost::new(5, 7));
        lanes.improve(&from, pack(Cost::new(1, 1)));
        assert_eq!(lanes.0.iter().filter(|x| x.is_finite()).count(), 1);
        assert_eq!(unpack(lanes.0[3]), (6, 8));
    }
}
