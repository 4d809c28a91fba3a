//! What an import changes for agents who have the cases: recalls and changed facts.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use sync_core::model::{CaseFlag, Flags};

use super::{Conn, ROWS, heads};
use crate::db::rows::{CaseRow, FeedRow};
use crate::db::schema::{allocations, cases, feed};
use crate::db::{DbError, Id};

/// Codes by case and by borrower: what is true of the person holds for all of his or her accounts.
#[derive(Debug, Default)]
pub(in crate::db) struct Changes {
    cases: BTreeMap<Id, BTreeSet<&'static str>>,
    borrowers: BTreeMap<Id, BTreeSet<&'static str>>,
}

impl Changes {
    /// Other names, telephone numbers or languages.
    pub(super) fn of_borrowers(changed: &[Id]) -> Self {
        let facts = |id: &Id| (*id, BTreeSet::from(["facts"]));
        Self { cases: BTreeMap::new(), borrowers: changed.iter().map(facts).collect() }
    }

    /// A further account of somebody: what is true of the person holds for the others.
    pub(super) fn of_new(&mut self, new: &CaseRow) {
        let flags: Flags = new.flags.parse().unwrap_or(Flags::NONE);
        let personal = flags.iter().filter(|flag| *flag != CaseFlag::Dispute);
        let codes: BTreeSet<_> = personal.map(CaseFlag::label).collect();
        if !codes.is_empty() {
            let of = self.borrowers.entry(new.borrower_id).or_default();
            of.extend(codes);
            of.insert("facts");
        }
    }

    /// What is different in `new`, which replaces `old`.
    pub(super) fn of_case(&mut self, old: &CaseRow, new: &CaseRow) {
        let codes = self.cases.entry(new.case_id).or_default();
        codes.insert("facts");
        if old.amount_due_minor != new.amount_due_minor {
            codes.insert("amount_changed");
        }
        let payment = |row: &CaseRow| (row.last_payment_at, row.last_payment_minor);
        if payment(old) != payment(new) && new.last_payment_at.is_some() {
            codes.insert("payment");
        }
        let flags = |row: &CaseRow| row.flags.parse().unwrap_or(Flags::NONE);
        let (before, now): (Flags, Flags) = (flags(old), flags(new));
        codes.extend(now.iter().filter(|flag| !before.contains(*flag)).map(CaseFlag::label));
        let own = |code: &&'static str| matches!(*code, "dispute" | "amount_changed" | "payment");
        let personal: BTreeSet<_> = codes.iter().copied().filter(|code| !own(code)).collect();
        if before != now {
            self.borrowers.entry(new.borrower_id).or_default().extend(personal);
        }
    }
}

/// Writes one row of the feed for each code of each case that somebody has now.
pub(in crate::db) fn tell(
    conn: &mut Conn,
    org: Id,
    changes: &Changes,
    at: i64,
) -> Result<(), DbError> {
    let codes = of_allocated(conn, org, changes)?;
    if codes.is_empty() {
        return Ok(());
    }
    let mut head = heads::lock(conn, org)?;
    let mut rows = Vec::new();
    for (case_id, codes) in codes {
        for code in codes {
            head.server_seq += 1;
            let server_seq = head.server_seq;
            rows.push(FeedRow { org_id: org, server_seq, case_id, code: code.into(), at });
        }
    }
    for some in rows.chunks(ROWS) {
        diesel::insert_into(feed::table).values(some).execute(conn)?;
    }
    heads::advance(conn, &head)
}

type Codes = BTreeMap<Id, BTreeSet<&'static str>>;

fn of_allocated(conn: &mut Conn, org: Id, changes: &Changes) -> Result<Codes, DbError> {
    let mut of = Codes::new();
    let ids: Vec<Id> = changes.cases.keys().copied().collect();
    for some in ids.chunks(ROWS) {
        let allocated: Vec<Id> = allocations::table
            .filter(allocations::org_id.eq(org).and(allocations::case_id.eq_any(some)))
            .filter(allocations::withdrawn_seq.is_null())
            .select(allocations::case_id)
            .distinct()
            .load(conn)?;
        for case in allocated {
            of.entry(case).or_default().extend(changes.cases.get(&case).into_iter().flatten());
        }
    }
    let ids: Vec<Id> = changes.borrowers.keys().copied().collect();
    for some in ids.chunks(ROWS) {
        let allocated: Vec<(Id, Id)> = allocations::table
            .inner_join(cases::table.on(
                cases::org_id.eq(allocations::org_id).and(cases::case_id.eq(allocations::case_id)),
            ))
            .filter(allocations::org_id.eq(org).and(cases::borrower_id.eq_any(some)))
            .filter(allocations::withdrawn_seq.is_null())
            .select((cases::case_id, cases::borrower_id))
            .distinct()
            .load(conn)?;
        for (case, borrower) in allocated {
            of.entry(case)
                .or_default()
                .extend(changes.borrowers.get(&borrower).into_iter().flatten());
        }
    }
    Ok(of)
}
