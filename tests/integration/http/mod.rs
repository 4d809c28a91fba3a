//! The pages of the real `serve`.

mod api;
mod browser;
mod guard;
mod pages;

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

    fn get(&self, path: &str) -> tests::http::Answer {
        tests::http::get(self.server.port, path).unwrap()
    }
}
