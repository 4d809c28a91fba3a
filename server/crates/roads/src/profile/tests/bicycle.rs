//! The bicycle.

use super::{both, check};
use crate::Profile;

const ROAD: (&str, &str) = ("highway", "residential");
const ONE_WAY: (&str, &str) = ("oneway", "yes");

#[test]
fn kinds_and_pushing() {
    let foot = ("highway", "footway");
    check(
        &Profile::bicycle(),
        &[
            (&[ROAD], both(15.0)),
            (&[("highway", "cycleway")], both(15.0)),
            (&[("highway", "path")], both(13.0)),
            (&[("highway", "steps")], both(2.0)),
            (&[("highway", "trunk")], None),
            (&[("highway", "trunk"), ("bicycle", "yes")], both(15.0)),
            (&[("highway", "bridleway"), ("bicycle", "permissive")], both(10.0)),
            (&[foot], both(4.0)),
            (&[foot, ("bicycle", "yes")], both(12.0)),
            (&[foot, ("bicycle", "designated")], both(12.0)),
            (&[foot, ("bicycle", "dismount")], both(4.0)),
            (&[foot, ("bicycle", "no")], None),
            (&[ROAD, ("bicycle", "dismount")], both(4.0)),
            (&[ROAD, ("bicycle:forward", "dismount")], Some((4.0, 15.0))),
            (&[ROAD, ("bicycle", "use_sidepath")], None),
            (&[ROAD, ("access", "private")], both(7.5)),
            (&[ROAD, ("vehicle", "no"), ("bicycle", "yes")], both(15.0)),
        ],
    );
}

#[test]
fn one_way_streets_and_their_exceptions() {
    let opposite = ("cycleway", "opposite_lane");
    check(
        &Profile::bicycle(),
        &[
            // Against it only on foot, and not where walkers may not.
            (&[ROAD, ONE_WAY], Some((15.0, 4.0))),
            (&[ROAD, ONE_WAY, ("foot", "no")], Some((15.0, 0.0))),
            (&[ROAD, ("oneway", "-1")], Some((4.0, 15.0))),
            (&[ROAD, ONE_WAY, ("access", "private")], Some((7.5, 2.0))),
            (&[ROAD, ONE_WAY, ("bicycle:backward", "no")], Some((15.0, 0.0))),
            (&[ROAD, ONE_WAY, ("oneway:bicycle", "no")], both(15.0)),
            (&[ROAD, ONE_WAY, opposite], both(15.0)),
            (&[ROAD, ("oneway", "-1"), opposite], both(15.0)),
            (&[ROAD, ONE_WAY, ("cycleway:left", "opposite_track")], both(15.0)),
            (&[ROAD, ONE_WAY, ("cycleway:left:oneway", "-1")], both(15.0)),
            (&[ROAD, ONE_WAY, ("cycleway:left", "lane")], Some((15.0, 4.0))),
            // Its own tag says more than the lane.
            (&[ROAD, ONE_WAY, ("oneway:bicycle", "yes"), opposite], Some((15.0, 4.0))),
            // Nobody walks against a roundabout.
            (&[ROAD, ("junction", "roundabout")], Some((15.0, 0.0))),
            (&[ROAD, ("junction", "roundabout"), ONE_WAY, opposite], Some((15.0, 0.0))),
            (&[ROAD, ("oneway", "alternating")], both(10.5)),
            (&[ROAD, ("oneway", "reversible")], None),
        ],
    );
}

#[test]
fn limits_and_surfaces_only_slow() {
    check(
        &Profile::bicycle(),
        &[
            (&[ROAD, ("maxspeed", "50")], both(15.0)),
            (&[ROAD, ("maxspeed", "10")], both(10.0)),
            (&[ROAD, ("maxspeed", "walk")], both(5.0)),
            (&[ROAD, ("maxspeed", "50"), ("maxspeed:bicycle", "12")], both(12.0)),
            (&[ROAD, ("maxspeed:advisory", "5")], both(15.0)),
            (&[ROAD, ("surface", "cobblestone")], both(7.0)),
            (&[("highway", "track"), ("tracktype", "grade5")], both(8.0)),
            (&[ROAD, ("smoothness", "horrible")], both(5.0)),
            (&[ROAD, ("lanes", "1")], both(15.0)),
            (&[("highway", "service"), ("service", "driveway")], both(10.0)),
        ],
    );
}
