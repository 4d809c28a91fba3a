//! What becomes of a batch and of each of its ops. Pure: rows in, rows out.

use std::collections::BTreeMap;

use sync_core::clock::{Arrival, Hlc};
use sync_core::merge::unheard;
use sync_core::op::{Actor, Body, Kind, Op};
use sync_core::protocol::{Batch, Code, PushAnswer};

use super::Refusal;
use crate::db::DbError;
use crate::db::log::{AuditNote, DeviceProgress, LogKnown, LogRows};
use crate::db::rows::{DeviceRow, KeptAsideRow, UserRow};
use crate::usecases::log::{Bounds, Entry, Journal, Rules, i64_of, u64_of};

type Decision = (Option<LogRows>, Result<PushAnswer, Refusal>);

/// What the server has of a sequence.
struct Known<'a> {
    header: &'a [u8],
    body_hash: &'a [u8],
    /// The code, where the op is kept aside and not released.
    kept: Option<&'a str>,
    flagged: &'a str,
}

/// A batch at the door.
pub(super) struct Admission<'a> {
    known: &'a LogKnown,
    batch: &'a Batch,
    rules: &'a Rules,
    now: i64,
    /// Decimals of the currency.
    exponent: u8,
}

impl<'a> Admission<'a> {
    /// `now` in microseconds since 1970 UTC, and the decimals of the currency.
    pub(super) const fn new(
        known: &'a LogKnown,
        batch: &'a Batch,
        rules: &'a Rules,
        (now, exponent): (i64, u8),
    ) -> Self {
        Self { known, batch, rules, now, exponent }
    }

    /// Decides about the batch, then about each op that is new.
    pub(super) fn decide(&self) -> Result<Decision, DbError> {
        let (Some(device), Some(user)) = (&self.known.device, &self.known.user) else {
            return Ok((None, Err(Refusal::UnknownDevice)));
        };
        let stored = self.stored();
        if device.revoked_at.is_some() {
            return Ok(self.all_aside(device, &stored, Code::DeviceRevoked, Refusal::Revoked));
        }
        if user.disabled_at.is_some() {
            return Ok(self.all_aside(device, &stored, Code::UserDisabled, Refusal::UserDisabled));
        }
        let last = u64_of(device.sequence);
        let mut old = self.batch.ops.iter().filter(|op| sequence(op) <= last);
        if device.forked_at.is_some() || old.any(|op| !is_known(&stored, op)) {
            return Ok(self.all_aside(device, &stored, Code::DeviceForked, Refusal::Forked));
        }
        if let Err(refusal) = self.follows(device)? {
            return Ok((None, Err(refusal)));
        }
        let mut answer = self.answer_known(&stored);
        answer.acknowledged = last.max(self.batch.header.last());
        answer.epoch = u64_of(self.known.head.epoch);
        if self.batch.header.last() <= last {
            return Ok((None, Ok(answer)));
        }
        let rows = self.admit(device, user, &mut answer)?;
        Ok((Some(rows.finish(self.exponent)), Ok(answer)))
    }

    fn stored(&self) -> BTreeMap<u64, Vec<Known<'a>>> {
        let mut stored: BTreeMap<u64, Vec<Known<'_>>> = BTreeMap::new();
        for row in &self.known.kept {
            let kept = Some(row.code.as_str()).filter(|_| row.released_seq.is_none());
            let (header, body_hash) = (&row.header, &row.body_hash);
            let known = Known { header, body_hash, kept, flagged: "" };
            stored.entry(u64_of(row.sequence)).or_default().push(known);
        }
        for row in &self.known.stored {
            let (header, body_hash) = (&row.header, &row.body_hash);
            let known = Known { header, body_hash, kept: None, flagged: &row.flagged };
            stored.entry(u64_of(row.sequence)).or_default().push(known);
        }
        stored
    }

    /// Whether the first op is the next one, or known, and the chain goes through where it must.
    fn follows(&self, device: &DeviceRow) -> Result<Result<(), Refusal>, DbError> {
        let (last, found) = (u64_of(device.sequence), self.batch.header.first.get());
        if found > last.saturating_add(1) {
            return Ok(Err(Refusal::Gap { expected: last.saturating_add(1), found }));
        }
        let mut chain = self.batch.header.chain_before();
        for op in self.batch.ops.iter().filter(|op| sequence(op) <= last) {
            let followed = chain.follow(&op.header, &op.body.hash());
            followed.map_err(|error| DbError::Corrupt(error.to_string()))?;
        }
        let holds = chain.sequence() < last || chain.head().as_bytes()[..] == device.chain_head[..];
        Ok(if holds { Ok(()) } else { Err(Refusal::ChainBroken) })
    }

    /// Keeps everything aside that is not here already.
    fn all_aside(
        &self,
        device: &DeviceRow,
        stored: &BTreeMap<u64, Vec<Known<'_>>>,
        code: Code,
        refusal: Refusal,
    ) -> Decision {
        let mut rows = LogRows::at(self.known.head.clone());
        let new = self.batch.ops.iter().filter(|op| !is_known(stored, op));
        rows.kept = new.filter_map(|op| self.aside(device, op, code.label())).collect();
        rows.device = Some(DeviceProgress {
            forked_at: match code {
                Code::DeviceForked => device.forked_at.or(Some(self.now)),
                _ => device.forked_at,
            },
            ..self.progress(device)
        });
        let detail = format!("{} kept aside: {code}", rows.kept.len());
        rows.audit.push(self.note(device, "batch_refused", detail));
        (Some(rows), Err(refusal))
    }

    fn aside(&self, device: &DeviceRow, op: &Op, code: &str) -> Option<KeptAsideRow> {
        let Body::Whole { salt, payload } = &op.body else { return None };
        Some(KeptAsideRow {
            org_id: device.org_id,
            actor: device.actor,
            sequence: i64_of(sequence(op)),
            body_hash: op.body.hash().as_bytes().to_vec(),
            case_id: op.header.case.map(Into::into),
            kind: i64_of(op.header.kind.number()),
            code: code.into(),
            received_at: self.now,
            user_id: Some(device.user_id),
            header: op.header.encode(),
            salt: salt.as_bytes().to_vec(),
            payload: payload.as_bytes().to_vec(),
            released_seq: None,
        })
    }

    /// What was said of the known ops of the batch is said again.
    fn answer_known(&self, stored: &BTreeMap<u64, Vec<Known<'_>>>) -> PushAnswer {
        let mut answer = PushAnswer::default();
        for op in &self.batch.ops {
            for known in stored.get(&sequence(op)).into_iter().flatten() {
                answer.kept_aside.extend(known.kept.map(|code| (sequence(op), code.to_owned())));
                let codes = known.flagged.split(' ').filter(|code| !code.is_empty());
                answer.flagged.extend(codes.map(|code| (sequence(op), code.to_owned())));
            }
        }
        answer
    }

    fn admit(
        &self,
        device: &DeviceRow,
        user: &UserRow,
        answer: &mut PushAnswer,
    ) -> Result<Journal<'a>, DbError> {
        let mut journal = Journal::new(self.known, self.rules, self.now)?;
        let mut before = last_clock(device)?;
        let mut counts = (0, 0, 0);
        for op in self.batch.ops.iter().filter(|op| sequence(op) > u64_of(device.sequence)) {
            let arrival = Arrival {
                offset_ms: device.offset_ms,
                received_ms: self.now.div_euclid(1000),
                before,
            };
            let admitted = journal.clock(arrival, &op.header);
            before = Some(admitted.clock);
            if let Some(code) = self.reason_aside(&journal, user, op, admitted.clock) {
                journal.rows.kept.extend(self.aside(device, op, code));
                answer.kept_aside.push((sequence(op), code.to_owned()));
                counts.1 += 1;
                continue;
            }
            let outcome = journal.admit(&Entry {
                op,
                clock: admitted.clock,
                implausible: admitted.implausible,
                offset_ms: device.offset_ms,
                received_at: self.now,
                user: Some(device.user_id),
                agent: user.agent_id,
            });
            counts.0 += 1;
            counts.2 += usize::from(!outcome.flags.is_empty());
            let flags = outcome.flags.iter().map(|code| (sequence(op), code.label().to_owned()));
            answer.flagged.extend(flags);
        }
        let clock = before.unwrap_or(Hlc::FIRST);
        journal.rows.device = Some(DeviceProgress {
            sequence: i64_of(self.batch.chain.sequence()),
            chain_head: self.batch.chain.head().as_bytes().to_vec(),
            admitted: (clock.ms(), i32::from(clock.count())),
            ..self.progress(device)
        });
        let (taken, kept, flagged) = counts;
        let detail = format!("{taken} admitted, {kept} kept aside, {flagged} flagged");
        journal.rows.audit.push(self.note(device, "ops_accepted", detail));
        Ok(journal)
    }

    /// Why an op is kept aside, if it is.
    fn reason_aside(
        &self,
        journal: &Journal<'_>,
        user: &UserRow,
        op: &Op,
        clock: Hlc,
    ) -> Option<&'static str> {
        if matches!(op.header.kind, Kind::STATUS | Kind::RELEASED) {
            return Some(Code::RoleForbidden.label());
        }
        if let Some(case) = op.header.case {
            let at = clock.ms().saturating_mul(1000);
            let allocated =
                user.agent_id.is_some_and(|agent| journal.is_allocated(case.into(), agent, at));
            if !allocated {
                return Some(Code::ForeignCase.label());
            }
        }
        let height = |actor: Actor| {
            if actor == Actor::OFFICE {
                return u64_of(self.known.head.office_sequence);
            }
            let number = i64::from(actor.number());
            let found = self.known.heights.iter().find(|(actor, _)| *actor == number);
            found.map_or(0, |(_, sequence)| u64_of(*sequence))
        };
        if unheard(&op.header, height).is_some() {
            return Some(Code::UnheardContext.label());
        }
        let bounds = Bounds {
            exponent: self.exponent,
            offset_ms: self.known.device.as_ref().map_or(0, |device| device.offset_ms),
            received_ms: self.now.div_euclid(1000),
        };
        bounds.broken_by(op).map(|_| Code::ValueImplausible.label())
    }

    /// The device as it was, but heard of.
    fn progress(&self, device: &DeviceRow) -> DeviceProgress {
        DeviceProgress {
            actor: device.actor,
            sequence: device.sequence,
            chain_head: device.chain_head.clone(),
            admitted: (device.admitted_ms, device.admitted_count),
            seen_at: self.now,
            forked_at: device.forked_at,
        }
    }

    fn note(&self, device: &DeviceRow, action: &'static str, detail: String) -> AuditNote {
        let (first, last) = (self.batch.header.first, self.batch.header.last());
        AuditNote {
            at: self.now,
            user_id: Some(device.user_id),
            actor: Some(device.actor),
            action,
            subject: format!("ops {first} to {last} of device {}", device.actor),
            detail,
        }
    }
}

const fn sequence(op: &Op) -> u64 {
    op.header.dot.sequence.get()
}

fn is_known(stored: &BTreeMap<u64, Vec<Known<'_>>>, op: &Op) -> bool {
    let same = |known: &Known<'_>| {
        known.body_hash == op.body.hash().as_bytes() && known.header == op.header.encode()
    };
    stored.get(&sequence(op)).is_some_and(|known| known.iter().any(same))
}

/// The admitted clock of the device's last op, if it has written one.
fn last_clock(device: &DeviceRow) -> Result<Option<Hlc>, DbError> {
    let count = u16::try_from(device.admitted_count);
    let count = count.map_err(|_| DbError::Corrupt("the clock of a device".into()))?;
    Ok((device.sequence > 0).then(|| Hlc::new(device.admitted_ms, count)))
}
