//! Road segments between junctions, the turns between them, and which hang together.

mod along;
mod automaton;
mod components;
mod junctions;
mod names;
mod restrict;
mod segments;
mod simplify;
mod turns;

pub(crate) use along::{along_dm, append};
pub(crate) use components::{largest_strong, reached, weak};
pub(crate) use names::Names;
pub(crate) use segments::{Flags, Segment, Segments, arc_label, from_label};
pub(crate) use simplify::{Cut, cut};
pub(crate) use turns::{Histories, Onto, TurnGraph, Turned, turn_graph};
