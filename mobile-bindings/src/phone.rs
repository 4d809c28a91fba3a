//! The phone: one object on one file.

use std::path::Path;
use std::sync::{Arc, Mutex};

use sync_core::phone::Phone;
use sync_core::store::{OpStore as _, SqliteStore, Standing};

use crate::error::{PhoneError, StorageReason};
use crate::http::{HttpAnswer, HttpRequest};
use crate::names;

/// A phone: what it holds in one file, what it may write, and its exchange with the server.
///
/// One object for one file; a second one gets [`StorageReason::InUse`]. Calls may come from any
/// thread and are short: each is one transaction of the file at the most, which is on disk when the
/// call returns. Do not make them on the thread that draws.
#[derive(Debug, uniffi::Object)]
pub struct DoorstepPhone {
    phone: Mutex<Phone<SqliteStore>>,
}

/// What a phone was enrolled as.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Device {
    /// The organisation, a UUID.
    pub organisation: String,
    /// The number of the device; the first part of its receipts.
    pub actor: u32,
    /// The lender's own key of the agent.
    pub agent_ref: String,
    /// The currency of all amounts, a code of ISO 4217.
    pub currency: String,
    /// Decimals of its minor unit: amounts are in units of 10 to the power of minus this.
    pub exponent: u8,
}

/// How far the phone and the server have come.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhoneState {
    /// What it is enrolled as; none before, and after it was wiped.
    pub device: Option<Device>,
    /// How many ops the phone has written.
    pub written: u64,
    /// How many of them the server has acknowledged; the others are still to be sent.
    pub acknowledged: u64,
    /// How many of them the server will not lose any more.
    pub durable: u64,
    /// Server clock less own clock as measured last, in milliseconds; 0 where never.
    pub offset_ms: i64,
    /// Cases that were withdrawn and are purged once what is unsent of them is sent.
    pub to_be_purged: Vec<String>,
}

impl DoorstepPhone {
    /// Does something with the phone, one thread at a time.
    pub(crate) fn with<T, E: Into<PhoneError>>(
        &self,
        work: impl FnOnce(&mut Phone<SqliteStore>) -> Result<T, E>,
    ) -> Result<T, PhoneError> {
        let mut phone = self.phone.lock().map_err(|_| PhoneError::Storage {
            reason: StorageReason::Failed,
            detail: "an earlier call broke off; open the phone again".to_owned(),
        })?;
        work(&mut phone).map_err(Into::into)
    }
}

#[uniffi::export]
impl DoorstepPhone {
    /// Opens the file at `path`, which is made where there is none.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    #[uniffi::constructor]
    pub fn open(path: &str) -> Result<Arc<Self>, PhoneError> {
        let phone = Phone::open(SqliteStore::open(Path::new(path))?)?;
        Ok(Arc::new(Self { phone: Mutex::new(phone) }))
    }

    /// What it is enrolled as, and how far the exchange has come.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    pub fn state(&self) -> Result<PhoneState, PhoneError> {
        self.with(|phone| {
            let device = phone.enrolled().ok().map(|enrolled| Device {
                organisation: enrolled.organisation.to_string(),
                actor: enrolled.actor,
                agent_ref: enrolled.agent_ref.clone(),
                currency: enrolled.currency.clone(),
                exponent: enrolled.exponent,
            });
            let cases = phone.store().cases()?.into_iter();
            let withdrawn = cases.filter(|stored| stored.standing == Standing::Withdrawn);
            let to_be_purged = withdrawn.map(|stored| stored.case.to_string()).collect();
            Ok::<_, PhoneError>(PhoneState {
                device,
                written: phone.written(),
                acknowledged: phone.acknowledged(),
                durable: phone.durable(),
                offset_ms: phone.offset_ms(),
                to_be_purged,
            })
        })
    }

    /// The request that enrols the phone with the `code` of the office.
    ///
    /// The phone's key is made of `secret`, 32 bytes of the system's secure random source, the first
    /// time; after that the same key is proved, so an answer that got lost can be asked for again.
    /// `device_name` is what the office sees in its list of devices.
    ///
    /// # Errors
    /// [`PhoneError::AlreadyEnrolled`], [`PhoneError::BadInput`], [`PhoneError::Storage`].
    pub fn enrolment_request(
        &self,
        code: &str,
        device_name: &str,
        app_version: &str,
        secret: Vec<u8>,
    ) -> Result<HttpRequest, PhoneError> {
        let secret = names::bytes("secret", secret)?;
        let enrolment =
            self.with(|phone| phone.enrolment(code, device_name, app_version, secret))?;
        let body = serde_json::to_vec(&enrolment);
        Ok(HttpRequest {
            method: "POST".to_owned(),
            path: sync_core::protocol::ENROL_PATH.to_owned(),
            content_type: Some("application/json".to_owned()),
            authorization: None,
            body: body.map_err(|error| PhoneError::input("device_name", error))?,
            wait_s: 0,
        })
    }

    /// Takes the answer to [`Self::enrolment_request`].
    ///
    /// # Errors
    /// [`PhoneError::Refused`] with the code of the server, [`PhoneError::AlreadyEnrolled`],
    /// [`PhoneError::BadInput`] for an answer that is none, [`PhoneError::Storage`].
    pub fn enrol(&self, answer: &HttpAnswer) -> Result<Device, PhoneError> {
        let enrolled = serde_json::from_slice(answer.success()?);
        let enrolled = enrolled.map_err(|error| PhoneError::input("answer", error))?;
        self.with(|phone| phone.enrol(answer.at_ms, enrolled))?;
        self.state()?.device.ok_or(PhoneError::NotEnrolled)
    }

    /// Deletes everything, the key first, and overwrites it in the file. An exchange does this by
    /// itself when the office has revoked the phone.
    ///
    /// # Errors
    /// [`PhoneError::Storage`]; then call it again.
    pub fn wipe(&self) -> Result<(), PhoneError> {
        self.with(Phone::wipe)
    }
}
