//! Ending a wait from another thread.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// A switch that is thrown once.
#[derive(Debug, Default)]
pub(super) struct Cancel(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    thrown: bool,
    waiting: Option<Waker>,
}

impl Cancel {
    pub(super) fn throw(&self) {
        let waiting = {
            let mut inner = self.inner();
            inner.thrown = true;
            inner.waiting.take()
        };
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    pub(super) fn is_thrown(&self) -> bool {
        self.inner().thrown
    }

    /// What `work` gives, or nothing once the switch is thrown: `work` is dropped then.
    pub(super) async fn unless<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            {
                let mut inner = self.inner();
                if inner.thrown {
                    return Poll::Ready(None);
                }
                inner.waiting = Some(context.waker().clone());
            }
            work.as_mut().poll(context).map(Some)
        })
        .await
    }

    /// Nothing between two lines that hold the lock can leave it half done.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
