//! What a page of the stream is made from: data without queries.

use super::Id;
use super::rows::{
    AllocationRow, BorrowerRow, CaseRow, FeedRow, OpRow, PlanRouteRow, PlanRow, PlanStopRow,
    PublicationRow, SyncHeadRow, VisitRow,
};

/// Whose stream, and which part of it.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The organisation.
    pub org: Id,
    /// The agent whose cases they are.
    pub agent: Id,
    /// The device, whose own ops are only echoed.
    pub actor: i64,
    /// What the device has: everything up to this `server_seq`.
    pub from: i64,
    /// Up to where it goes.
    pub to: i64,
}

/// How much of one section, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The key of the last row that went before.
    pub after: i64,
    /// Most rows.
    pub most: i64,
}

/// The sections of the stream in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What stops or changes visits.
    Recalls,
    /// Cases taken back.
    Withdrawn,
    /// Plans.
    Plans,
    /// Policy packs.
    Packs,
    /// Cases given.
    Granted,
    /// Ops.
    Ops,
    /// Changed facts.
    Facts,
}

/// A published plan as one agent sees it.
#[derive(Debug, Clone)]
pub struct PublishedRoute {
    /// When it was published.
    pub publication: PublicationRow,
    /// The plan.
    pub plan: PlanRow,
    /// The agent's route with its stops, if he or she has one.
    pub route: Option<(PlanRouteRow, Vec<PlanStopRow>)>,
}

/// Rows of one section.
#[derive(Debug, Clone)]
pub enum SectionRows {
    /// Recalls, or cases whose facts changed.
    Fed(Vec<FeedRow>),
    /// Cases taken back or given.
    Allocations(Vec<AllocationRow>),
    /// Plans.
    Plans(Vec<PublishedRoute>),
    /// Ops.
    Ops(Vec<OpRow>),
}

/// Everything a device is told of some cases.
#[derive(Debug, Clone, Default)]
pub struct CaseBundle {
    /// The head of the log when this was read.
    pub head: Option<SyncHeadRow>,
    /// The cases and the other accounts of their borrowers.
    pub cases: Vec<CaseRow>,
    /// Their borrowers.
    pub borrowers: Vec<BorrowerRow>,
    /// Visits of the cases, by time.
    pub visits: Vec<VisitRow>,
    /// Live ops and add-only records of the cases, by `server_seq`; only where asked for.
    pub ops: Vec<OpRow>,
}
