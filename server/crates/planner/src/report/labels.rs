//! Ways to drive a stretch of a route: which windows its stops begin in, and where breaks are taken.
//!
//! A label is one combination of choices; only those are kept that may be best for some continuation.
//! After Irnich, "Resource extension functions", OR Spectrum 30(1), 2008.
use crate::model::{Arc, Job, Route, Shift, UNREACHABLE, Window};
use crate::segment::{Seg, join};

/// One way to drive a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) seg: Seg,
    /// Premiums of the windows chosen, micro-units.
    pub(crate) gain: i64,
    /// Seconds of the breaks in it that nobody pays.
    pub(crate) unpaid: i64,
    /// Breaks of the shift taken or not needed before the stretch ends (in a head) or begins (in a tail).
    pub(crate) breaks: usize,
    /// The label it was made from, in the list before.
    pub(crate) from: usize,
    /// Breaks taken between the two.
    pub(crate) paused: usize,
    /// Which opening of its own stop was chosen.
    pub(crate) opening: usize,
}

impl Label {
    pub(crate) fn value(&self, shift: &Shift) -> i128 {
        i128::from(self.gain) - shift.cost_of(self.paid())
    }

    pub(crate) const fn paid(&self) -> i64 {
        self.seg.dur - self.unpaid
    }
}

/// When a stop may begin on a route, and what that earns. A meeting leaves one instant.
pub(crate) fn openings(job: &Job, meeting: Option<i64>) -> Vec<(Window, i64)> {
    let Some(t) = meeting else { return job.openings().collect() };
    job.premium_at(t).map(|premium| (Window::new(t, t), premium)).into_iter().collect()
}

/// Before the first stop: with the first `k` breaks not needed, since the shift leaves after them.
pub(crate) fn starts(shift: &Shift) -> Vec<Label> {
    let window = shift.window;
    let after = |k: usize| k.checked_sub(1).map(|last| shift.breaks[last].window.late);
    let label = |breaks: usize| {
        let early = after(breaks).unwrap_or(i64::MIN).max(window.early);
        let seg = Seg { dur: 0, early, late: window.late };
        (early <= window.late).then_some(blank(seg, breaks))
    };
    (0..=shift.breaks.len()).filter_map(label).collect()
}

/// After the last stop: the shift ends by `late`, and before the end of the window of any break it
/// has not had.
pub(crate) fn ends(shift: &Shift, late: i64) -> Vec<Label> {
    let window = shift.window;
    let label = |breaks: usize| {
        let before = shift.breaks.get(breaks).map_or(i64::MAX, |b| b.window.late);
        let seg = Seg { dur: 0, early: window.early, late: late.min(before) };
        (seg.early <= seg.late).then_some(blank(seg, breaks))
    };
    (0..=shift.breaks.len()).filter_map(label).collect()
}

const fn blank(seg: Seg, breaks: usize) -> Label {
    Label { seg, gain: 0, unpaid: 0, breaks, from: 0, paused: 0, opening: 0 }
}

/// Ways on to a stop over a leg, with any number of breaks before driving.
pub(crate) fn forth(
    heads: &[Label],
    shift: &Shift,
    leg: Arc,
    openings: &[(Window, i64)],
    service_s: u32,
) -> Vec<Label> {
    if leg.seconds == UNREACHABLE {
        return Vec::new();
    }
    let mut all = Vec::with_capacity(heads.len() * openings.len());
    for (from, head) in heads.iter().enumerate() {
        let mut at = Some(*head);
        while let Some(label) = at {
            for (opening, (w, premium)) in openings.iter().enumerate() {
                let own = Seg::new(i64::from(service_s), *w);
                if let Some(seg) = join(label.seg, i64::from(leg.seconds), own) {
                    let gain = label.gain.saturating_add(*premium);
                    let paused = label.breaks - head.breaks;
                    all.push(Label { seg, gain, from, paused, opening, ..label });
                }
            }
            at = pause_after(&label, shift);
        }
    }
    prune(&mut all);
    all
}

/// Ways from a stop on over a leg to the tails behind it, with any number of breaks before driving.
pub(crate) fn back(
    tails: &[Label],
    shift: &Shift,
    leg: Arc,
    openings: &[(Window, i64)],
    service_s: u32,
) -> Vec<Label> {
    if leg.seconds == UNREACHABLE {
        return Vec::new();
    }
    let mut all = Vec::with_capacity(tails.len() * openings.len());
    for (from, tail) in tails.iter().enumerate() {
        // What follows the stop's service: first without a break, then with more and more of them.
        let mut travel = i64::from(leg.seconds);
        let mut at = Some(*tail);
        while let Some(label) = at {
            for (opening, (w, premium)) in openings.iter().enumerate() {
                let own = Seg::new(i64::from(service_s), *w);
                if let Some(seg) = join(own, travel, label.seg) {
                    let gain = label.gain.saturating_add(*premium);
                    let paused = tail.breaks - label.breaks;
                    all.push(Label { seg, gain, from, paused, opening, ..label });
                }
            }
            at = pause_before(&label, shift, travel);
            travel = 0;
        }
    }
    prune(&mut all);
    all
}

/// Whole routes from heads and tails that meet over a leg; `paused` counts the breaks between them.
pub(crate) fn close(heads: &[Label], shift: &Shift, leg: Arc, tails: &[Label]) -> Vec<Label> {
    let mut all = Vec::new();
    if leg.seconds == UNREACHABLE {
        return all;
    }
    for (from, head) in heads.iter().enumerate() {
        let mut at = Some(*head);
        while let Some(label) = at {
            for tail in tails.iter().filter(|t| t.breaks == label.breaks) {
                if let Some(seg) = join(label.seg, i64::from(leg.seconds), tail.seg) {
                    let gain = label.gain.saturating_add(tail.gain);
                    let unpaid = label.unpaid + tail.unpaid;
                    let paused = label.breaks - head.breaks;
                    all.push(Label { seg, gain, unpaid, from, paused, ..label });
                }
            }
            at = pause_after(&label, shift);
        }
    }
    all
}

/// The best of whole routes: highest value, then the least paid, the shortest, the earliest.
pub(crate) fn best<'a>(all: &'a [Label], shift: &Shift) -> Option<&'a Label> {
    let longest = i64::from(shift.max_duration_s);
    let fits = all.iter().filter(|l| l.seg.dur <= longest);
    fits.min_by_key(|l| (-l.value(shift), l.paid(), l.seg.dur, l.seg.ready()))
}

/// Takes the next break at the end of a head.
fn pause_after(label: &Label, shift: &Shift) -> Option<Label> {
    let pause = shift.breaks.get(label.breaks)?;
    let seg = join(label.seg, 0, Seg::pause(pause))?;
    let unpaid = label.unpaid + pause.unpaid_s();
    Some(Label { seg, unpaid, breaks: label.breaks + 1, ..*label })
}

/// Takes the break before those of a tail, and drives on after it.
fn pause_before(label: &Label, shift: &Shift, travel: i64) -> Option<Label> {
    let pause = shift.breaks.get(label.breaks.checked_sub(1)?)?;
    let seg = join(Seg::pause(pause), travel, label.seg)?;
    let unpaid = label.unpaid + pause.unpaid_s();
    Some(Label { seg, unpaid, breaks: label.breaks - 1, ..*label })
}

/// Heads before every place of a route, from the shift's start to its last stop: entry `i` holds the ways to
/// have served the first `i` stops. `legs` are those of the route.
pub(crate) fn heads(shift: &Shift, jobs: &[&Job], route: &Route, legs: &[Arc]) -> Vec<Vec<Label>> {
    let mut all = Vec::with_capacity(jobs.len() + 1);
    let mut now = starts(shift);
    for ((job, leg), at) in jobs.iter().zip(legs).zip(&route.jobs) {
        let next = forth(&now, shift, *leg, &openings(job, route.meeting(*at)), job.service_s);
        all.push(std::mem::replace(&mut now, next));
    }
    all.push(now);
    all
}

/// Tails behind every place of a route: entry `i` holds the ways to serve the stops from `i` on and to
/// end by `late`.
pub(crate) fn tails(
    shift: &Shift,
    jobs: &[&Job],
    route: &Route,
    legs: &[Arc],
    late: i64,
) -> Vec<Vec<Label>> {
    let mut all = Vec::with_capacity(jobs.len() + 1);
    let mut now = ends(shift, late);
    for (i, job) in jobs.iter().enumerate().rev() {
        let own = openings(job, route.meeting(route.jobs[i]));
        let next = back(&now, shift, legs[i + 1], &own, job.service_s);
        all.push(std::mem::replace(&mut now, next));
    }
    all.push(now);
    all.reverse();
    all
}

/// Keeps, of stretches over the same stops, those that may be best for some continuation.
fn prune(labels: &mut Vec<Label>) {
    if labels.len() < 2 {
        return;
    }
    labels.sort_by_key(|l| (l.breaks, l.paid(), l.seg.dur, l.seg.ready(), -l.seg.late, -l.gain));
    let mut kept: Vec<Label> = Vec::with_capacity(labels.len());
    for l in labels.drain(..) {
        let beaten = |k: &Label| {
            k.breaks == l.breaks
                && k.paid() <= l.paid()
                && k.seg.dur <= l.seg.dur
                && k.seg.ready() <= l.seg.ready()
                && k.seg.late >= l.seg.late
                && k.gain >= l.gain
        };
        if !kept.iter().any(beaten) {
            kept.push(l);
        }
    }
    *labels = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Break;

    fn shift() -> Shift {
        let lunch = Break { window: Window::new(1000, 2000), duration_s: 300, paid: false };
        Shift { breaks: vec![lunch], ..Shift::new(None, None, Window::new(0, 5000)) }
    }

    fn way(seconds: u32) -> Arc {
        Arc { seconds, metres: 0 }
    }

    #[test]
    fn a_break_is_taken_before_or_after_a_stop_or_not_needed() {
        let shift = shift();
        let open = [(Window::new(1500, 1600), 7)];
        // leaving at 0 or at 2000: the stop is open until 1600, so only the first can be in time
        let heads = forth(&starts(&shift), &shift, way(100), &open, 60);
        // break first: from 1000 to 1300 at the earliest, 100 s of way: 300 + 100 + 60 = 460 s;
        // no break yet: 160 s
        let seen: Vec<_> = heads.iter().map(|l| (l.breaks, l.seg.dur, l.unpaid, l.gain)).collect();
        assert_eq!(seen, [(0, 160, 0, 7), (1, 460, 300, 7)]);
        // done by 1660 at the latest and home 100 s later: before 2000, so no break is needed
        let all = close(&heads, &shift, way(100), &ends(&shift, 5000));
        let best = best(&all, &shift).unwrap();
        assert_eq!((best.seg.dur, best.breaks, best.paused), (260, 0, 0));
    }

    #[test]
    fn heads_and_tails_meet_in_the_same_routes() {
        let mut shift = shift();
        shift.cost_per_second = 1;
        let open = [(Window::new(500, 600), 0)];
        let late = [(Window::new(2500, 2600), 0)];
        // first stop by 600, second from 2500 on: under way at 2000, so the break is taken between
        let heads = forth(&starts(&shift), &shift, way(100), &open, 60);
        let tails = back(&ends(&shift, 5000), &shift, way(50), &late, 60);
        let all = close(&heads, &shift, way(200), &tails);
        let best = best(&all, &shift).unwrap();
        // 100 + 60 to 660, and from 2500 on 60 + 50: 500 to 2610 is 2110 s, of which 300 are not paid
        assert_eq!((best.seg.dur, best.paid(), best.breaks, best.paused), (2110, 1810, 1, 1));
        let through = forth(&heads, &shift, way(200), &late, 60);
        let other = close(&through, &shift, way(50), &ends(&shift, 5000));
        assert_eq!(super::best(&other, &shift).map(|l| l.seg), Some(best.seg));
    }
}
