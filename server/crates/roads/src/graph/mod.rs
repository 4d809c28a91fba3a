//! Road segments between junctions, and which of them hang together.

mod along;
mod components;
mod names;
mod segments;
mod simplify;

pub(crate) use along::{along_cm, append};
pub(crate) use components::{largest_strong, weak};
pub(crate) use names::Names;
pub(crate) use segments::{Flags, Segment, Segments, arc_label, from_label};
pub(crate) use simplify::segments;
