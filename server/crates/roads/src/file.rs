//! The saved form of a network: a head, then its tables.
//!
//! Head: 8 bytes of name, format version (u32), CRC-32 of the content (u32), bytes of the
//! content (u64); all numbers little-endian.

use std::io::{Read, Write};

use crate::ch::{Hierarchy, Table, UpArc};
use crate::class::RoadClass;
use crate::error::OpenError;
use crate::fingerprint::tag;
use crate::geo::Fixed;
use crate::graph::{Flags, Histories, Names, Onto, Segment, Segments, TurnGraph, arc_label};
use crate::info::{Bounds, Ignored, NetworkInfo};
use crate::network::Network;
use crate::num::{NONE, ix};
use crate::snap::{Leaf, Tree};
use crate::wire::{In, Out};

const MAGIC: [u8; 8] = *b"DSROADS\n";
/// Raised whenever the tables, or what the build puts into them, change.
const FORMAT: u32 = 3;
const HEAD: usize = 24;

impl Network {
    /// Writes the network.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, mut to: impl Write) -> std::io::Result<()> {
        to.write_all(&self.to_bytes())
    }

    /// The network as the bytes of a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out(vec![0; HEAD]);
        write_info(&mut out, &self.info);
        write_segments(&mut out, &self.segments);
        write_turns(&mut out, &self.turns);
        write_table(&mut out, &self.hierarchy.forward);
        write_table(&mut out, &self.hierarchy.backward);
        out.records(self.tree.leaves.iter().map(|leaf| [leaf.segment, leaf.piece]));
        let mut bytes = out.0;
        let (head, body) = bytes.split_at_mut(HEAD);
        let mut fields = Out::default();
        fields.0.extend_from_slice(&MAGIC);
        fields.0.extend_from_slice(&FORMAT.to_le_bytes());
        fields.0.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
        fields.count(body.len());
        head.copy_from_slice(&fields.0);
        bytes
    }

    /// Reads a network from anything.
    ///
    /// # Errors
    /// As [`Network::from_bytes`], and those of the reader.
    pub fn read(mut from: impl Read) -> Result<Self, OpenError> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        Self::from_bytes(&bytes)
    }

    /// Opens a network from the bytes of its file.
    ///
    /// # Errors
    /// [`OpenError`] when this is another file, of another version, cut short or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut body = In(check_head(bytes)?);
        let info = read_info(&mut body)?;
        let segments = read_segments(&mut body)?;
        let turns = read_turns(&mut body)?;
        let forward = read_table(&mut body)?;
        let backward = read_table(&mut body)?;
        let hierarchy = Hierarchy { forward, backward };
        let leaves = body.records(|[segment, piece]| Leaf { segment, piece })?;
        check(&segments, &turns, &hierarchy)?;
        let histories = Histories::of(&segments, &turns);
        let tree = Tree::over(&segments, leaves);
        let tag = tag(&info.fingerprint);
        Ok(Self { segments, turns, histories, hierarchy, tree, info, tag })
    }
}

fn check_head(bytes: &[u8]) -> Result<&[u8], OpenError> {
    let not_ours = OpenError::NotANetwork;
    let (name, rest) = bytes.split_first_chunk::<8>().ok_or(not_ours)?;
    if *name != MAGIC {
        return Err(OpenError::NotANetwork);
    }
    let short = |found: usize| OpenError::Truncated {
        found: u64::try_from(found).unwrap_or(u64::MAX),
        expected: 16,
    };
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(short(rest.len()))?;
    let found = u32::from_le_bytes(*version);
    if found != FORMAT {
        return Err(OpenError::OtherVersion { found, expected: FORMAT });
    }
    let (sum, rest) = rest.split_first_chunk::<4>().ok_or(short(rest.len()))?;
    let (length, body) = rest.split_first_chunk::<8>().ok_or(short(rest.len()))?;
    let expected = u64::from_le_bytes(*length);
    let found = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if found < expected {
        return Err(OpenError::Truncated { found, expected });
    }
    if found > expected || crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return Err(OpenError::Corrupted { what: "checksum" });
    }
    Ok(body)
}

fn write_info(out: &mut Out, info: &NetworkInfo) {
    out.text(&info.profile);
    out.text(info.data_at.as_deref().unwrap_or_default());
    out.text(&info.fingerprint);
    out.text(&info.credit);
    for count in [info.states, info.turns, info.shortcuts, info.segments] {
        out.u64(count);
    }
    out.count(info.ignored.len());
    for ignored in &info.ignored {
        out.text(&ignored.tag);
        out.u64(ignored.objects);
    }
    out.u64(info.restrictions);
    out.u64(info.restrictions_unplaced);
    out.u64(info.islands);
    out.u64(info.island_segments);
    let b = &info.bounds;
    for value in [info.road_km, b.south, b.west, b.north, b.east] {
        out.f64(value);
    }
}

fn read_info(from: &mut In<'_>) -> Result<NetworkInfo, OpenError> {
    // Fields are read in the order they are written here.
    Ok(NetworkInfo {
        profile: from.text()?.to_owned(),
        data_at: Some(from.text()?.to_owned()).filter(|text| !text.is_empty()),
        fingerprint: from.text()?.to_owned(),
        credit: from.text()?.to_owned(),
        states: from.u64()?,
        turns: from.u64()?,
        shortcuts: from.u64()?,
        segments: from.u64()?,
        ignored: read_ignored(from)?,
        restrictions: from.u64()?,
        restrictions_unplaced: from.u64()?,
        islands: from.u64()?,
        island_segments: from.u64()?,
        road_km: from.f64()?,
        bounds: Bounds {
            south: from.f64()?,
            west: from.f64()?,
            north: from.f64()?,
            east: from.f64()?,
        },
    })
}

fn read_ignored(from: &mut In<'_>) -> Result<Vec<Ignored>, OpenError> {
    let mut list = Vec::new();
    for _ in 0..from.u64()? {
        list.push(Ignored { tag: from.text()?.to_owned(), objects: from.u64()? });
    }
    Ok(list)
}

fn write_segments(out: &mut Out, segments: &Segments) {
    out.records(segments.list.iter().map(|s| {
        let kind = s.class.code() << 8 | s.flags.0;
        [s.forward, s.backward, s.dm, s.forward_cs, s.backward_cs, s.name, kind]
    }));
    out.records(segments.first.iter().map(|&n| [n]));
    let bits = i32::cast_unsigned;
    out.records(segments.points.iter().map(|p| [bits(p.lat), bits(p.lon)]));
    out.text(&segments.names.text);
    out.records(segments.names.ends.iter().map(|&n| [n]));
}

fn read_segments(from: &mut In<'_>) -> Result<Segments, OpenError> {
    let list = from.records(|[forward, backward, dm, forward_cs, backward_cs, name, kind]| {
        let class = RoadClass::from_code(kind >> 8)?;
        let flags = Flags(kind & 0xff);
        Some(Segment { forward, backward, dm, forward_cs, backward_cs, name, class, flags })
    })?;
    let list: Option<Vec<Segment>> = list.into_iter().collect();
    let number = u32::cast_signed;
    Ok(Segments {
        list: list.ok_or(OpenError::Corrupted { what: "kind of a road" })?,
        first: from.records(|[n]| n)?,
        points: from.records(|[lat, lon]| Fixed { lat: number(lat), lon: number(lon) })?,
        names: Names { text: from.text()?.to_owned(), ends: from.records(|[n]| n)? },
    })
}

fn write_turns(out: &mut Out, turns: &TurnGraph) {
    out.records(turns.labels.iter().map(|&n| [n]));
    out.records(turns.first.iter().map(|&n| [n]));
    out.records(turns.turns.iter().map(|onto| [onto.state, onto.cs]));
}

fn read_turns(from: &mut In<'_>) -> Result<TurnGraph, OpenError> {
    Ok(TurnGraph {
        labels: from.records(|[n]| n)?,
        first: from.records(|[n]| n)?,
        turns: from.records(|[state, cs]| Onto { state, cs })?,
    })
}

fn write_table(out: &mut Out, table: &Table) {
    out.records(table.first.iter().map(|&n| [n]));
    out.records(table.arcs.iter().map(|a| [a.node, a.cs, a.dm, a.via]));
}

fn read_table(from: &mut In<'_>) -> Result<Table, OpenError> {
    Ok(Table {
        first: from.records(|[n]| n)?,
        arcs: from.records(|[node, cs, dm, via]| UpArc { node, cs, dm, via })?,
    })
}

/// That all references lead to something, so that nothing later can leave a table.
fn check(segments: &Segments, turns: &TurnGraph, hierarchy: &Hierarchy) -> Result<(), OpenError> {
    if !hierarchy.is_sound() {
        return Err(OpenError::Corrupted { what: "hierarchy" });
    }
    let rows = segments.first.len() == segments.list.len() + 1
        && segments.first.windows(2).all(|pair| pair[0] < pair[1])
        && segments.first.last().is_some_and(|&last| ix(last) == segments.points.len());
    let drives = |number: u32, segment: &Segment, forward: bool| match segment.state(forward) {
        NONE => segment.whole(forward).is_none(),
        state => turns.labels.get(ix(state)) == Some(&arc_label(number, forward)),
    };
    let states =
        segments.numbered().all(|(number, s)| drives(number, s, true) && drives(number, s, false));
    if !rows || !states {
        return Err(OpenError::Corrupted { what: "roads" });
    }
    if turns.is_sound(segments) && turns.states() == hierarchy.nodes() {
        Ok(())
    } else {
        Err(OpenError::Corrupted { what: "turns" })
    }
}
