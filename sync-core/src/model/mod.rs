//! The vocabulary: types instead of bare integers.

mod currency;
mod flags;
mod ids;
mod money;
mod position;
mod tier;
mod units;
mod weekday;
mod window;
mod zone;

pub use currency::{Currency, CurrencyError};
pub use flags::{CaseFlag, FlagError, Flags};
pub use ids::{
    AccountId, AgentId, AllocationId, BorrowerId, CaseId, IdError, ImportId, JobId, OrgId, PlanId,
    RouteId, StopId, TerritoryId, UserId, VisitId,
};
pub use money::{Micro, Minor, MinorDisplay, MoneyError};
pub use position::{Position, PositionError};
pub use tier::{Tier, Treatment};
pub use units::{Bucket, Dpd, Metres, Seconds, UnitError};
pub use weekday::{Weekday, WeekdayError};
pub use window::{LocalWindow, TimeWindow, WindowError};
pub use zone::{Zone, ZoneError};

pub(crate) use window::{intersect, join};
