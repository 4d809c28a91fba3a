//! Records in one order and without what no answer needs.

use crate::geo::At;
use crate::number::HouseNumber;
use crate::record::{Records, Street};

/// Points of a street nearer than this to the one before are left out.
const APART_M: f64 = 40.0;

impl Records {
    /// The same addresses in one order, each once, without houses that cannot be asked for, and streets with
    /// fewer points. To tidy again changes nothing.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.houses.retain(|house| {
            let (numbers, _) = HouseNumber::of_record(&house.number);
            !numbers.is_empty() && !crate::text::words(&house.street).is_empty()
        });
        self.houses.sort_by(|a, b| {
            (&a.street, a.kind, a.osm_id).cmp(&(&b.street, b.kind, b.osm_id)).then_with(|| a.cmp(b))
        });
        self.houses.dedup();
        let named = |name: &str| !crate::text::words(name).is_empty();
        self.streets.retain(|street| named(&street.name) && !street.points_e7.is_empty());
        self.streets.iter_mut().for_each(thin);
        self.streets.sort();
        self.streets.dedup();
        self.places.retain(|place| named(&place.name));
        self.places.sort();
        self.places.dedup();
        self
    }
}

fn thin(street: &mut Street) {
    let last = street.points_e7.last().copied();
    let mut kept: Option<At> = None;
    street.points_e7.retain(|&(lat, lon)| {
        let at = At { lat, lon };
        let far = kept.is_none_or(|kept| kept.metres_to(at) >= APART_M);
        if far {
            kept = Some(at);
        }
        far
    });
    if street.points_e7.last().copied() != last {
        street.points_e7.extend(last);
    }
}
