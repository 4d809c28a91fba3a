//! A small PBF writer for tests.

use std::collections::HashMap;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, u64::try_from(value.len()).unwrap());
    out.extend_from_slice(value);
}

fn packed(out: &mut Vec<u8>, field: u64, values: impl IntoIterator<Item = u64>) {
    let mut body = Vec::new();
    for value in values {
        varint(&mut body, value);
    }
    bytes(out, field, &body);
}

fn block(out: &mut Vec<u8>, kind: &str, content: &[u8]) {
    let mut blob = Vec::new();
    bytes(&mut blob, 1, content);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, u64::try_from(blob.len()).unwrap());
    out.extend_from_slice(&u32::try_from(header.len()).unwrap().to_be_bytes());
    out.extend_from_slice(&header);
    out.extend_from_slice(&blob);
}

/// A relation's member: its role, whether it is a way, its id.
pub(crate) type Member<'a> = (&'a str, bool, i64);

/// Nodes, ways and relations to be written.
#[derive(Default)]
pub(crate) struct Writer<'a> {
    pub(crate) nodes: Vec<(i64, f64, f64, Pairs<'a>)>,
    pub(crate) ways: Vec<(i64, &'a [i64], Pairs<'a>)>,
    pub(crate) relations: Vec<(&'a [Member<'a>], Pairs<'a>)>,
    pub(crate) required: Vec<&'a str>,
    pub(crate) data_at: Option<u64>,
}

impl Writer<'_> {
    pub(crate) fn to_pbf(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut header = Vec::new();
        for feature in &self.required {
            bytes(&mut header, 4, feature.as_bytes());
        }
        if let Some(at) = self.data_at {
            number(&mut header, 32, at);
        }
        block(&mut out, "OSMHeader", &header);
        let mut strings = Strings::default();
        let mut group = Vec::new();
        for (id, lat, lon, tags) in &self.nodes {
            let mut node = Vec::new();
            number(&mut node, 1, zigzag(*id));
            strings.tags(&mut node, tags);
            number(&mut node, 8, zigzag(units(*lat)));
            number(&mut node, 9, zigzag(units(*lon)));
            bytes(&mut group, 1, &node);
        }
        strings.block(&mut out, &group);
        let mut strings = Strings::default();
        let mut group = Vec::new();
        for (id, refs, tags) in &self.ways {
            let mut way = Vec::new();
            number(&mut way, 1, id.cast_unsigned());
            strings.tags(&mut way, tags);
            let before = std::iter::once(&0).chain(refs.iter());
            packed(&mut way, 8, refs.iter().zip(before).map(|(r, b)| zigzag(r - b)));
            bytes(&mut group, 3, &way);
        }
        strings.block(&mut out, &group);
        if !self.relations.is_empty() {
            self.relations(&mut out);
        }
        out
    }

    fn relations(&self, out: &mut Vec<u8>) {
        let mut strings = Strings::default();
        let mut group = Vec::new();
        for (id, (members, tags)) in (1..).zip(&self.relations) {
            let mut relation = Vec::new();
            number(&mut relation, 1, id);
            strings.tags(&mut relation, tags);
            packed(&mut relation, 8, members.iter().map(|m| strings.put(m.0)));
            let before = std::iter::once(0).chain(members.iter().map(|m| m.2));
            packed(&mut relation, 9, members.iter().zip(before).map(|(m, b)| zigzag(m.2 - b)));
            packed(&mut relation, 10, members.iter().map(|m| u64::from(m.1)));
            bytes(&mut group, 4, &relation);
        }
        strings.block(out, &group);
    }
}

fn units(degrees: f64) -> i64 {
    i64::from(crate::num::round_i32(degrees * 1e7))
}

#[derive(Default)]
struct Strings {
    list: Vec<String>,
    index: HashMap<String, u64>,
}

impl Strings {
    fn put(&mut self, text: &str) -> u64 {
        *self.index.entry(text.to_owned()).or_insert_with(|| {
            self.list.push(text.to_owned());
            // Index 0 is the empty string that ends tag lists.
            u64::try_from(self.list.len()).unwrap()
        })
    }

    fn tags(&mut self, out: &mut Vec<u8>, tags: Pairs<'_>) {
        let pairs: Vec<(u64, u64)> = tags.iter().map(|(k, v)| (self.put(k), self.put(v))).collect();
        packed(out, 2, pairs.iter().map(|p| p.0));
        packed(out, 3, pairs.iter().map(|p| p.1));
    }

    fn block(&self, out: &mut Vec<u8>, group: &[u8]) {
        let mut table = Vec::new();
        bytes(&mut table, 1, b"");
        for text in &self.list {
            bytes(&mut table, 1, text.as_bytes());
        }
        let mut content = Vec::new();
        bytes(&mut content, 1, &table);
        bytes(&mut content, 2, group);
        block(out, "OSMData", &content);
    }
}

/// Dense nodes as a test wants them, right or wrong.
#[derive(Clone)]
pub(crate) struct Dense {
    pub(crate) ids: Vec<i64>,
    pub(crate) lats: Vec<i64>,
    pub(crate) lons: Vec<i64>,
    pub(crate) words: Vec<u64>,
    /// Numbers of the block by field.
    pub(crate) numbers: Vec<(u64, i64)>,
    /// Empty texts behind the three of the table.
    pub(crate) texts: usize,
}

impl Dense {
    /// Three nodes and a street over them; text 1 is `highway`, 2 `residential`.
    pub(crate) fn street() -> Self {
        Self {
            ids: vec![1, 2, 3],
            lats: vec![390_000_000; 3],
            lons: vec![-750_000_000, -749_900_000, -749_800_000],
            words: Vec::new(),
            numbers: Vec::new(),
            texts: 0,
        }
    }

    pub(crate) fn to_pbf(&self) -> Vec<u8> {
        let steps = |list: &[i64]| -> Vec<u64> {
            let before = std::iter::once(&0).chain(list);
            list.iter().zip(before).map(|(a, b)| zigzag(a.wrapping_sub(*b))).collect()
        };
        let mut dense = Vec::new();
        packed(&mut dense, 1, steps(&self.ids));
        packed(&mut dense, 8, steps(&self.lats));
        packed(&mut dense, 9, steps(&self.lons));
        packed(&mut dense, 10, self.words.iter().copied());
        let mut way = Vec::new();
        number(&mut way, 1, 1);
        packed(&mut way, 2, [1]);
        packed(&mut way, 3, [2]);
        packed(&mut way, 8, steps(&[1, 2, 3]));
        let (mut group, mut table, mut content) = (Vec::new(), Vec::new(), Vec::new());
        bytes(&mut group, 2, &dense);
        bytes(&mut group, 3, &way);
        for text in [&b""[..], b"highway", b"residential"] {
            bytes(&mut table, 1, text);
        }
        table.extend(b"\x0a\0".repeat(self.texts));
        bytes(&mut content, 1, &table);
        bytes(&mut content, 2, &group);
        for &(field, value) in &self.numbers {
            number(&mut content, field, value.cast_unsigned());
        }
        let mut out = Vec::new();
        block(&mut out, "OSMHeader", &[]);
        block(&mut out, "OSMData", &content);
        out
    }
}

/// A street of three nodes with a house beside it.
pub(crate) fn sample() -> Vec<u8> {
    Writer {
        nodes: vec![
            (1, 39.0, -75.0, &[]),
            (2, 39.0, -74.99, &[("barrier", "gate")]),
            (3, 39.0, -74.98, &[]),
            (4, 39.001, -74.99, &[("addr:housenumber", "7"), ("addr:street", "Elm Street")]),
            (5, 39.002, -74.99, &[]),
            (6, 39.002, -74.988, &[]),
            (7, 39.003, -74.988, &[]),
        ],
        ways: vec![
            (10, &[1, 2, 3], &[("highway", "residential"), ("name", "Elm Street")]),
            (11, &[5, 6, 7, 5], &[("building", "yes")]),
            (12, &[5, 6, 7, 5], &[("building", "house"), ("addr:housenumber", "9")]),
        ],
        relations: vec![(
            &[("from", true, 10), ("via", false, 2), ("to", true, 10)],
            &[("type", "restriction"), ("restriction", "no_u_turn")],
        )],
        required: vec!["OsmSchema-V0.6", "DenseNodes"],
        data_at: Some(1_470_000_000),
    }
    .to_pbf()
}
