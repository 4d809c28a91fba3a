//! Tests of the whole crate on small hand-made maps.
