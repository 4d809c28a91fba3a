//! What part of the world a road network covers.

/// The box that a road extract covers, in degrees; one that crosses the 180th meridian has a
/// western edge larger than its eastern one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Southern edge.
    pub south: f64,
    /// Western edge.
    pub west: f64,
    /// Northern edge.
    pub north: f64,
    /// Eastern edge.
    pub east: f64,
}

impl Extent {
    /// Whether a point lies in the box.
    #[must_use]
    pub fn contains(&self, lat: f64, lon: f64) -> bool {
        let inside = if self.west <= self.east {
            (self.west..=self.east).contains(&lon)
        } else {
            lon >= self.west || lon <= self.east
        };
        inside && (self.south..=self.north).contains(&lat)
    }
}
