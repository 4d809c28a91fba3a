//! The exchange with the server. The app brings the network.
//!
//! [`SyncSession`] says which request is next and takes its answer; it has no network, no thread
//! and no timer. [`SyncSession::run`] asks the app's [`Transport`] for each answer in turn. It is a
//! future without a runtime of its own: whoever awaits it polls it, on the dispatcher it is
//! awaited on, and between two requests it does one short transaction of the file.

mod app;
mod cancel;
mod session;
mod step;

pub use app::{AppError, SyncListener, Transport};
pub use session::SyncSession;
pub use step::{SyncReport, SyncStep};
