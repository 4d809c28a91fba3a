//! Settles conflicts by name.

use sync_core::kinds::{Content, Settled};
use sync_core::model::{CaseId, UserId};
use sync_core::op::{Actor, Dot};

use super::lists;
use super::log::own_dots;
use super::office::{OfficeOp, write};
use crate::app::App;
use crate::error::Error;

/// Conflicts of one case that are looked at.
const MOST: i64 = 1_000;

/// Says of values that lost that they are no conflict any more; they stay in the log. Gives the dot
/// of the op that says so.
///
/// # Errors
/// No open conflict of the case has one of the ops, or the database fails.
pub fn settle(
    app: &App,
    by: Option<UserId>,
    case: CaseId,
    dots: Vec<Dot>,
    note: Option<String>,
) -> Result<Dot, Error> {
    let open = lists::conflicts(app, Some(case), false, None, MOST)?;
    for dot in &dots {
        let is =
            |conflict: &lists::OpenConflict| (conflict.device, conflict.sequence) == own_dots(*dot);
        if !open.iter().any(is) {
            return Err(Error::Invalid(format!(
                "op {dot} is in no open conflict of this case: see the list of conflicts"
            )));
        }
    }
    let content = Content::Settled(Settled { dots, note });
    let written = write(app, by, &[OfficeOp::of(case, content)])?;
    written.first().copied().ok_or_else(|| Error::Invalid("name at least one op".into()))
}

/// A dot as people write it: `device:sequence`.
#[must_use]
pub fn write_dot(dot: Dot) -> String {
    dot.to_string()
}

/// Reads a dot as [`write_dot`] writes it.
///
/// # Errors
/// [`Error::Invalid`].
pub fn read_dot(text: &str) -> Result<Dot, Error> {
    let read = || {
        let (actor, sequence) = text.split_once(':')?;
        Some(Dot { actor: Actor::new(actor.parse().ok()?), sequence: sequence.parse().ok()? })
    };
    read()
        .ok_or_else(|| Error::Invalid(format!("`{text}` is no op: write device:sequence, as 7:12")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_read_as_they_are_written() {
        let dot = read_dot("7:12").unwrap();
        assert_eq!((dot.actor.number(), dot.sequence.get()), (7, 12));
        assert_eq!(write_dot(dot), "7:12");
        for text in ["", "7", "7:0", ":1", "-1:1", "4294967296:1", "7:1:2"] {
            assert!(read_dot(text).is_err(), "{text}");
        }
    }
}
