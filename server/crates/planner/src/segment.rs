//! Stretches of a route as three numbers, so that joining two of them takes constant time.
use crate::model::{Break, Window};

/// A stretch that can be driven: started at `t <= late` it ends at `dur + max(t, early)`.
///
/// `dur` is its shortest duration, reached by starting anywhere from `early` to `late`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seg {
    pub(crate) dur: i64,
    pub(crate) early: i64,
    pub(crate) late: i64,
}

impl Seg {
    /// So many seconds that begin within a window.
    pub(crate) const fn new(dur: i64, window: Window) -> Self {
        Self { dur, early: window.early, late: window.late }
    }

    /// A break alone.
    pub(crate) fn pause(pause: &Break) -> Self {
        Self::new(i64::from(pause.duration_s), pause.window)
    }

    /// The earliest it can end.
    pub(crate) const fn ready(self) -> i64 {
        self.early + self.dur
    }
}

/// `a`, then `travel` seconds, then `b`; `None` when `b` cannot be reached in time.
#[inline]
pub(crate) fn join(a: Seg, travel: i64, b: Seg) -> Option<Seg> {
    let shift = a.dur + travel;
    if a.early + shift > b.late {
        return None;
    }
    let wait = (b.early - shift - a.late).max(0);
    Some(Seg {
        dur: shift + b.dur + wait,
        early: (b.early - shift).max(a.early) - wait,
        late: (b.late - shift).min(a.late),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_without_waiting() {
        // 10 min job open 0..=1000, 100 s of travel, 5 min job open 500..=2000
        let a = Seg { dur: 600, early: 0, late: 1000 };
        let b = Seg { dur: 300, early: 500, late: 2000 };
        // 600 + 100 + 300 = 1000; b opens before 700 anyway; latest start min(2000 - 700, 1000)
        assert_eq!(join(a, 100, b), Some(Seg { dur: 1000, early: 0, late: 1000 }));
    }

    #[test]
    fn waits_when_even_the_latest_start_is_too_early() {
        let a = Seg { dur: 600, early: 0, late: 1000 };
        let b = Seg { dur: 300, early: 3000, late: 4000 };
        // leaving at 1000 arrives at 1700 and waits 1300: 700 + 300 + 1300 = 2300, only from 1000
        assert_eq!(join(a, 100, b), Some(Seg { dur: 2300, early: 1000, late: 1000 }));
        // ends at 3300 = 1000 + 2300
        assert_eq!(join(a, 100, b).map(Seg::ready), Some(3300));
    }

    #[test]
    fn refuses_what_comes_too_late() {
        let a = Seg { dur: 600, early: 500, late: 1000 };
        // earliest arrival 500 + 600 + 100 = 1200
        assert_eq!(join(a, 100, Seg { dur: 1, early: 0, late: 1199 }), None);
        assert!(join(a, 100, Seg { dur: 1, early: 0, late: 1200 }).is_some());
    }
}
