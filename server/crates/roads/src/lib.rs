//! Road networks from OpenStreetMap: snapping, contraction hierarchy, matrices; pure.
