//! What turning at a junction costs.

use serde::{Deserialize, Serialize};

use crate::num::round_u32;

/// How the cost of a turn grows with its angle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnCurve {
    /// Hardly anything up to a slight bend, then quickly to `most_s` (motor vehicles).
    Sigmoid,
    /// With the square of the angle; `most_s` is reached at 90 degrees and exceeded beyond
    /// (bicycles).
    Square,
}

/// Side of the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrivesOn {
    /// Turning left crosses the oncoming traffic.
    Right,
    /// Turning right crosses the oncoming traffic.
    Left,
}

/// What turning at a junction costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnRules {
    /// Side of the road.
    pub drives_on: DrivesOn,
    /// How the cost grows with the angle.
    pub curve: TurnCurve,
    /// Seconds of a full turn before the bias.
    pub most_s: f64,
    /// How much dearer turns across the oncoming traffic are; 1 for no difference.
    pub bias: f64,
    /// Seconds added for turning round.
    pub u_turn_s: f64,
    /// Whether it may turn round at any junction, or only where there is no other way on.
    pub u_turns_at_junctions: bool,
    /// Seconds added at traffic signals.
    pub signal_s: f64,
    /// Seconds added for turning onto, or crossing, a road of a higher class.
    pub crossing_s: f64,
}

/// One turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Change of direction in degrees: 0 straight on, right positive, -180 to 180.
    pub angle_degrees: f64,
    /// How many roads meet at the junction.
    pub roads: u32,
    /// The junction has traffic signals for this turn.
    pub signal: bool,
    /// Back on the road it came from.
    pub u_turn: bool,
    /// Onto or across a road of a higher class.
    pub crossing_class: bool,
}

impl TurnRules {
    /// Milliseconds that a turn costs. Nothing where two roads meet, except for turning
    /// round: there a road only changes its name, and signals are part of the segments.
    ///
    /// The curves are those of OSRM's public profiles (`process_turn` in
    /// <https://github.com/Project-OSRM/osrm-backend/blob/master/profiles/car.lua> and
    /// `bicycle.lua`), where they were fitted to real driving: with `b` the bias of the side
    /// and `a` the size of the angle, `most_s / (1 + exp(-(13 / b * a / 180 - 6.5 * b)))`
    /// and `most_s * (a / 90)² / b`. The side across the oncoming traffic has `1 / b`.
    #[must_use]
    pub fn turn_ms(&self, turn: &Turn) -> u32 {
        let junction = turn.roads > 2;
        let mut seconds = 0.0;
        if junction || turn.u_turn {
            seconds += self.angle_s(turn.angle_degrees);
        }
        if turn.u_turn {
            seconds += self.u_turn_s;
        }
        if junction && turn.signal {
            seconds += self.signal_s;
        }
        if junction && turn.crossing_class {
            seconds += self.crossing_s;
        }
        round_u32(seconds * 1000.0)
    }

    fn angle_s(&self, angle: f64) -> f64 {
        // Two roads on top of each other have no angle between them.
        let angle = if angle.is_finite() { angle.clamp(-180.0, 180.0) } else { 0.0 };
        let near_side = match self.drives_on {
            DrivesOn::Right => angle >= 0.0,
            DrivesOn::Left => angle <= 0.0,
        };
        let bias = if near_side { self.bias } else { 1.0 / self.bias };
        let size = angle.abs();
        match self.curve {
            TurnCurve::Sigmoid => {
                let x = 13.0 / bias * size / 180.0 - 6.5 * bias;
                self.most_s / (1.0 + libm::exp(-x))
            }
            TurnCurve::Square => self.most_s * (size / 90.0) * (size / 90.0) / bias,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::Profile;

    fn plain(angle_degrees: f64) -> Turn {
        Turn { angle_degrees, roads: 4, signal: false, u_turn: false, crossing_class: false }
    }

    /// By hand, 7.5 s and bias 1.075. Right: 13 / 1.075 * 90 / 180 - 6.5 * 1.075 = -0.94099,
    /// 7.5 / (1 + e^0.94099) = 7.5 / 3.56251 = 2.10526 s. Left: 13 * 1.075 / 2 - 6.5 / 1.075
    /// = 0.94099, 7.5 / (1 + e^-0.94099) = 7.5 / 1.39024 = 5.39474 s.
    #[test]
    fn a_car_turns() {
        let turns = Profile::car().turns;
        let ms = |turn: &Turn| turns.turn_ms(turn);
        assert_eq!((ms(&plain(90.0)), ms(&plain(-90.0))), (2105, 5395));
        // Straight on: 7.5 / (1 + e^6.9875) = 0.0069 s.
        assert_eq!(ms(&plain(0.0)), 7);
        // A full turn round: 13 / 1.075 - 6.9875 = 5.1055, 7.5 / (1 + e^-5.1055) = 7.4548 s
        // and 20 s.
        let round = Turn { u_turn: true, ..plain(180.0) };
        assert_eq!(ms(&round), 27_455);
        assert_eq!(ms(&Turn { roads: 1, ..round }), 27_455);
        assert_eq!(ms(&Turn { signal: true, ..plain(90.0) }), 2105 + 2000);
        assert_eq!(ms(&Turn { crossing_class: true, ..plain(90.0) }), 2105 + 2000);
        let bend = Turn { roads: 2, signal: true, crossing_class: true, ..plain(90.0) };
        assert_eq!(ms(&bend), 0);
        assert_eq!(ms(&plain(f64::NAN)), 7);
    }

    /// 6 s and bias 1.4: 6 / 1.4 = 4.286 s to the right, 6 * 1.4 = 8.4 s to the left, a
    /// quarter of that at 45 degrees.
    #[test]
    fn a_bicycle_turns_and_a_walker_does_not() {
        let bicycle = Profile::bicycle().turns;
        assert_eq!((bicycle.turn_ms(&plain(90.0)), bicycle.turn_ms(&plain(-90.0))), (4286, 8400));
        assert_eq!(bicycle.turn_ms(&plain(-45.0)), 2100);
        let foot = Profile::foot().turns;
        let worst = Turn { u_turn: true, crossing_class: true, ..plain(-170.0) };
        assert_eq!(foot.turn_ms(&worst), 0);
        assert_eq!(foot.turn_ms(&Turn { signal: true, ..plain(0.0) }), 2000);
    }

    static ALL: LazyLock<Vec<TurnRules>> = LazyLock::new(|| {
        Profile::NAMES.iter().map(|name| Profile::named(name).unwrap().turns).collect()
    });

    proptest! {
        #[test]
        fn left_hand_traffic_is_the_mirror_image(angle in -180.0..180.0_f64) {
            for right in ALL.iter() {
                let left = TurnRules { drives_on: DrivesOn::Left, ..right.clone() };
                prop_assert_eq!(right.turn_ms(&plain(angle)), left.turn_ms(&plain(-angle)));
            }
        }

        #[test]
        fn a_sharper_turn_to_one_side_is_never_cheaper(a in 0.0..180.0_f64, b in 0.0..180.0_f64) {
            let (small, large) = (a.min(b), a.max(b));
            for turns in ALL.iter() {
                for side in [1.0, -1.0] {
                    let ms = |angle: f64| turns.turn_ms(&plain(side * angle));
                    prop_assert!(ms(small) <= ms(large));
                }
                prop_assert!(turns.turn_ms(&plain(large)) <= turns.turn_ms(&plain(-large)));
            }
        }
    }
}
