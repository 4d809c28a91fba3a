//! The pages of the real `serve`.

mod api;
mod browser;
mod guard;
mod pages;

use server::usecases::import::{Source, import_visits};
use tempfile::TempDir;
use tests::installation::Installation;
use tests::program::{Doorstep, Server};

use crate::PROGRAM;

/// A `serve` under way on a data directory that goes with it.
struct Site {
    server: Server,
    dir: TempDir,
}

impl Site {
    /// Of a fresh installation, without a plan.
    fn empty() -> Self {
        let dir = TempDir::with_prefix("doorstep-http-").unwrap();
        let doorstep = Doorstep::new(PROGRAM, dir.path());
        doorstep.ok(&["init", "--currency", "USD", "--time-zone", "America/New_York"]).unwrap();
        Self { server: doorstep.serve().unwrap(), dir }
    }

    /// With the plan of a small book whose names try to break out of the page.
    fn with_plan() -> Self {
        let site = Self::empty();
        site.plan(3);
        site
    }

    /// Imports and plans while the server runs, as a user does in another window. Another seed
    /// gives other ids.
    fn plan(&self, seed: u64) {
        let doorstep = Installation::open(self.dir.path(), None, seed).unwrap();
        let (cases, agents) = tests::book::dover();
        let agents = agents.replace("Agent ", "<script>alert(1)</script> ");
        let cases = cases.replace("Name of", "<img src=x onerror=alert(2)>");
        doorstep.import(&cases, &agents).unwrap();
        doorstep.score().unwrap();
        doorstep.territories().unwrap();
        doorstep.plan().unwrap();
    }

    /// A visit to every case at which ten units were paid.
    fn visits(&self) {
        let doorstep = Installation::open(self.dir.path(), None, 4).unwrap();
        let cases = doorstep.app.store.cases(doorstep.app.org).unwrap();
        let csv = tests::book::paid_visits_csv(cases.iter().map(|case| case.case_ref.as_str()));
        let source = Source { name: "visits.csv", bytes: csv.as_bytes() };
        assert_eq!(import_visits(&doorstep.app, source, None).unwrap().inserted, 24);
    }

    fn get(&self, path: &str) -> tests::http::Answer {
        tests::http::get(self.server.port, path).unwrap()
    }
}
