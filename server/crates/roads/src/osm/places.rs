//! What an address look-up is made of: address objects, named roads and named places.

use super::block::Keys;
use super::blocks::Blocks;
use super::sites::centre;
use crate::error::BuildError;
use crate::geo::{Fixed, LatLon};
use crate::progress::{BuildStep, Progress};
use crate::tags::Tags;

const KEYS: &[&str] = &[
    "addr:housenumber",
    "addr:street",
    "addr:place",
    "addr:unit",
    "addr:city",
    "addr:postcode",
    "addr:state",
    "highway",
    "name",
    "alt_name",
    "place",
];

/// An object with a house number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressObject {
    /// Id of the OpenStreetMap node or way (the two number apart).
    pub osm_id: i64,
    /// Whether it is a way, mostly the outline of a building.
    pub is_way: bool,
    /// Latitude of the node or of the outline's centre, in 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude likewise.
    pub lon_e7: i32,
    /// `addr:housenumber`.
    pub house_number: String,
    /// `addr:street`.
    pub street: Option<String>,
    /// `addr:place`: what is numbered where there are no streets.
    pub place: Option<String>,
    /// `addr:unit`.
    pub unit: Option<String>,
    /// `addr:city`.
    pub city: Option<String>,
    /// `addr:postcode`.
    pub postcode: Option<String>,
    /// `addr:state`.
    pub state: Option<String>,
}

/// A road with a name; a street is mostly several of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRoad {
    /// `name`, or `alt_name` once more under that.
    pub name: String,
    /// Latitude and longitude in 1e-7 degree, along the road.
    pub points_e7: Vec<(i32, i32)>,
}

/// A node that names a town, suburb or hamlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPlace {
    /// `name`.
    pub name: String,
    /// Value of `place`, as `town`.
    pub kind: String,
    /// Latitude in 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude in 1e-7 degree.
    pub lon_e7: i32,
}

/// All that an extract says about where addresses are, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Nodes, then ways.
    pub addresses: Vec<AddressObject>,
    /// Named roads of any kind.
    pub roads: Vec<NamedRoad>,
    /// Named places.
    pub places: Vec<NamedPlace>,
}

/// Reads the address objects, named roads and named places of an extract. Ways with a node
/// outside the extract are placed by the nodes inside.
///
/// # Errors
/// [`BuildError`] when the bytes are not a readable extract.
pub fn read_named(pbf: &[u8], progress: &mut dyn FnMut(BuildStep)) -> Result<Named, BuildError> {
    let mut progress = Progress::new(progress);
    let blocks = Blocks::new(pbf)?;
    let ways = read_ways(&blocks, &mut progress)?;
    let mut ids: Vec<i64> = ways.iter().flat_map(|way| way.refs.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut named = Named::default();
    let at = read_nodes(&blocks, &ids, &mut named, &mut progress)?;
    for way in &ways {
        let point = |id: &i64| *at.get(ids.binary_search(id).ok()?)?;
        let points: Vec<Fixed> = way.refs.iter().filter_map(point).collect();
        add_way(&mut named, way, &points);
    }
    Ok(named)
}

struct TaggedWay {
    osm_id: i64,
    refs: Vec<i64>,
    tags: Tags,
}

fn read_ways(
    blocks: &Blocks<'_>,
    progress: &mut Progress<'_>,
) -> Result<Vec<TaggedWay>, BuildError> {
    let mut ways = Vec::new();
    progress.start("read streets", blocks.bytes());
    blocks.for_each(|block, done| {
        let keys = Keys::new(block, KEYS);
        block.ways(|way| {
            let decides = |&(k, _): &_| matches!(keys.key(k), Some("addr:housenumber" | "highway"));
            if !way.tags.iter().any(decides) {
                return Ok(());
            }
            let tags = keys.tags(way.tags);
            if tags.get("addr:housenumber").is_some() || tags.get("name").is_some() {
                ways.push(TaggedWay { osm_id: way.id, refs: way.refs()?, tags });
            }
            Ok(())
        })?;
        progress.at(done);
        Ok(())
    })?;
    Ok(ways)
}

/// Address and place nodes into `named`; gives the positions of the nodes in `ids`.
fn read_nodes(
    blocks: &Blocks<'_>,
    ids: &[i64],
    named: &mut Named,
    progress: &mut Progress<'_>,
) -> Result<Vec<Option<Fixed>>, BuildError> {
    let mut positions = vec![None; ids.len()];
    progress.start("read house numbers", blocks.bytes());
    blocks.for_each(|block, done| {
        let keys = Keys::new(block, KEYS);
        block.nodes(|node| {
            let osm_id = node.id;
            // One that is nowhere on earth is nobody's home.
            let Some(at) = node.at else { return };
            if let Ok(index) = ids.binary_search(&osm_id)
                && let Some(slot) = positions.get_mut(index)
            {
                *slot = Some(at);
            }
            let tags = keys.tags(node.tags);
            named.addresses.extend(address(osm_id, false, at, &tags));
            if let (Some(kind), Some(name)) = (tags.get("place"), tags.get("name")) {
                let (lat_e7, lon_e7) = (at.lat, at.lon);
                let (kind, name) = (kind.to_owned(), name.to_owned());
                named.places.push(NamedPlace { name, kind, lat_e7, lon_e7 });
            }
        })?;
        progress.at(done);
        Ok(())
    })?;
    Ok(positions)
}

fn add_way(named: &mut Named, way: &TaggedWay, points: &[Fixed]) {
    let corners: Vec<LatLon> = points.iter().map(|point| point.degrees()).collect();
    if let Some(at) = centre(&corners) {
        named.addresses.extend(address(way.osm_id, true, Fixed::from(at), &way.tags));
    }
    if way.tags.get("highway").is_none() || points.is_empty() {
        return;
    }
    // Several alternative names stand in one value, with semicolons between them.
    let others = way.tags.get("alt_name").into_iter().flat_map(|names| names.split(';'));
    for name in way.tags.get("name").into_iter().chain(others).map(str::trim) {
        if !name.is_empty() {
            let points_e7 = points.iter().map(|point| (point.lat, point.lon)).collect();
            named.roads.push(NamedRoad { name: name.to_owned(), points_e7 });
        }
    }
}

fn address(osm_id: i64, is_way: bool, at: Fixed, tags: &Tags) -> Option<AddressObject> {
    let text = |key| tags.get(key).map(str::to_owned);
    Some(AddressObject {
        osm_id,
        is_way,
        lat_e7: at.lat,
        lon_e7: at.lon,
        house_number: text("addr:housenumber")?,
        street: text("addr:street"),
        place: text("addr:place"),
        unit: text("addr:unit"),
        city: text("addr:city"),
        postcode: text("addr:postcode"),
        state: text("addr:state"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::encode::Writer;

    #[test]
    fn reads_addresses_roads_and_places() {
        let pbf = Writer {
            nodes: vec![
                (1, 39.0, -75.0, &[]),
                (2, 39.0, -74.99, &[]),
                (3, 39.01, -74.99, &[("place", "town"), ("name", "Elmton")]),
                (
                    4,
                    39.001,
                    -74.99,
                    &[("addr:housenumber", "7"), ("addr:street", "Elm Street"), ("addr:unit", "B")],
                ),
                (5, 39.002, -74.99, &[]),
                (6, 39.002, -74.988, &[]),
                (7, 39.0035, -74.989, &[]),
            ],
            ways: vec![
                (
                    10,
                    &[1, 2, 99],
                    &[("highway", "residential"), ("name", "Elm Street"), ("alt_name", "A 1; A 2")],
                ),
                (11, &[5, 6, 7, 5], &[("addr:housenumber", "9"), ("addr:place", "The Green")]),
                (12, &[5, 6], &[("highway", "path")]),
                (13, &[5, 6, 7, 5], &[("building", "yes"), ("name", "Hall")]),
            ],
            relations: vec![],
            required: vec![],
            data_at: None,
        }
        .to_pbf();
        let named = read_named(&pbf, &mut |_| ()).unwrap();
        let roads: Vec<_> =
            named.roads.iter().map(|r| (r.name.as_str(), r.points_e7.len())).collect();
        assert_eq!(roads, [("Elm Street", 2), ("A 1", 2), ("A 2", 2)]);
        let [node, way] = named.addresses.as_slice() else { panic!("{named:?}") };
        assert_eq!((node.osm_id, node.is_way, node.lat_e7), (4, false, 390_010_000));
        assert_eq!((node.street.as_deref(), node.unit.as_deref()), (Some("Elm Street"), Some("B")));
        assert_eq!((way.osm_id, way.is_way), (11, true));
        assert_eq!((way.lat_e7, way.lon_e7), (390_025_000, -749_890_000));
        assert_eq!(way.place.as_deref(), Some("The Green"));
        let [place] = named.places.as_slice() else { panic!("{named:?}") };
        assert_eq!((place.name.as_str(), place.kind.as_str()), ("Elmton", "town"));
    }
}
