//! Processor time: what a benchmark counts, since the machine does other things too.

use std::path::Path;

use crate::error::Error;

/// Seconds of processor time of this process, user and system, so far; nothing where the system does not tell.
pub(super) fn seconds() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    threads.flatten().map(|thread| of(&thread.path().join("schedstat"))).sum()
}

/// The same of this thread alone.
pub(super) fn of_this_thread() -> Option<f64> {
    of(Path::new("/proc/thread-self/schedstat"))
}

/// What a benchmark that cannot do without says where the system does not tell.
pub(super) fn untold() -> Error {
    Error::Invalid("this system does not tell the processor time used".into())
}

/// The first number of a thread's line is its time on a processor, in nanoseconds.
fn of(schedstat: &Path) -> Option<f64> {
    let line = std::fs::read_to_string(schedstat).ok()?;
    let nanoseconds: f64 = line.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
