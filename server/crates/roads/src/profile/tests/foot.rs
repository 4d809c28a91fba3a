//! Walking.

use super::{both, check};
use crate::Profile;

#[test]
fn kinds_directions_and_access() {
    let road = ("highway", "residential");
    check(
        &Profile::foot(),
        &[
            (&[road], both(5.0)),
            (&[("highway", "steps")], both(3.0)),
            (&[("highway", "cycleway"), ("foot", "yes")], both(5.0)),
            (&[("highway", "cycleway"), ("access", "yes")], None),
            (&[("highway", "bridleway"), ("foot", "designated")], both(5.0)),
            (&[("highway", "motorway"), ("foot", "yes")], None),
            // One-way tags are for vehicles.
            (&[road, ("oneway", "yes")], both(5.0)),
            (&[road, ("oneway", "-1")], both(5.0)),
            (&[road, ("oneway", "reversible")], both(5.0)),
            (&[road, ("junction", "roundabout")], both(5.0)),
            (&[road, ("oneway:foot", "yes")], Some((5.0, 0.0))),
            (&[road, ("oneway:foot", "-1")], Some((0.0, 5.0))),
            (&[road, ("foot:backward", "no")], Some((5.0, 0.0))),
            (&[road, ("access", "private")], both(3.5)),
            (&[road, ("access", "no"), ("foot", "permissive")], both(5.0)),
            (&[road, ("vehicle", "no")], both(5.0)),
            (&[road, ("foot", "use_sidepath")], None),
        ],
    );
}

#[test]
fn limits_do_not_matter_and_ground_does() {
    let road = ("highway", "residential");
    check(
        &Profile::foot(),
        &[
            (&[road, ("maxspeed", "50")], both(5.0)),
            (&[road, ("maxspeed", "3")], both(5.0)),
            (&[road, ("maxspeed:advisory", "3")], both(5.0)),
            (&[road, ("surface", "gravel")], both(3.75)),
            (&[road, ("surface", "mud")], both(2.5)),
            (&[road, ("smoothness", "impassable")], both(2.0)),
            (&[("route", "ferry"), ("foot", "yes")], both(15.0)),
            (&[("route", "ferry"), ("foot", "no")], None),
        ],
    );
}
