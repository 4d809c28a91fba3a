//! What goes down to a device: section 8 of `SYNC.md`.
//!
//! A sequence of pages goes from what the device has to the head of the log as it was at its first
//! page, section by section. The cursor says where a page ends, so any page can be asked for again.

mod cursor;
mod frames;

use sha2::{Digest as _, Sha256};
use sync_core::op::Actor;
use sync_core::protocol::{End, Frame, encode_frames};

use super::book::load_packs;
use super::log::u64_of;
use super::refusal::{Refusal, SyncError};
use super::restored::{Seen, notice};
use crate::app::App;
use crate::db::Id;
use crate::db::pull::{Page, Section, SectionRows, Span};
use crate::error::Error;
use cursor::{Cursor, Within, following};
use frames::Sketch;

/// Most frames of a page.
const MOST_FRAMES: usize = 500;

/// A page ends with the frame that goes beyond this many bytes.
const MOST_BYTES: usize = 512 * 1024;

/// Cases that are read at once.
const CASES: i64 = 50;

/// One page of the stream of the device `bearer`, as the bytes of the answer. Without a cursor, or
/// with one of another epoch, it begins anew; a cursor beyond the log is of a time that was lost.
///
/// # Errors
/// [`SyncError::Refused`] for an unknown or revoked device and for a cursor that is none; or the
/// database fails.
pub fn pull(app: &App, bearer: Actor, cursor: Option<&str>) -> Result<Vec<u8>, SyncError> {
    let actor = i64::from(bearer.number());
    let device = app.store.device_and_user(app.org, actor)?;
    let (device, user) = device.ok_or(Refusal::UnknownDevice)?;
    if device.revoked_at.is_some() {
        return Err(Refusal::Revoked.into());
    }
    if device.forked_at.is_some() {
        return Err(Refusal::Clone.into());
    }
    let cursor = cursor.map(Cursor::decode).transpose()?;
    let seen = cursor.map_or(Seen { actor, epoch: 0, reached: 0, acknowledged: 0 }, |cursor| {
        let to = cursor.within.map_or(cursor.from, |within| within.to.max(cursor.from));
        Seen { actor, epoch: cursor.epoch, reached: u64_of(to), acknowledged: 0 }
    });
    let head = notice(app, seen, device.sequence)?;
    let epoch = u64_of(head.epoch);
    let start = Cursor { epoch, from: 0, within: None, packs: 0 };
    let cursor = cursor.filter(|cursor| cursor.epoch == epoch).unwrap_or(start);
    let first = Within { to: head.server_seq, section: Section::Recalls, after: 0 };
    let within = cursor.within.unwrap_or(first);
    let span = Span {
        org: app.org,
        agent: user.agent_id.unwrap_or_default(),
        actor,
        from: cursor.from,
        to: within.to,
    };
    let mut writer = Writer { app, span, frames: Vec::new(), bytes: 0, packs: cursor.packs };
    let stopped = writer.fill(within)?;
    let next = Cursor {
        epoch,
        from: if stopped.is_some() { cursor.from } else { within.to },
        within: stopped,
        packs: writer.packs,
    };
    let end = End {
        cursor: next.encode(),
        more: stopped.is_some(),
        clock_ms: app.ids.clock().now().as_millisecond(),
        reached: u64_of(next.from),
        epoch,
    };
    Ok(encode_frames(&writer.frames, &end)?)
}

/// A page being filled.
struct Writer<'a> {
    app: &'a App,
    span: Span,
    frames: Vec<Frame>,
    bytes: usize,
    packs: u64,
}

impl Writer<'_> {
    /// Writes from there until nothing is left, or the page is full: then where it stopped.
    fn fill(&mut self, mut at: Within) -> Result<Option<Within>, Error> {
        loop {
            if self.is_full() {
                return Ok(Some(at));
            }
            match self.some_of(&at)? {
                Some(after) => at.after = after,
                None => match following(at.section) {
                    Some(section) => at = Within { section, after: 0, ..at },
                    None => return Ok(None),
                },
            }
        }
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= MOST_FRAMES || self.bytes >= MOST_BYTES
    }

    fn put(&mut self, frame: Frame) {
        self.bytes += frame.encode().len();
        self.frames.push(frame);
    }

    /// Writes some of a section. The key to go on from, if there may be more.
    fn some_of(&mut self, at: &Within) -> Result<Option<i64>, Error> {
        if at.section == Section::Packs {
            self.put_packs()?;
            return Ok(None);
        }
        let left = i64::try_from(MOST_FRAMES - self.frames.len()).unwrap_or(1);
        let most = match at.section {
            Section::Granted | Section::Facts => left.min(CASES),
            _ => left,
        };
        let page = Page { after: at.after, most };
        let rows = self.app.store.section(&self.span, at.section, &page)?;
        let (count, last) = extent(at.section, &rows);
        for Sketch { key, frame } in self.sketches(at.section, rows)? {
            self.put(frame);
            if self.is_full() {
                return Ok(Some(key));
            }
        }
        Ok(last.filter(|_| i64::try_from(count).is_ok_and(|count| count >= most)))
    }

    fn sketches(&self, section: Section, rows: SectionRows) -> Result<Vec<Sketch>, Error> {
        match rows {
            SectionRows::Fed(rows) if section == Section::Facts => frames::facts(self.app, &rows),
            SectionRows::Fed(rows) => frames::recalls(&rows),
            SectionRows::Allocations(rows) if section == Section::Granted => {
                frames::granted(self.app, &rows)
            }
            SectionRows::Allocations(rows) => frames::withdrawn(&rows),
            SectionRows::Plans(rows) => frames::plans(self.app, self.span.agent, &rows),
            SectionRows::Ops(rows) => frames::ops(self.span.actor, &rows),
        }
    }

    /// The packs in force, unless the device has them.
    fn put_packs(&mut self) -> Result<(), Error> {
        let packs = load_packs(self.app)?;
        let texts = packs.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
        let texts = texts.map_err(|e| Error::Invalid(format!("a policy pack: {e}")))?;
        let hash: [u8; 32] = Sha256::digest(texts.concat()).into();
        let first = hash.first_chunk().copied().unwrap_or_default();
        let packs = u64::from_be_bytes(first).max(1);
        if packs != self.packs {
            self.put(Frame::Packs(texts));
            self.packs = packs;
        }
        Ok(())
    }
}

/// How many rows there are, and the key of the last.
fn extent(section: Section, rows: &SectionRows) -> (usize, Option<i64>) {
    match rows {
        SectionRows::Fed(rows) => (rows.len(), rows.last().map(|row| row.server_seq)),
        SectionRows::Allocations(rows) if section == Section::Granted => {
            (rows.len(), rows.last().map(|row| row.granted_seq))
        }
        SectionRows::Allocations(rows) => {
            (rows.len(), rows.last().and_then(|row| row.withdrawn_seq))
        }
        SectionRows::Plans(rows) => (rows.len(), rows.last().map(|row| row.publication.server_seq)),
        SectionRows::Ops(rows) => (rows.len(), rows.last().map(|row| row.server_seq)),
    }
}

/// Cases of rows, each once.
fn distinct(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut ids: Vec<Id> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
