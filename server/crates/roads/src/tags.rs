//! The OpenStreetMap tags that roads and addresses need.

/// Tags kept for ways that may be roads; all others are dropped while reading. A profile
/// may name only these.
pub(crate) const WAY_KEYS: &[&str] = &[
    // What it is.
    "highway",
    "route",
    "name",
    "ref",
    "junction",
    "area",
    "service",
    "duration",
    "toll",
    "toll:motorcar",
    "toll:motorcycle",
    // What may stop everybody.
    "impassable",
    "status",
    "construction",
    "proposed",
    "motorroad",
    "hov",
    // What it is made of.
    "surface",
    "tracktype",
    "smoothness",
    "lanes",
    "width",
    // Who may use it; the same keys with `:forward` and `:backward` follow below.
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "motorcycle",
    "moped",
    "mofa",
    "goods",
    "hgv",
    "bicycle",
    "foot",
    "access:forward",
    "access:backward",
    "vehicle:forward",
    "vehicle:backward",
    "motor_vehicle:forward",
    "motor_vehicle:backward",
    "motorcar:forward",
    "motorcar:backward",
    "motorcycle:forward",
    "motorcycle:backward",
    "bicycle:forward",
    "bicycle:backward",
    "foot:forward",
    "foot:backward",
    // Directions.
    "oneway",
    "oneway:vehicle",
    "oneway:motor_vehicle",
    "oneway:motorcar",
    "oneway:motorcycle",
    "oneway:moped",
    "oneway:bicycle",
    "oneway:foot",
    "cycleway",
    "cycleway:left",
    "cycleway:right",
    "cycleway:both",
    "cycleway:left:oneway",
    "cycleway:right:oneway",
    // Legal limits.
    "maxspeed",
    "maxspeed:forward",
    "maxspeed:backward",
    "maxspeed:motorcar",
    "maxspeed:motorcycle",
    "maxspeed:bicycle",
    "maxspeed:type",
    "maxspeed:type:forward",
    "maxspeed:type:backward",
    "maxspeed:advisory",
    "maxspeed:advisory:forward",
    "maxspeed:advisory:backward",
    "source:maxspeed",
    "source:maxspeed:forward",
    "source:maxspeed:backward",
    "zone:maxspeed",
    "zone:traffic",
];

/// Tags kept for the nodes of such ways.
pub(crate) const NODE_KEYS: &[&str] = &[
    "highway",
    "railway",
    "barrier",
    "bollard",
    "locked",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "motorcycle",
    "moped",
    "mofa",
    "goods",
    "hgv",
    "bicycle",
    "foot",
    "crossing",
    "crossing:signals",
    "direction",
    "traffic_signals:direction",
];

/// A direction of travel along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Along {
    Forward,
    Backward,
}

impl Along {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Forward => ":forward",
            Self::Backward => ":backward",
        }
    }
}

/// Whether one of the values of a tag (`no;destination`) is in a list.
pub(crate) fn names(value: &str, list: &[String]) -> bool {
    let among = |one: &str| list.iter().any(|listed| listed.eq_ignore_ascii_case(one));
    value.split(';').any(|one| among(one.trim()))
}

/// A small list of key and value; keys are those of a fixed list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags(pub(crate) Vec<(&'static str, Box<str>)>);

impl Tags {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| &**value)
    }

    /// The value for one direction: `key:forward` or `key:backward`, else `key`.
    pub(crate) fn along(&self, key: &str, along: Along) -> Option<&str> {
        let directed =
            |k: &str| k.strip_suffix(along.suffix()).is_some_and(|general| general == key);
        let found = self.0.iter().find(|(k, _)| directed(k)).map(|(_, value)| &**value);
        found.or_else(|| self.get(key))
    }

    pub(crate) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether the key is there with one of the values, alone or beside others.
    pub(crate) fn is_any(&self, key: &str, values: &[String]) -> bool {
        self.get(key).is_some_and(|value| names(value, values))
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        Self(pairs.iter().map(|&(k, v)| (k, v.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directed_key_is_preferred() {
        let tags = Tags::of(&[("maxspeed", "50"), ("maxspeed:forward", "30")]);
        assert_eq!(tags.along("maxspeed", Along::Forward), Some("30"));
        assert_eq!(tags.along("maxspeed", Along::Backward), Some("50"));
        assert_eq!(tags.along("oneway", Along::Forward), None);
    }

    #[test]
    fn no_key_is_listed_twice() {
        for list in [WAY_KEYS, NODE_KEYS] {
            let mut sorted = list.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), list.len());
        }
    }
}
