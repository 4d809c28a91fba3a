//! A made-up county: two towns with some streets of the same names.

use addresses::{Place, PlaceKind, Record, RecordKind, Records, Street};

/// A house with number, street, town and postcode; an empty text is an absent tag.
pub(crate) fn house(osm_id: i64, at: (i32, i32), address: [&str; 4]) -> Record {
    let tag = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let [number, street, city, postcode] = address;
    Record {
        kind: RecordKind::Node,
        osm_id,
        lat_e7: at.0,
        lon_e7: at.1,
        number: number.into(),
        street: street.into(),
        unit: None,
        city: tag(city),
        postcode: tag(postcode),
        state: None,
    }
}

pub(crate) fn street(name: &str, from: (i32, i32), to: (i32, i32)) -> Street {
    Street { name: name.into(), points_e7: vec![from, to] }
}

pub(crate) fn town(name: &str, at: (i32, i32)) -> Place {
    Place { name: name.into(), kind: PlaceKind::Town, lat_e7: at.0, lon_e7: at.1 }
}

/// Ashby in the south, Burton 20 km north of it.
pub(crate) const ASHBY: (i32, i32) = (390_000_000, -755_000_000);
pub(crate) const BURTON: (i32, i32) = (391_800_000, -755_000_000);

/// A point so many steps of about 11 m north and east of another.
pub(crate) fn beside(at: (i32, i32), north: i32, east: i32) -> (i32, i32) {
    (at.0 + 1000 * north, at.1 + 1300 * east)
}

pub(crate) fn county() -> Records {
    let (a, b) = (ASHBY, BURTON);
    let houses = vec![
        house(1, beside(a, 0, 10), ["10", "Main Street", "Ashby", "11111"]),
        house(2, beside(a, 0, 20), ["20", "Main Street", "Ashby", "11111"]),
        house(3, beside(a, 0, 14), ["14A", "Main Street", "Ashby", "11111"]),
        house(4, beside(b, 0, 10), ["10", "Main Street", "Burton", "22222"]),
        house(5, beside(a, 30, 1), ["7", "Loockerman Street", "Ashby", ""]),
        house(6, beside(b, 40, 1), ["3", "Saint Marys Street", "Burton", "22222"]),
        house(7, beside(b, 50, 1), ["12-16", "Hauptstraße", "Burton", "22222"]),
        house(8, beside(a, 60, 1), ["5", "Elm Street", "", ""]),
        house(9, beside(a, 70, 1), ["1", "Quay Road", "Ashby", "11111"]),
        house(10, beside(a, 90, 1), ["1", "Quay Lane", "Ashby", "11111"]),
        house(11, beside(a, 95, 1), ["33", "North Oak Street", "Ashby", "11111"]),
        house(12, beside(a, 99, 1), ["33", "South Oak Street", "Ashby", "11111"]),
    ];
    let streets = vec![
        street("Main Street", a, beside(a, 0, 40)),
        street("Main Street", b, beside(b, 0, 40)),
        street("Loockerman Street", beside(a, 30, 0), beside(a, 30, 40)),
        street("Elm Street", beside(a, 60, 0), beside(a, 60, 20)),
        street("Elm Street", beside(b, 60, 0), beside(b, 60, 20)),
        street("Birch Avenue", beside(b, 70, 0), beside(b, 70, 30)),
    ];
    Records { houses, streets, places: vec![town("Ashby", a), town("Burton", b)] }
}
