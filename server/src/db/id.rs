//! Sixteen-byte ids as both databases store them.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Binary;
use sync_core::model::{
    AgentId, AllocationId, BorrowerId, CaseId, ImportId, JobId, OrgId, PlanId, TerritoryId, UserId,
    VisitId,
};

use super::DbError;

/// The bytes of an id of any kind. Rows carry it; use cases carry the typed ids.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = Binary)]
pub struct Id(pub [u8; 16]);

impl<DB> FromSql<Binary, DB> for Id
where
    DB: Backend,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(bytes)?;
        let found = bytes.len();
        let id = <[u8; 16]>::try_from(bytes)
            .map_err(|_| format!("an id in the database has {found} bytes, not 16"))?;
        Ok(Self(id))
    }
}

impl<DB> ToSql<Binary, DB> for Id
where
    DB: Backend,
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        let written: IsNull = <[u8] as ToSql<Binary, DB>>::to_sql(self.0.as_slice(), out)?;
        Ok(written)
    }
}

macro_rules! typed {
    ($($id:ident),+ $(,)?) => {$(
        impl From<$id> for Id {
            fn from(id: $id) -> Self {
                Self(*id.as_bytes())
            }
        }
        impl TryFrom<Id> for $id {
            type Error = DbError;

            fn try_from(id: Id) -> Result<Self, DbError> {
                $id::from_bytes(id.0).map_err(|error| DbError::Corrupt(error.to_string()))
            }
        }
    )+};
}

typed!(
    OrgId,
    CaseId,
    BorrowerId,
    AgentId,
    ImportId,
    PlanId,
    TerritoryId,
    UserId,
    AllocationId,
    VisitId,
    JobId
);
