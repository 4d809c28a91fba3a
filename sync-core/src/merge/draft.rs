//! What somebody wants to write, before it has a header.

use thiserror::Error;

use super::{Place, Reading, Register, RegisterKey};
use crate::bytes::Unknown;
use crate::clock::Hlc;
use crate::kinds::{ContactField, Content, PayloadError};
use crate::model::{CaseId, OrgId};
use crate::op::{Dot, Header, Kind};

/// Why no op can be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DraftError {
    /// A value that no reader would take.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The record or the field does not go with the kind.
    #[error("op of kind {kind}: {rule}")]
    Misplaced {
        /// The number of the kind.
        kind: u64,
        /// What it must have.
        rule: &'static str,
    },
}

/// An op to be written about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The organisation.
    pub organisation: OrgId,
    /// The writer, and the next of its sequence.
    pub dot: Dot,
    /// The writer's clock.
    pub clock: Hlc,
    /// The case.
    pub case: CaseId,
    /// What is written.
    pub content: Content,
    /// Of a disposition the visit, of a promise that is there already its first op; else none.
    pub record: Option<Dot>,
    /// Of a contact value the number of the [`ContactField`]; else none.
    pub field: Option<u64>,
}

impl Draft {
    /// The register the op will go to, if it goes to one.
    ///
    /// # Errors
    /// [`DraftError`] when the content, the record or the field cannot be.
    pub fn register(&self) -> Result<Option<RegisterKey>, DraftError> {
        Ok(Place::of(&self.bare()?).register())
    }

    /// The header, written by somebody who sees `register` as it is: the one that
    /// [`Self::register`] names, or none where that is empty.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub fn header(&self, register: Option<&Register>) -> Result<Header, DraftError> {
        let header = self.bare()?;
        let Some(key) = Place::of(&header).register() else { return Ok(header) };
        // A visit is the first op of its register by what it is, and has seen nothing there.
        if header.kind == Kind::VISIT {
            return Ok(header);
        }
        let empty = Register::empty(&key);
        let Reading { replaces, context } = register.unwrap_or(&empty).reading(&self.content);
        Ok(Header { replaces, context, ..header })
    }

    /// The header without what the writer has read.
    fn bare(&self) -> Result<Header, DraftError> {
        self.content.check()?;
        let kind = self.content.kind();
        let field = self.field()?;
        let record = match (kind, self.record) {
            (Kind::DISPOSITION, None) => return Err(self.misplaced("name the visit as record")),
            (Kind::DISPOSITION | Kind::PROMISE, record) => record.map(Dot::encode),
            (_, None) => None,
            (_, Some(_)) => return Err(self.misplaced("it has no record")),
        };
        Ok(Header {
            organisation: self.organisation,
            dot: self.dot,
            clock: self.clock,
            case: Some(self.case),
            kind,
            kind_version: Content::VERSION,
            record,
            field,
            replaces: None,
            context: None,
            unknown: Unknown::default(),
        })
    }

    fn field(&self) -> Result<Option<u64>, DraftError> {
        let position = ContactField::Position;
        match (&self.content, self.field) {
            (Content::Contact(value), Some(number)) => {
                let rule = "the field must be one of 1 to 6";
                let field = ContactField::of_number(number).ok_or_else(|| self.misplaced(rule))?;
                let wrong =
                    if field == position { value.text.is_some() } else { value.lat_e7.is_some() };
                if wrong {
                    return Err(self.misplaced("field 4 takes a position, the others a text"));
                }
                Ok(Some(number))
            }
            (Content::Contact(_), None) => Err(self.misplaced("name the field, 1 to 6")),
            (
                Content::Disposition(_)
                | Content::Promise(_)
                | Content::TagAdded(_)
                | Content::TagRemoved(_)
                | Content::Status(_),
                None | Some(1),
            ) => Ok(Some(1)),
            (_, None) => Ok(None),
            (_, Some(_)) => Err(self.misplaced("it has no such field")),
        }
    }

    const fn misplaced(&self, rule: &'static str) -> DraftError {
        DraftError::Misplaced { kind: self.content.kind().number(), rule }
    }
}
