//! Nodes, ways and relations of a block in plain form.

use super::wire::{Detail, Field, Numbers, fields, lists, signed};
use crate::geo::Fixed;
use crate::num::{id, ix};
use crate::tags::Tags;

/// Texts a block may have. Blocks hold some thousand objects; more texts than this are no map
/// but a way to keep a reader busy.
const MOST_TEXTS: usize = 1 << 20;
/// Coarsest grid of positions, in units of 1e-9 degree; that of all extracts is 100.
const COARSEST: i64 = 1_000_000;
/// Largest offset of positions, in the same units.
const FARTHEST: u64 = 360_000_000_000;

/// A block taken apart.
#[derive(Debug)]
pub(super) struct Block<'a> {
    texts: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Positions of a key and its value in the table of texts.
pub(super) type RawTag = (u32, u32);

#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) id: i64,
    /// `None` where its numbers are no position on earth.
    pub(super) at: Option<Fixed>,
    pub(super) tags: &'t [RawTag],
}

#[derive(Debug)]
pub(super) struct RawWay<'a, 't> {
    pub(super) id: i64,
    pub(super) tags: &'t [RawTag],
    refs: Numbers<'a>,
}

impl RawWay<'_, '_> {
    pub(super) fn refs(&self) -> Result<Vec<i64>, Detail> {
        let (mut numbers, mut refs, mut last) = (self.refs, Vec::new(), 0);
        while let Some(node) = numbers.after(last)? {
            refs.push(node);
            last = node;
        }
        Ok(refs)
    }
}

impl<'a> Block<'a> {
    pub(super) fn new(content: &'a [u8]) -> Result<Self, Detail> {
        let (mut table, mut groups) = (&[][..], Vec::new());
        let (mut granularity, mut lat_offset, mut lon_offset) = (100, 0_i64, 0_i64);
        fields(content, |number, field| {
            match (number, field) {
                (1, Field::Bytes(bytes)) => table = bytes,
                (2, Field::Bytes(group)) => groups.push(group),
                (17, Field::Number(number)) => granularity = number.cast_signed(),
                (19, Field::Number(number)) => lat_offset = number.cast_signed(),
                (20, Field::Number(number)) => lon_offset = number.cast_signed(),
                _ => {}
            }
            Ok(())
        })?;
        if !(1..=COARSEST).contains(&granularity) {
            return Err("a grid of positions that is none");
        }
        if lat_offset.unsigned_abs().max(lon_offset.unsigned_abs()) > FARTHEST {
            return Err("an offset of positions beyond the earth");
        }
        let mut texts = Vec::new();
        fields(table, |number, field| {
            if let (1, Field::Bytes(text)) = (number, field) {
                texts.push(text);
            }
            if texts.len() > MOST_TEXTS { Err("more texts than a map has") } else { Ok(()) }
        })?;
        Ok(Self { texts, groups, granularity, lat_offset, lon_offset })
    }

    pub(super) fn text(&self, index: u32) -> Option<&'a str> {
        std::str::from_utf8(self.texts.get(ix(index))?).ok()
    }

    /// The nodes in either of the two encodings.
    pub(super) fn nodes(&self, mut each: impl FnMut(Node<'_>)) -> Result<(), Detail> {
        let mut tags = Vec::new();
        self.members(|number, bytes| match number {
            1 => self.node(bytes, &mut tags, &mut each),
            2 => self.dense(bytes, &mut tags, &mut each),
            _ => Ok(()),
        })
    }

    pub(super) fn ways(
        &self,
        mut each: impl FnMut(RawWay<'a, '_>) -> Result<(), Detail>,
    ) -> Result<(), Detail> {
        let mut tags = Vec::new();
        self.members(|number, bytes| {
            if number != 3 {
                return Ok(());
            }
            let mut own = 0_u64;
            let mut parts = [Numbers::default(); 3];
            fields(bytes, |number, field| {
                if let (1, Field::Number(id)) = (number, field) {
                    own = id;
                }
                lists([2, 3, 8], &mut parts, (number, field))
            })?;
            let [keys, values, refs] = parts;
            self.pairs(keys, values, &mut tags)?;
            each(RawWay { id: own.cast_signed(), tags: &tags, refs })
        })
    }

    /// The messages of the relations.
    pub(super) fn relations(
        &self,
        mut each: impl FnMut(&'a [u8]) -> Result<(), Detail>,
    ) -> Result<(), Detail> {
        self.members(|number, bytes| if number == 4 { each(bytes) } else { Ok(()) })
    }

    fn members(
        &self,
        mut each: impl FnMut(u64, &'a [u8]) -> Result<(), Detail>,
    ) -> Result<(), Detail> {
        self.groups.iter().try_for_each(|group| {
            fields(group, |number, field| match field {
                Field::Bytes(bytes) => each(number, bytes),
                Field::Number(_) => Ok(()),
            })
        })
    }

    fn node(
        &self,
        bytes: &'a [u8],
        tags: &mut Vec<RawTag>,
        each: &mut impl FnMut(Node<'_>),
    ) -> Result<(), Detail> {
        let mut own = [None; 3];
        let mut parts = [Numbers::default(); 2];
        fields(bytes, |number, field| {
            let at = [1, 8, 9].iter().position(|&n| n == number);
            if let (Some(at), Field::Number(number)) = (at, field) {
                own[at] = Some(signed(number));
            }
            lists([2, 3], &mut parts, (number, field))
        })?;
        let [Some(id), Some(lat), Some(lon)] = own else {
            return Err("a node without an id or a position");
        };
        let [keys, values] = parts;
        self.pairs(keys, values, tags)?;
        each(Node { id, at: self.position(lat, lon), tags });
        Ok(())
    }

    fn dense(
        &self,
        bytes: &'a [u8],
        tags: &mut Vec<RawTag>,
        each: &mut impl FnMut(Node<'_>),
    ) -> Result<(), Detail> {
        let mut parts = [Numbers::default(); 4];
        fields(bytes, |number, field| lists([1, 8, 9, 10], &mut parts, (number, field)))?;
        let [mut ids, mut lats, mut lons, mut words] = parts;
        let tagged = !words.is_empty();
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        loop {
            match (ids.after(id)?, lats.after(lat)?, lons.after(lon)?) {
                (Some(a), Some(b), Some(c)) => (id, lat, lon) = (a, b, c),
                (None, None, None) => break,
                _ => return Err("nodes whose ids and positions differ in number"),
            }
            tags.clear();
            if tagged {
                self.node_tags(&mut words, tags)?;
            }
            each(Node { id, at: self.position(lat, lon), tags });
        }
        if words.is_empty() { Ok(()) } else { Err("tags of more nodes than there are") }
    }

    /// Keys and values in turn up to a 0.
    fn node_tags(&self, words: &mut Numbers<'_>, tags: &mut Vec<RawTag>) -> Result<(), Detail> {
        loop {
            match words.next()?.ok_or("tags of nodes that end early")? {
                0 => return Ok(()),
                key => {
                    let value = words.next()?.ok_or("a key of a node without a value")?;
                    tags.push((self.index(key)?, self.index(value)?));
                }
            }
        }
    }

    fn pairs(
        &self,
        mut keys: Numbers<'_>,
        mut values: Numbers<'_>,
        tags: &mut Vec<RawTag>,
    ) -> Result<(), Detail> {
        tags.clear();
        loop {
            match (keys.next()?, values.next()?) {
                (Some(key), Some(value)) => tags.push((self.index(key)?, self.index(value)?)),
                (None, None) => return Ok(()),
                _ => return Err("keys and values that differ in number"),
            }
        }
    }

    /// A position in the table of texts.
    fn index(&self, number: u64) -> Result<u32, Detail> {
        let known = usize::try_from(number).ok().filter(|&n| n < self.texts.len());
        known.map(id).ok_or("a tag outside of the table of texts")
    }

    fn position(&self, lat: i64, lon: i64) -> Option<Fixed> {
        let units = |number: i64, offset: i64, most: i32| {
            let nano = number.checked_mul(self.granularity)?.checked_add(offset)?;
            i32::try_from(nano / 100).ok().filter(|units| (-most..=most).contains(units))
        };
        Some(Fixed {
            lat: units(lat, self.lat_offset, 900_000_000)?,
            lon: units(lon, self.lon_offset, 1_800_000_000)?,
        })
    }
}

/// Positions in a block's table of the keys wanted, so that tags are compared by number and
/// text is touched only for those kept.
#[derive(Debug)]
pub(super) struct Keys<'b> {
    block: &'b Block<'b>,
    wanted: Vec<Option<&'static str>>,
}

impl<'b> Keys<'b> {
    pub(super) fn new(block: &'b Block<'b>, keys: &[&'static str]) -> Self {
        let find = |text: &&[u8]| keys.iter().copied().find(|key| key.as_bytes() == *text);
        Self { block, wanted: block.texts.iter().map(find).collect() }
    }

    pub(super) fn key(&self, index: u32) -> Option<&'static str> {
        self.wanted.get(ix(index)).copied().flatten()
    }

    pub(super) fn tags(&self, raw: &[RawTag]) -> Tags {
        let kept = raw
            .iter()
            .filter_map(|&(key, value)| Some((self.key(key)?, self.block.text(value)?.into())));
        Tags(kept.collect())
    }
}
