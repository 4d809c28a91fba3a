//! The OpenStreetMap tags that roads and addresses need.

/// Tags kept for ways and nodes of the road graph; all others are dropped while reading.
pub(crate) const ROAD_KEYS: &[&str] = &[
    "highway",
    "route",
    "name",
    "ref",
    "junction",
    "area",
    "service",
    "surface",
    "tracktype",
    "oneway",
    "oneway:vehicle",
    "oneway:motor_vehicle",
    "oneway:motorcar",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "maxspeed",
    "maxspeed:forward",
    "maxspeed:backward",
    "duration",
    "barrier",
    "bollard",
    "impassable",
];

/// A small list of key and value; keys are those of a fixed list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags(pub(crate) Vec<(&'static str, Box<str>)>);

impl Tags {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| &**value)
    }

    pub(crate) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        Self(pairs.iter().map(|&(k, v)| (k, v.into())).collect())
    }
}
