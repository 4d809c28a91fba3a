//! What the writer of an op had seen, and the ops that are kept to remember it.

use std::collections::BTreeMap;

use crdts::{CmRDT, CvRDT, VClock};

use super::Written;
use crate::op::{Actor, Context, Dot, Header};

/// The highest sequence of each actor; it stands for all lower ones in the same register too,
/// because whoever has seen an op has seen what its writer had written there before.
pub(super) type Seen = VClock<Actor>;

/// The dots that an op names as seen by its writer: the op it replaces, and its context.
///
/// The server admits the op later than all of them, as far as they are admitted.
pub fn named(header: &Header) -> impl Iterator<Item = Dot> {
    let context = header.context.as_ref().map(Context::dots);
    header.replaces.into_iter().chain(context.into_iter().flatten())
}

/// The first op that the writer of `header` claims to have seen and cannot have: one of another
/// actor with a higher sequence than `known` says the server has of it.
///
/// Such an op would stand over what others are still to write, so it must not be admitted.
pub fn unheard(header: &Header, known: impl Fn(Actor) -> u64) -> Option<Dot> {
    named(header)
        .filter(|dot| dot.actor != header.dot.actor)
        .find(|dot| dot.sequence.get() > known(dot.actor))
}

/// The clock of a context.
pub(super) fn clock_of(dots: impl IntoIterator<Item = Dot>) -> Seen {
    let mut seen = Seen::new();
    for dot in dots {
        seen.apply(crdts::Dot::new(dot.actor, dot.sequence.get()));
    }
    seen
}

/// What the writer of a last-writer op had seen: what it names, and own ops before it.
pub(super) fn seen_by(header: &Header) -> Seen {
    let dot = header.dot;
    let mut seen = clock_of(named(header));
    // Nobody has seen an own op that comes after.
    seen.dots.remove(&dot.actor);
    if dot.sequence.get() > 1 {
        seen.apply(crdts::Dot::new(dot.actor, dot.sequence.get() - 1));
    }
    seen
}

/// Whether `seen` has `dot`.
pub(super) fn covers(seen: &Seen, dot: Dot) -> bool {
    seen.get(&dot.actor) >= dot.sequence.get()
}

/// The context that says `seen`.
pub(super) fn context_of(seen: &Seen) -> Context {
    let dots = seen.iter().filter_map(|dot| {
        let sequence = std::num::NonZeroU64::new(dot.counter)?;
        Some(Dot { actor: *dot.actor, sequence })
    });
    dots.collect()
}

/// Of `ops`, which are not live any more, those without which a register that is rebuilt would not
/// know what is replaced: at most one per actor. `live` is what the live ops tell.
pub(super) fn witnesses(
    ops: BTreeMap<Dot, Written>,
    mut live: Seen,
    replaced: &Seen,
    seen: impl Fn(&Header) -> Seen,
) -> BTreeMap<Dot, Written> {
    let mut kept = BTreeMap::new();
    for (dot, op) in ops {
        let told = seen(&op.header);
        let mut entries = told.dots.iter();
        if entries.any(|(actor, last)| live.get(actor) < *last && replaced.get(actor) == *last) {
            live.merge(told);
            kept.insert(dot, op);
        }
    }
    kept
}
