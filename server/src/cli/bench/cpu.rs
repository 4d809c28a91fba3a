//! Processor time of this process: what a benchmark counts, since the machine does other things too.

/// Seconds of processor time, user and system, so far; nothing where the system does not tell.
pub(super) fn seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok();
    // The first number of each thread's line is its time on a processor, in nanoseconds.
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let mut sum = 0.0;
    for thread in threads.flatten() {
        let line = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let nanoseconds: f64 = line.split(' ').next()?.parse().ok()?;
        sum += nanoseconds / 1e9;
    }
    text.map(|_| sum)
}

/// The same of this thread alone.
pub(super) fn of_this_thread() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = line.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
