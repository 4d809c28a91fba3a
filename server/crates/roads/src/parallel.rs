//! Work on several threads that can be watched and stopped.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::MatrixError;

/// Threads of the machine.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Works through a list, `size` items at a time, on a number of threads that have a state each.
/// `progress` gets the items done, from any thread, and stops the work by returning `false`.
///
/// # Errors
/// [`MatrixError::Cancelled`] when stopped.
pub(crate) fn in_batches<I: Send, S>(
    threads: usize,
    items: &mut [I],
    size: usize,
    progress: &(dyn Fn(usize) -> bool + Sync),
    state: &(impl Fn() -> S + Sync),
    work: &(impl Fn(&mut S, &mut [I]) + Sync),
) -> Result<(), MatrixError> {
    let queue = Mutex::new(items.chunks_mut(size));
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let worker = || {
        let mut state = state();
        while !stop.load(Ordering::Relaxed) {
            // A panic elsewhere cannot leave the queue half changed.
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(batch) = next else { break };
            work(&mut state, batch);
            let total = done.fetch_add(batch.len(), Ordering::Relaxed) + batch.len();
            if !progress(total) {
                stop.store(true, Ordering::Relaxed);
            }
        }
    };
    match threads {
        0 | 1 => worker(),
        // The scope hands a panic of a thread on to the caller.
        _ => std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(worker);
            }
        }),
    }
    if stop.into_inner() { Err(MatrixError::Cancelled) } else { Ok(()) }
}
