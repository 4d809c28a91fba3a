//! The car.

use super::{Pairs, both, check};
use crate::Profile;
use crate::profile::Speed;
use crate::tags::Tags;

const MPH: f64 = 1.609_344;
const ROAD: (&str, &str) = ("highway", "residential");
const MAIN: (&str, &str) = ("highway", "primary");

#[test]
fn kinds_and_directions() {
    check(
        &Profile::car(),
        &[
            (&[ROAD], both(25.0)),
            (&[("highway", "footway")], None),
            (&[("highway", "motorway")], Some((90.0, 0.0))),
            (&[("highway", "motorway"), ("oneway", "no")], both(90.0)),
            (&[("highway", "motorway_link")], both(45.0)),
            (&[ROAD, ("oneway", "yes")], Some((25.0, 0.0))),
            (&[ROAD, ("oneway", "true")], Some((25.0, 0.0))),
            (&[ROAD, ("oneway", "-1")], Some((0.0, 25.0))),
            (&[ROAD, ("oneway", "reverse")], Some((0.0, 25.0))),
            (&[ROAD, ("oneway", "sometimes")], both(25.0)),
            (&[("highway", "tertiary"), ("junction", "roundabout")], Some((40.0, 0.0))),
            (&[("highway", "tertiary"), ("junction", "circular")], Some((40.0, 0.0))),
            (&[MAIN, ("oneway", "reversible")], None),
            (&[MAIN, ("oneway", "alternating")], both(26.0)),
            (&[MAIN, ("oneway", "yes"), ("oneway:motorcar", "no")], both(65.0)),
            // Exceptions for bicycles are not for cars.
            (&[ROAD, ("oneway", "yes"), ("oneway:bicycle", "no")], Some((25.0, 0.0))),
            (&[ROAD, ("oneway", "yes"), ("cycleway", "opposite")], Some((25.0, 0.0))),
        ],
    );
}

#[test]
fn limits() {
    let track = ("highway", "track");
    check(
        &Profile::car(),
        &[
            (&[ROAD, ("maxspeed", "25 mph")], both(25.0 * MPH * 0.8)),
            (&[MAIN, ("maxspeed", "50"), ("maxspeed:backward", "100")], Some((40.0, 80.0))),
            (&[MAIN, ("maxspeed", "50"), ("maxspeed:motorcar", "40")], both(32.0)),
            (&[MAIN, ("maxspeed", "signals")], both(65.0)),
            (&[MAIN, ("maxspeed", "signals"), ("maxspeed:type", "DE:urban")], both(40.0)),
            (&[MAIN, ("maxspeed", "80"), ("maxspeed:type", "DE:urban")], both(64.0)),
            (&[MAIN, ("maxspeed:type", "sign")], both(65.0)),
            (&[MAIN, ("source:maxspeed", "DE:rural")], both(80.0)),
            (&[MAIN, ("zone:maxspeed", "DE:30")], both(24.0)),
            (&[MAIN, ("zone:maxspeed", "GB:20")], both(20.0 * MPH * 0.8)),
            (&[MAIN, ("zone:traffic", "RU:urban")], both(48.0)),
            (&[MAIN, ("maxspeed", "100"), ("maxspeed:advisory", "50")], both(40.0)),
            (&[MAIN, ("maxspeed:advisory", "100")], both(65.0)),
            (&[("highway", "motorway"), ("maxspeed", "none")], Some((112.0, 0.0))),
            (&[MAIN, ("maxspeed", "200")], both(140.0)),
            // A zone does not make a track a highway, but its own limit slows it.
            (&[track, ("maxspeed:type", "DE:rural")], both(10.0)),
            (&[track, ("maxspeed", "10")], both(8.0)),
        ],
    );
}

#[test]
fn upper_bounds() {
    check(
        &Profile::car(),
        &[
            (&[ROAD, ("maxspeed", "50"), ("surface", "cobblestone")], both(30.0)),
            (&[MAIN, ("tracktype", "grade5")], both(20.0)),
            (&[MAIN, ("smoothness", "very_bad")], both(20.0)),
            (&[MAIN, ("smoothness", "excellent")], both(65.0)),
            (&[("highway", "service"), ("service", "driveway")], both(10.0)),
            (&[("highway", "service"), ("service", "parking_aisle")], both(10.0)),
            (&[("highway", "service"), ("service", "alley")], both(10.0)),
            (&[("highway", "service"), ("service", "emergency_access")], None),
            (&[ROAD, ("lanes", "1")], both(20.0)),
            (&[ROAD, ("lanes", "2")], both(25.0)),
            (&[ROAD, ("width", "2.5 m")], both(20.0)),
            (&[ROAD, ("lanes", "1"), ("oneway", "yes")], Some((25.0, 0.0))),
        ],
    );
}

#[test]
fn access() {
    let service = ("highway", "service");
    let square = ("highway", "pedestrian");
    check(
        &Profile::car(),
        &[
            (&[service, ("access", "private")], both(7.5)),
            (&[service, ("access", "destination")], both(7.5)),
            (&[service, ("access", "delivery")], both(7.5)),
            (&[service, ("access", "customers")], both(7.5)),
            (&[ROAD, ("access", "unknown")], both(25.0)),
            (&[ROAD, ("motor_vehicle", "agricultural")], None),
            (&[ROAD, ("motor_vehicle", "no"), ("motorcar", "yes")], both(25.0)),
            (&[ROAD, ("motor_vehicle:backward", "no")], Some((25.0, 0.0))),
            (&[ROAD, ("access", "no"), ("motor_vehicle:forward", "yes")], Some((25.0, 0.0))),
            (&[ROAD, ("motor_vehicle:forward", "destination")], Some((12.5, 25.0))),
            (&[ROAD, ("motor_vehicle:forward", "no"), ("oneway", "yes")], None),
            // Several values: the mildest of those that are listed.
            (&[ROAD, ("motor_vehicle", "agricultural;forestry")], None),
            (&[ROAD, ("motor_vehicle", "no;destination")], both(12.5)),
            (&[ROAD, ("access", "no; permit")], both(12.5)),
            (&[ROAD, ("access", "no;unknown")], None),
            (&[ROAD, ("access", "yes;no")], both(25.0)),
            (&[ROAD, ("access", "no ")], None),
            (&[ROAD, ("access", "No")], None),
            (&[square, ("motor_vehicle", "delivery;unknown")], both(5.0)),
            // Closed by its kind, opened by a tag of the car's own.
            (&[square, ("motor_vehicle", "yes")], both(10.0)),
            (&[square, ("motor_vehicle", "destination")], both(5.0)),
            (&[square, ("access", "yes")], None),
            (&[square, ("motor_vehicle", "unknown")], None),
            (&[square, ("motor_vehicle", "yes"), ("motorcar", "no")], None),
        ],
    );
}

#[test]
fn ferries() {
    check(
        &Profile::car(),
        &[
            (&[("route", "ferry")], both(15.0)),
            (&[("route", "ferry"), ("motor_vehicle", "no")], None),
            (&[("route", "ferry"), ("access", "no")], None),
            (&[("route", "ferry"), ("oneway", "yes")], Some((15.0, 0.0))),
        ],
    );
    let timed: Pairs<'_> = &[("route", "ferry"), ("duration", "01:25")];
    let rule = Profile::car().way(&Tags::of(timed)).unwrap();
    assert_eq!((rule.speed, rule.snap), (Speed::Seconds(5100.0), false));
}
