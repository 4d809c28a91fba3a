//! `doorstep visits import` and `doorstep payments import`.

use std::path::Path;

use super::commands::{count, named};
use super::screen::{Screen, say};
use crate::app::App;
use crate::error::Error;
use crate::progress::Progress as _;
use crate::usecases::import::{ImportedField, Source, import_payments, import_visits};

pub(super) fn visits(app: &App, path: &Path) -> Result<(), Error> {
    import(app, "Visits", path, |source| import_visits(app, source, None))
}

pub(super) fn payments(app: &App, path: &Path) -> Result<(), Error> {
    import(app, "Payments", path, |source| import_payments(app, source, None))
}

fn import(
    app: &App,
    what: &str,
    path: &Path,
    run: impl FnOnce(Source<'_>) -> Result<ImportedField, Error>,
) -> Result<(), Error> {
    let (name, bytes) = named(path)?;
    let screen = Screen::new(0);
    screen.begin(what, None);
    let result = run(Source { name: &name, bytes: &bytes });
    let report_path = app.dir.path().join("import-report.csv");
    match result {
        Ok(done) => {
            screen.end(&summary(&done));
            app.dir.remove(&report_path)?;
            if done.report.warnings() > 0 {
                app.dir.write(&report_path, done.report.to_csv().as_bytes())?;
                say(done.report.to_string().trim_end());
                say(&format!("All warnings: {}", report_path.display()));
            }
            say("Next: doorstep economics --by region");
            Ok(())
        }
        Err(Error::Import(found)) => {
            app.dir.write(&report_path, found.to_csv().as_bytes())?;
            let text = found.to_string();
            Err(Error::Invalid(format!("{text}All problems: {}", report_path.display())))
        }
        Err(other) => Err(other),
    }
}

fn summary(done: &ImportedField) -> String {
    let mut parts = vec![format!("{} new, {} as before", done.inserted, done.unchanged)];
    for (n, noun) in
        [(done.promises, "promise"), (done.payments, "payment"), (done.reversals, "reversal")]
    {
        if n > 0 {
            parts.push(count(n, noun));
        }
    }
    parts.join("; ")
}
