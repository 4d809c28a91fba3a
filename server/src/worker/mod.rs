//! ADAPTER: does the work that is due, beside the requests of `serve` or as a process of its own.
//!
//! Any number of workers share one queue. A job is claimed for some minutes; one whose worker died
//! is claimed again when they are over. So every kind of job may run twice and must not mind.

mod kinds;

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::app::App;
use crate::error::Error;
use crate::usecases::jobs;

/// Time between two looks at the queue.
const PAUSE: Duration = Duration::from_secs(20);

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ran {
    /// Jobs that ended well.
    pub done: usize,
    /// Jobs that did not; they are tried again later, a few times.
    pub failed: usize,
}

/// Puts what is regular into the queue and works until nothing is due. A job that fails does not keep
/// the others from being done.
///
/// # Errors
/// The database fails.
pub fn run_due(app: &App) -> Result<Ran, Error> {
    for regular in kinds::REGULAR {
        jobs::schedule(app, regular.kind, regular.every)?;
    }
    let mut ran = Ran::default();
    while let Some(claimed) = jobs::claim(app)? {
        match kinds::run(app, &claimed.kind) {
            Ok(()) => {
                jobs::finish(app, &claimed)?;
                ran.done += 1;
            }
            Err(error) => {
                tracing::warn!(kind = claimed.kind, %error, "a job failed");
                jobs::fail(app, &claimed, &error.to_string())?;
                ran.failed += 1;
            }
        }
    }
    Ok(ran)
}

/// Works until the process is told to stop.
///
/// # Errors
/// Signals cannot be waited for.
pub fn run(app: &App) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let failed = |e: std::io::Error| Error::Invalid(format!("the worker cannot run: {e}"));
    let runtime = runtime.map_err(failed)?;
    loop {
        attempt(app);
        let told = runtime.block_on(async { tokio::time::timeout(PAUSE, told_to_stop()).await });
        if let Ok(told) = told {
            return told.map_err(failed);
        }
    }
}

async fn told_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// One look at the queue. What goes wrong is said in the log, and tried again at the next one.
fn attempt(app: &App) {
    if let Err(error) = run_due(app) {
        tracing::error!(%error, "the worker could not work");
    }
}

/// A worker on a thread of its own. When dropped it ends the job it is at, and stops.
#[derive(Debug)]
pub struct Worker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts to work.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::spawn(move || {
            loop {
                attempt(&app);
                if stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
