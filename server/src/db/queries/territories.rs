//! Territories: which cells belong to whose beat.

use diesel::prelude::*;

use super::{Conn, organisations};
use crate::db::rows::{TerritoryCellRow, TerritoryRow};
use crate::db::schema::{territories, territory_cells};
use crate::db::{DbError, Id};

/// Replaces the territories of an organisation.
pub(in crate::db) fn replace(
    conn: &mut Conn,
    org: Id,
    rows: &[TerritoryRow],
    cells: &[TerritoryCellRow],
) -> Result<(), DbError> {
    organisations::hold(conn, org)?;
    diesel::delete(territory_cells::table.filter(territory_cells::org_id.eq(org))).execute(conn)?;
    diesel::delete(territories::table.filter(territories::org_id.eq(org))).execute(conn)?;
    for row in rows {
        diesel::insert_into(territories::table).values(row).execute(conn)?;
    }
    for cell in cells {
        diesel::insert_into(territory_cells::table).values(cell).execute(conn)?;
    }
    Ok(())
}

/// All territories with all their cells.
pub(in crate::db) fn all(
    conn: &mut Conn,
    org: Id,
) -> Result<(Vec<TerritoryRow>, Vec<TerritoryCellRow>), DbError> {
    let rows = territories::table
        .filter(territories::org_id.eq(org))
        .order(territories::territory_id)
        .select(TerritoryRow::as_select())
        .load(conn)?;
    let cells = territory_cells::table
        .filter(territory_cells::org_id.eq(org))
        .order(territory_cells::cell)
        .select(TerritoryCellRow::as_select())
        .load(conn)?;
    Ok((rows, cells))
}
