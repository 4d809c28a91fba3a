//! The API on an installation of a test, with a client logged in for each role.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use server::app::App;
use server::clock::Clock;
use server::http::{Bound, Running, start};
use server::ids::IdSource;
use server::travel::Travel;
use server::usecases::access::Role;
use server::usecases::passwords::Cost;
use server::usecases::users::{NewUser, add_user};

use crate::book::dover;
use crate::database::Database;
use crate::http::{Answer, send};
use crate::installation::{Installation, NOW};

/// The password of every user of a test.
pub const PASSWORD: &str = "seven wild geese";

/// A server of the API with a small book and one user per role, each called as the role is.
#[derive(Debug)]
pub struct Site {
    /// The installation, for use cases beside the server.
    pub office: Installation,
    server: Running,
    dir: PathBuf,
    url: Option<String>,
    /// Kept where nobody else keeps it.
    _database: Option<Database>,
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub struct Client {
    port: u16,
    /// The bearer token.
    pub token: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
}

impl Site {
    /// On a SQLite file of its own, which goes with it.
    ///
    /// # Errors
    /// Something of it cannot be made.
    pub fn sqlite() -> Result<Self> {
        let database = Database::sqlite()?;
        let site = Self::new(&database)?;
        Ok(Self { _database: Some(database), ..site })
    }

    /// In the data directory of `database`, which must be empty.
    ///
    /// # Errors
    /// Something of it cannot be made.
    pub fn new(database: &Database) -> Result<Self> {
        Self::another(database, ".", 1)
    }

    /// One of several in the same database, in the folder `name` of its data directory.
    ///
    /// # Errors
    /// Something of it cannot be made.
    pub fn another(database: &Database, name: &str, seed: u64) -> Result<Self> {
        let office = Installation::another(database, name, seed)?;
        let (cases, agents) = dover();
        office.import(&cases, &agents)?;
        for role in Role::ALL {
            let new = NewUser {
                login: role.label(),
                name: "Somebody",
                role,
                agent_ref: (role == Role::Agent).then_some("K1"),
                password: Some(PASSWORD),
            };
            add_user(&office.app, None, &new, Cost::FOR_TESTS)?;
        }
        let dir = office.dir().path().to_owned();
        let url = database.url().map(ToOwned::to_owned);
        let server = serve(&dir, url.as_deref(), NOW.parse()?, 1_000 + seed)?;
        Ok(Self { office, server, dir, url, _database: None })
    }

    /// Its port of 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// Another server of the same installation, whose clock is that much later. Seeds of ids must
    /// differ between servers of one test.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn later(&self, by: Duration, seed: u64) -> Result<Later> {
        let now = self.at(by)?;
        let server = serve(&self.dir, self.url.as_deref(), now, 2_000 + seed)?;
        Ok(Later { server })
    }

    /// The installation with a clock that is that much later.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn app_later(&self, by: Duration, seed: u64) -> Result<App> {
        let ids = IdSource::seeded(Clock::Fixed(self.at(by)?), 3_000 + seed);
        Ok(App::open(&self.dir, self.url.as_deref(), ids)?)
    }

    fn at(&self, by: Duration) -> Result<Timestamp> {
        let now: Timestamp = NOW.parse()?;
        Ok(now.checked_add(by)?)
    }

    /// Somebody without a token.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client { port: self.port(), token: None, refresh_token: None }
    }

    /// The user of a role, logged in.
    ///
    /// # Errors
    /// It cannot log in.
    pub fn client(&self, role: Role) -> Result<Client> {
        self.anonymous().sign_in(role.label(), PASSWORD)
    }

    /// The administrator, logged in.
    ///
    /// # Errors
    /// It cannot log in.
    pub fn admin(&self) -> Result<Client> {
        self.client(Role::Admin)
    }
}

/// A further server of a [`Site`].
#[derive(Debug)]
pub struct Later {
    server: Running,
}

impl Later {
    /// Somebody without a token.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client { port: self.server.address.port(), token: None, refresh_token: None }
    }

    /// Somebody with the tokens of `client`.
    #[must_use]
    pub fn as_client(&self, client: &Client) -> Client {
        Client { port: self.server.address.port(), ..client.clone() }
    }
}

fn serve(dir: &std::path::Path, url: Option<&str>, now: Timestamp, seed: u64) -> Result<Running> {
    let app = App::open(dir, url, IdSource::seeded(Clock::Fixed(now), seed))?;
    let travel = Travel::open(&app.dir, &app.settings.planning)?;
    Ok(start(Arc::new(app), Arc::new(travel), Bound::to(0)?)?)
}

impl Client {
    /// The same with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// Logs in.
    ///
    /// # Errors
    /// It is refused.
    pub fn sign_in(&self, login: &str, password: &str) -> Result<Self> {
        let answer = self.post("/sessions", &json!({ "login": login, "password": password }))?;
        if answer.status != 201 {
            bail!("{login} cannot log in: {}", answer.body);
        }
        self.after(&answer)
    }

    /// The client that goes on with the tokens of an answer.
    ///
    /// # Errors
    /// There are none.
    pub fn after(&self, answer: &Answer) -> Result<Self> {
        let tokens = answer.json()?;
        let text =
            |name: &str| tokens[name].as_str().map(ToOwned::to_owned).context(tokens.clone());
        Ok(Self {
            port: self.port,
            token: Some(text("access_token")?),
            refresh_token: Some(text("refresh_token")?),
        })
    }

    /// `GET` below `/api/v1`.
    ///
    /// # Errors
    /// No answer.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, None, b"")
    }

    /// `POST` of JSON.
    ///
    /// # Errors
    /// No answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes())
    }

    /// `DELETE`.
    ///
    /// # Errors
    /// No answer.
    pub fn delete(&self, path: &str) -> Result<Answer> {
        self.send("DELETE", path, None, b"")
    }

    /// Anything.
    ///
    /// # Errors
    /// No answer.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Answer> {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = Vec::new();
        headers.extend(bearer.as_deref().map(|value| ("Authorization", value)));
        headers.extend(content_type.map(|value| ("Content-Type", value)));
        send(self.port, method, &format!("/api/v1{path}"), &headers, body)
    }
}

/// Status and code of a problem, or the status alone of what is none.
///
/// # Errors
/// A problem that is not one.
pub fn outcome(answer: &Answer) -> Result<(u16, String)> {
    if answer.status < 400 {
        return Ok((answer.status, String::new()));
    }
    if answer.header("content-type") != "application/problem+json" {
        bail!("{} without a problem: {}", answer.status, answer.body);
    }
    let problem = answer.json()?;
    if problem["status"] != answer.status || problem["detail"].as_str().unwrap_or("").is_empty() {
        bail!("an incomplete problem: {problem}");
    }
    Ok((answer.status, problem["code"].as_str().context("no code")?.to_owned()))
}
