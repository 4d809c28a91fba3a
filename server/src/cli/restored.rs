//! `doorstep restored`.

use super::screen::say;
use crate::app::App;
use crate::error::Error;
use crate::usecases::restored::restored;

pub(super) fn run(app: &App) -> Result<(), Error> {
    let epoch = restored(app)?;
    say(&format!(
        "Epoch {epoch}: at their next exchange all phones send again what is not known here,"
    ));
    say(
        "and take all their cases anew. What the office wrote since the backup has to be written again.",
    );
    Ok(())
}
