//! The motorcycle: the car's rules with tags and surfaces of its own.

use super::{both, check};
use crate::Profile;

#[test]
fn where_it_differs_from_the_car() {
    let road = ("highway", "residential");
    check(
        &Profile::motorcycle(),
        &[
            (&[road], both(25.0)),
            (&[("highway", "motorway")], Some((90.0, 0.0))),
            (&[("highway", "path")], None),
            (&[("highway", "path"), ("motorcycle", "yes")], both(12.0)),
            (&[("highway", "path"), ("motorcar", "yes")], None),
            (&[("highway", "footway"), ("motor_vehicle", "destination")], both(4.0)),
            (&[road, ("motorcycle", "private")], both(12.5)),
            (&[road, ("oneway", "yes"), ("oneway:motorcycle", "no")], both(25.0)),
            (&[road, ("oneway", "yes"), ("oneway:motorcar", "no")], Some((25.0, 0.0))),
            (&[road, ("maxspeed", "50"), ("maxspeed:motorcycle", "30")], both(24.0)),
            (&[road, ("lanes", "1")], both(25.0)),
            (&[road, ("surface", "sand")], both(10.0)),
            (&[("highway", "primary"), ("smoothness", "very_bad")], both(30.0)),
            (&[("highway", "primary"), ("maxspeed", "200")], both(130.0)),
        ],
    );
}
