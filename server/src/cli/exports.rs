//! What is written to standard output as data: nothing but the table, so that it can be piped.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use sync_core::op::{Dot, OpHash};
use sync_core::store::{OpStore as _, SqliteStore, StoreError, hashes};

use crate::app::App;
use crate::error::Error;
use crate::usecases::export_ops::{HEADER, export_ops, line};

/// The log of the server.
pub(super) fn ops(app: &App) -> Result<(), Error> {
    export_ops(app, print)
}

/// What a phone has written and, unless only its own is wanted, what it was sent. The store is opened
/// as the phone opens it.
pub(super) fn phone(store: &Path, own: bool) -> Result<(), Error> {
    if !store.is_file() {
        return Err(Error::Invalid(format!(
            "{} is no file: name the store of a phone, as in doorstep-data/phones/A01.sqlite",
            store.display()
        )));
    }
    let tell = |cause: &dyn std::fmt::Display| {
        Error::Invalid(format!("{} cannot be read as a phone's store: {cause}", store.display()))
    };
    let mut opened = SqliteStore::open(store).map_err(|e| tell(&e))?;
    let mut lines = HEADER.to_owned();
    let held = if own { written(&mut opened) } else { hashes(&mut opened) };
    for (dot, hash) in held.map_err(|e| tell(&e))? {
        let sequence = i64::try_from(dot.sequence.get()).map_err(|e| tell(&e))?;
        line(&mut lines, (i64::from(dot.actor.number()), sequence), hash.as_bytes());
    }
    print(&lines)
}

fn written(store: &mut SqliteStore) -> Result<Vec<(Dot, OpHash)>, StoreError> {
    let own = store.own_ops(0, usize::MAX)?;
    Ok(own.iter().map(|own| (own.op.header.dot, own.op.body.hash())).collect())
}

/// Whoever reads may have had enough, as `head` has: then there is nothing more to do.
fn print(text: &str) -> Result<(), Error> {
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Error::Invalid(format!("standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}
