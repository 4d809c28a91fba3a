//! One exchange: step by step, or all of it.

use std::sync::{Arc, Mutex};

use sync_core::phone::Client;

use super::cancel::Cancel;
use super::{SyncListener, SyncReport, SyncStep, Transport};
use crate::error::PhoneError;
use crate::http::{HttpAnswer, HttpRequest};
use crate::phone::DoorstepPhone;

/// One exchange with the server: it greets, sends what is unsent, and takes what is new.
///
/// One at a time for a phone. It may be dropped or cancelled at any point: a request that was not
/// answered is made again by the next one, an answer that was cut changes nothing. Visits can be
/// logged meanwhile.
#[derive(Debug, uniffi::Object)]
pub struct SyncSession {
    phone: Arc<DoorstepPhone>,
    exchange: Mutex<Exchange>,
    cancel: Cancel,
}

#[derive(Debug)]
struct Exchange {
    client: Client,
    /// How long the server wants to be left alone for.
    wait_s: u64,
}

#[uniffi::export]
impl DoorstepPhone {
    /// An exchange from the beginning, without a request yet. `app_version` is told to the server,
    /// which may refuse versions that are too old.
    #[must_use]
    pub fn begin_sync(self: Arc<Self>, app_version: &str) -> Arc<SyncSession> {
        let exchange = Exchange { client: Client::new(app_version), wait_s: 0 };
        let (exchange, cancel) = (Mutex::new(exchange), Cancel::default());
        Arc::new(SyncSession { phone: self, exchange, cancel })
    }

    /// A whole exchange: [`Self::begin_sync`] and [`SyncSession::run`].
    ///
    /// # Errors
    /// As [`SyncSession::run`].
    pub async fn sync(
        self: Arc<Self>,
        app_version: String,
        now_ms: i64,
        transport: Arc<dyn Transport>,
        listener: Option<Arc<dyn SyncListener>>,
    ) -> Result<SyncReport, PhoneError> {
        self.begin_sync(&app_version).run(now_ms, transport, listener).await
    }
}

#[uniffi::export]
impl SyncSession {
    /// The next request; none when the exchange is over. Asked again before an answer came, it makes
    /// the request again. `now_ms` is the phone's clock, milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// [`PhoneError::Cancelled`], [`PhoneError::NotEnrolled`], [`PhoneError::Storage`].
    pub fn next_request(&self, now_ms: i64) -> Result<Option<HttpRequest>, PhoneError> {
        self.step(|exchange, phone| {
            let request = phone.with(|phone| exchange.client.next(phone, now_ms))?;
            let wait_s = std::mem::take(&mut exchange.wait_s);
            Ok(request.map(|request| HttpRequest::of(request, wait_s)))
        })
    }

    /// Takes the answer to the last request, of whatever status.
    ///
    /// # Errors
    /// [`PhoneError::Refused`] and [`PhoneError::Stopped`]: after them the same request comes again;
    /// [`PhoneError::Cancelled`], [`PhoneError::Storage`].
    pub fn take_answer(&self, answer: &HttpAnswer) -> Result<SyncStep, PhoneError> {
        self.step(|exchange, phone| {
            let HttpAnswer { status, body, at_ms } = answer;
            let progress =
                phone.with(|phone| exchange.client.answer(phone, *at_ms, *status, body))?;
            let step = SyncStep::from(progress);
            if let SyncStep::Pushed { wait_s, .. } = step {
                exchange.wait_s = wait_s;
            }
            Ok(step)
        })
    }

    /// Makes all steps, with the app's network, and tells `listener` of each.
    ///
    /// It ends early when [`Self::cancel`] is called, or when whoever awaits it is cancelled; the
    /// request under way is then cancelled too.
    ///
    /// # Errors
    /// [`PhoneError::Offline`], [`PhoneError::App`], [`PhoneError::Cancelled`], and as
    /// [`Self::next_request`] and [`Self::take_answer`]. What was done until then is kept.
    pub async fn run(
        &self,
        now_ms: i64,
        transport: Arc<dyn Transport>,
        listener: Option<Arc<dyn SyncListener>>,
    ) -> Result<SyncReport, PhoneError> {
        let mut report = SyncReport::default();
        let mut at_ms = now_ms;
        while let Some(request) = self.next_request(at_ms)? {
            let answer = self.cancel.unless(transport.send(request)).await;
            let answer = answer.ok_or(PhoneError::Cancelled)??;
            at_ms = answer.at_ms;
            let step = self.take_answer(&answer)?;
            report.add(&step);
            if let Some(listener) = &listener {
                listener.on_step(step)?;
            }
        }
        Ok(report)
    }

    /// Ends the exchange from any thread; it cannot be taken up again. A new one goes on.
    pub fn cancel(&self) {
        self.cancel.throw();
    }
}

impl SyncSession {
    fn step<T>(
        &self,
        step: impl FnOnce(&mut Exchange, &DoorstepPhone) -> Result<T, PhoneError>,
    ) -> Result<T, PhoneError> {
        if self.cancel.is_thrown() {
            return Err(PhoneError::Cancelled);
        }
        // An exchange that broke off is as good as cancelled: a new one goes on.
        let mut exchange = self.exchange.lock().map_err(|_| PhoneError::Cancelled)?;
        step(&mut exchange, &self.phone)
    }
}
