//! The handshake.

use super::envelope::Envelope;
use super::fields::Fields;
use super::key::verify;
use super::{DeviceSecret, ProtocolError, Signature, VERSION};
use crate::bytes::{RecordWriter, put_bytes};
use crate::model::OrgId;
use crate::op::{Actor, DeviceKey, OpHash};

const WHAT: &str = "hello";
const MAGIC: &str = "DSH1";

/// What a device says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The organisation of the device.
    pub organisation: OrgId,
    /// The device.
    pub actor: Actor,
    /// One more than in the hello before, so that none can be played again.
    pub count: u64,
    /// The version of the app, for people.
    pub app_version: String,
    /// The version of the protocol; always [`VERSION`] in what this program writes.
    pub protocol: u64,
    /// The device's own clock, in milliseconds since 1970 UTC.
    pub clock_ms: i64,
    /// The highest sequence the server has acknowledged.
    pub acknowledged: u64,
    /// The epoch of the server seen last; 0 where none was.
    pub epoch: u64,
    /// How far the device has read the order of that epoch; 0 where nothing yet.
    pub reached: u64,
}

impl Hello {
    /// The signed bytes.
    #[must_use]
    pub fn seal(&self, secret: &DeviceSecret) -> Vec<u8> {
        let mut record = RecordWriter::new();
        record.bytes(1, self.organisation.as_bytes());
        record.uvarint(2, u64::from(self.actor.number())).uvarint(3, self.count);
        record.text(4, &self.app_version).uvarint(5, self.protocol).ivarint(6, self.clock_ms);
        record.uvarint(7, self.acknowledged).uvarint(8, self.epoch);
        if self.reached > 0 {
            record.uvarint(9, self.reached);
        }
        let record = record.finish();
        let mut out = MAGIC.as_bytes().to_vec();
        put_bytes(&mut out, &record);
        out.extend_from_slice(&secret.sign(&signed(&record)));
        out
    }

    fn decode(record: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of(WHAT, record);
        let organisation = OrgId::from_bytes(fields.array(1, "organisation")?);
        let organisation = organisation
            .map_err(|_| fields.value("organisation", "must be a UUID of version 7"))?;
        let hello = Self {
            organisation,
            actor: Actor::new(fields.small(2, "actor")?),
            count: fields.uvarint(3, "count")?,
            app_version: fields.text(4, "app version")?,
            protocol: fields.uvarint(5, "protocol")?,
            clock_ms: fields.ivarint(6, "device clock")?,
            acknowledged: fields.uvarint(7, "acknowledged")?,
            epoch: fields.uvarint(8, "epoch")?,
            reached: fields.opt_uvarint(9)?.unwrap_or(0),
        };
        fields.finish()?;
        if hello.protocol == VERSION {
            Ok(hello)
        } else {
            Err(ProtocolError::Version { what: WHAT, found: hello.protocol })
        }
    }
}

/// A hello of which the signature has not been checked. Nothing in it is to be believed yet.
#[derive(Debug, Clone)]
pub struct UnreadHello<'a> {
    hello: Hello,
    written: &'a [u8],
    signature: Signature,
}

impl<'a> UnreadHello<'a> {
    /// Reads a hello.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are none.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut envelope = Envelope::open(WHAT, MAGIC, bytes)?;
        let written = envelope.part()?;
        let signature = envelope.signature()?;
        Ok(Self { hello: Hello::decode(written)?, written, signature })
    }

    /// What it says.
    #[must_use]
    pub const fn hello(&self) -> &Hello {
        &self.hello
    }

    /// The hello, if `key` signed it.
    ///
    /// # Errors
    /// [`ProtocolError::Signature`] otherwise.
    pub fn verify(self, key: &DeviceKey) -> Result<Hello, ProtocolError> {
        verify(WHAT, key, &signed(self.written), &self.signature)?;
        Ok(self.hello)
    }
}

fn signed(record: &[u8]) -> Vec<u8> {
    [b"doorstep/hello/1", record].concat()
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelloAnswer {
    /// The server's clock, in milliseconds since 1970 UTC.
    pub clock_ms: i64,
    /// The epoch of the server.
    pub epoch: u64,
    /// The highest sequence the server has of this device, without a gap.
    pub known: u64,
    /// The chain head there.
    pub head: OpHash,
    /// The bearer token for push and pull; none with `wipe`.
    pub token: Option<String>,
    /// The lowest version of the protocol the server speaks.
    pub lowest: u64,
    /// The highest.
    pub highest: u64,
    /// Server clock less device clock, in milliseconds.
    pub offset_ms: i64,
    /// Whether the device is revoked and has to delete all it has.
    pub wipe: bool,
}

impl HelloAnswer {
    /// The bytes of the answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.ivarint(1, self.clock_ms).uvarint(2, self.epoch).uvarint(3, self.known);
        out.bytes(4, self.head.as_bytes());
        if let Some(token) = &self.token {
            out.text(5, token);
        }
        out.uvarint(6, self.lowest).uvarint(7, self.highest).ivarint(8, self.offset_ms);
        out.uvarint(9, u64::from(self.wipe));
        out.finish()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of("answer to a hello", bytes);
        let answer = Self {
            clock_ms: fields.ivarint(1, "server clock")?,
            epoch: fields.uvarint(2, "epoch")?,
            known: fields.uvarint(3, "known")?,
            head: OpHash::new(fields.array(4, "chain head")?),
            token: fields.opt_text(5)?,
            lowest: fields.uvarint(6, "lowest version")?,
            highest: fields.uvarint(7, "highest version")?,
            offset_ms: fields.ivarint(8, "offset")?,
            wipe: fields.flag(9, "wipe")?,
        };
        fields.finish()?;
        Ok(answer)
    }
}
