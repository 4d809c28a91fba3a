//! Addresses and buildings of an extract.

use serde::{Deserialize, Serialize};

use super::block::Keys;
use super::blocks::Blocks;
use crate::error::BuildError;
use crate::geo::{Fixed, LatLon, turned};
use crate::progress::{BuildStep, Progress};
use crate::tags::Tags;

const SITE_KEYS: &[&str] =
    &["addr:housenumber", "addr:street", "addr:city", "addr:postcode", "building"];

/// What kind of object a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// Has a house number.
    Address,
    /// A building without one.
    Building,
}

/// A place where somebody may live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Id of the OpenStreetMap node or way (the two number apart).
    pub osm_id: i64,
    /// Address or building.
    pub kind: SiteKind,
    /// The node, or the centre of the way's area.
    pub at: LatLon,
    /// `addr:housenumber`.
    pub house_number: Option<String>,
    /// `addr:street`.
    pub street: Option<String>,
    /// `addr:city`.
    pub city: Option<String>,
    /// `addr:postcode`.
    pub postcode: Option<String>,
}

/// Reads all address objects of an extract (nodes, then ways), then the centres of its
/// other buildings, each in file order. Ways with a node outside the extract are placed by
/// the nodes inside.
///
/// # Errors
/// [`BuildError`] when the bytes are not a readable extract.
pub fn read_sites(
    pbf: &[u8],
    progress: &mut dyn FnMut(BuildStep),
) -> Result<Vec<Site>, BuildError> {
    let mut progress = Progress::new(progress);
    let blocks = Blocks::new(pbf)?;
    let outlines = read_outlines(&blocks, &mut progress)?;
    let mut ids: Vec<i64> = outlines.iter().flat_map(|o| o.refs.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let (mut sites, at) = read_points(&blocks, &ids, &mut progress)?;
    let place = |kind: SiteKind| {
        let (ids, at) = (&ids, &at);
        outlines.iter().filter(move |o| o.kind == kind).filter_map(move |outline| {
            let corner = |id: &i64| *at.get(ids.binary_search(id).ok()?)?;
            let corners: Vec<LatLon> =
                outline.refs.iter().filter_map(corner).map(Fixed::degrees).collect();
            Some(site(outline.osm_id, kind, centre(&corners)?, &outline.tags))
        })
    };
    sites.extend(place(SiteKind::Address));
    sites.extend(place(SiteKind::Building));
    Ok(sites)
}

struct Outline {
    osm_id: i64,
    kind: SiteKind,
    refs: Vec<i64>,
    tags: Tags,
}

fn read_outlines(
    blocks: &Blocks<'_>,
    progress: &mut Progress<'_>,
) -> Result<Vec<Outline>, BuildError> {
    let mut outlines = Vec::new();
    progress.start("read buildings", blocks.bytes());
    blocks.for_each(|block, done| {
        let keys = Keys::new(block, SITE_KEYS);
        block.ways(|way| {
            let decides =
                |&(k, _): &_| matches!(keys.key(k), Some("addr:housenumber" | "building"));
            if !way.tags.iter().any(decides) {
                return Ok(());
            }
            let mut tags = keys.tags(way.tags);
            let kind = match (tags.get("addr:housenumber"), tags.get("building")) {
                (Some(_), _) => SiteKind::Address,
                (None, Some(building)) if building != "no" => SiteKind::Building,
                _ => return Ok(()),
            };
            tags.0.retain(|(key, _)| *key != "building");
            outlines.push(Outline { osm_id: way.id, kind, refs: way.refs()?, tags });
            Ok(())
        })?;
        progress.at(done);
        Ok(())
    })?;
    Ok(outlines)
}

type Points = (Vec<Site>, Vec<Option<Fixed>>);

/// Address nodes, and the positions of the nodes in `ids`.
fn read_points(
    blocks: &Blocks<'_>,
    ids: &[i64],
    progress: &mut Progress<'_>,
) -> Result<Points, BuildError> {
    let mut sites = Vec::new();
    let mut positions = vec![None; ids.len()];
    progress.start("read addresses", blocks.bytes());
    blocks.for_each(|block, done| {
        let keys = Keys::new(block, SITE_KEYS);
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
            if tags.get("addr:housenumber").is_some() {
                sites.push(site(osm_id, SiteKind::Address, at.degrees(), &tags));
            }
        })?;
        progress.at(done);
        Ok(())
    })?;
    Ok((sites, positions))
}

fn site(osm_id: i64, kind: SiteKind, at: LatLon, tags: &Tags) -> Site {
    let text = |key| tags.get(key).map(str::to_owned);
    Site {
        osm_id,
        kind,
        at,
        house_number: text("addr:housenumber"),
        street: text("addr:street"),
        city: text("addr:city"),
        postcode: text("addr:postcode"),
    }
}

/// Centre of the area inside the corners (shoelace formula), or their mean when they
/// enclose none. Flat degrees do: the ratio of the axes cancels out.
pub(super) fn centre(corners: &[LatLon]) -> Option<LatLon> {
    let first = *corners.first()?;
    let (mut area, mut lat, mut lon) = (0.0, 0.0, 0.0);
    let (mut sum_lat, mut sum_lon, mut count) = (0.0, 0.0, 0.0);
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        // Relative to the first corner, or the products would lose the small differences.
        let (ax, ay) = (turned(a.lon - first.lon), a.lat - first.lat);
        let (bx, by) = (turned(b.lon - first.lon), b.lat - first.lat);
        let cross = ax * by - bx * ay;
        area += cross;
        lon += (ax + bx) * cross;
        lat += (ay + by) * cross;
        sum_lat += ay;
        sum_lon += ax;
        count += 1.0;
    }
    let (lat, lon) = if area.abs() > 1e-14 {
        (lat / (3.0 * area), lon / (3.0 * area))
    } else {
        (sum_lat / count, sum_lon / count)
    };
    Some(LatLon { lat: first.lat + lat, lon: turned(first.lon + lon) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres() {
        let at = |lat: f64, lon: f64| LatLon { lat, lon };
        let square = [at(39.0, -75.0), at(39.0, -74.9), at(39.1, -74.9), at(39.1, -75.0)];
        let middle = centre(&square).unwrap();
        assert!((middle.lat - 39.05).abs() < 1e-9 && (middle.lon + 74.95).abs() < 1e-9);
        let line = centre(&square[..2]).unwrap();
        assert!((line.lon + 74.95).abs() < 1e-9);
        let across = [at(0.0, 179.98), at(0.0, -179.96), at(0.1, -179.96), at(0.1, 179.98)];
        assert!((centre(&across).unwrap().lon + 179.99).abs() < 1e-9);
        assert_eq!(centre(&[]), None);
    }
}
