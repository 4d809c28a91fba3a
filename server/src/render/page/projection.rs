//! From degrees to the whole units of the drawing.

use super::super::document::{PlanDocument, Point, RoadLine};

/// Units along the longer side of the plan: about 10 m for a region 150 km long.
const LONG_SIDE: f64 = 16_000.0;
const MARGIN: f64 = 0.025;
const METRES_PER_DEGREE: f64 = 111_195.0;
/// A plan of one door is still drawn with its neighbourhood.
const LEAST_METRES: f64 = 1_000.0;

/// A place in the drawing.
pub(super) type Spot = (i32, i32);

/// Equirectangular, scaled by the cosine of the middle latitude: true enough for a region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Projection {
    west: f64,
    north: f64,
    x_per_degree: f64,
    y_per_degree: f64,
    /// Size of the drawing, margins included.
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) units_per_km: f64,
}

impl Projection {
    /// Fitted to routes and cells; without any, to the cases left out, then to the roads.
    pub(super) fn of(document: &PlanDocument, roads: &[RoadLine]) -> Self {
        let routes = document.routes.iter().flat_map(|route| {
            let stops = route.stops.iter().map(|s| s.at);
            let legs = route.legs.iter().flatten().copied();
            std::iter::once(route.base).chain(stops).chain(legs)
        });
        let cells = document.cells.iter().flat_map(|c| c.boundary.iter().copied());
        Bounds::of(routes.chain(cells))
            .or_else(|| Bounds::of(document.left_out.iter().map(|c| c.at)))
            .or_else(|| Bounds::of(roads.iter().flat_map(|r| r.points.iter().copied())))
            .unwrap_or_default()
            .projection()
    }

    /// Fitted to points.
    pub(super) fn around(points: impl Iterator<Item = Point>) -> Self {
        Bounds::of(points).unwrap_or_default().projection()
    }

    /// Where a point lies, exactly.
    pub(super) fn exact(&self, p: Point) -> (f64, f64) {
        ((p.lon - self.west) * self.x_per_degree, (self.north - p.lat) * self.y_per_degree)
    }

    /// Where a point lies, in whole units.
    pub(super) fn spot(&self, p: Point) -> Spot {
        let (x, y) = self.exact(p);
        (whole(x), whole(y))
    }
}

/// Rounded to a whole unit; far outside the drawing it saturates.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what an i32 holds")]
pub(super) fn whole(value: f64) -> i32 {
    value.round().clamp(-1e9, 1e9) as i32
}

#[derive(Default)]
struct Bounds {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

impl Bounds {
    fn of(points: impl Iterator<Item = Point>) -> Option<Self> {
        points.filter(|p| p.lat.is_finite() && p.lon.is_finite()).fold(None, |bounds, p| {
            let b = bounds.unwrap_or(Self { south: p.lat, north: p.lat, west: p.lon, east: p.lon });
            Some(Self {
                south: b.south.min(p.lat),
                north: b.north.max(p.lat),
                west: b.west.min(p.lon),
                east: b.east.max(p.lon),
            })
        })
    }

    fn projection(&self) -> Projection {
        let middle = f64::midpoint(self.south, self.north);
        let metres_per_lon = METRES_PER_DEGREE * middle.to_radians().cos().max(0.01);
        let height_m = (self.north - self.south) * METRES_PER_DEGREE;
        let width_m = (self.east - self.west) * metres_per_lon;
        let long_m = height_m.max(width_m).max(LEAST_METRES);
        let margin_m = long_m * MARGIN;
        // A thin plan still gets a third of its length as width, so that pans have room.
        let grow = |side: f64| ((long_m / 3.0 - side) / 2.0).max(0.0) + margin_m;
        let (grow_x, grow_y) = (grow(width_m), grow(height_m));
        let units_per_m = LONG_SIDE / (long_m + 2.0 * margin_m);
        Projection {
            west: self.west - grow_x / metres_per_lon,
            north: self.north + grow_y / METRES_PER_DEGREE,
            x_per_degree: metres_per_lon * units_per_m,
            y_per_degree: METRES_PER_DEGREE * units_per_m,
            width: whole((width_m + 2.0 * grow_x) * units_per_m),
            height: whole((height_m + 2.0 * grow_y) * units_per_m),
            units_per_km: units_per_m * 1_000.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn north_is_up_and_east_is_right() {
        let projection = Projection::of(&sample::one_stop(), &[]);
        let (x1, y1) = projection.spot(Point { lat: 39.15, lon: -75.52 });
        let (x2, y2) = projection.spot(Point { lat: 39.17, lon: -75.50 });
        assert!(x1 > 0 && y2 > 0 && x2 > x1 && y2 < y1);
        assert!(x2 < projection.width && y1 < projection.height);
        // 0.02 degrees of latitude are 2.22 km, of longitude at 39.16 degrees 1.72 km
        let km = |units: i32| f64::from(units) / projection.units_per_km;
        assert!((km(y1 - y2) - 2.224).abs() < 0.01 && (km(x2 - x1) - 1.724).abs() < 0.01);
    }

    #[test]
    fn nothing_and_one_point_have_a_size() {
        let nothing = Projection::of(&sample::empty(), &[]);
        assert!(nothing.width > 0 && nothing.height > 0);
        let mut document = sample::empty();
        document.left_out = sample::one_stop().left_out;
        let one = Projection::of(&document, &[]);
        let (x, y) = one.spot(document.left_out[0].at);
        assert!((2 * x - one.width).abs() <= 2 && (2 * y - one.height).abs() <= 2);
    }
}
