//! Commands on users, devices, the audit log, and the worker.

mod args;

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use sync_core::op::Actor;

use super::commands::{count, open};
use super::screen::say;
use crate::app::App;
use crate::error::Error;
use crate::usecases::audit::{self, Verified};
use crate::usecases::devices::{self, Device};
use crate::usecases::passwords::Cost;
use crate::usecases::users::{self, Added, NewUser, User};
use crate::worker;

pub(super) use args::{AuditCommand, DeviceCommand, UserCommand};

/// Rows that are read at once.
const CHUNK: i64 = 500;

/// Makes the first administrator of a new installation and shows the password.
pub(super) fn first_admin(app: &App, login: &str) -> Result<(), Error> {
    if let Some(added) = users::first_admin(app, login, Cost::STANDARD)? {
        show_password(&added.user.login, added.password.as_deref());
    }
    Ok(())
}

/// Says how to make the first administrator where there is no user yet.
pub(super) fn hint_first_admin(app: &App) -> Result<(), Error> {
    if users::list_users(app, None, 1)?.is_empty() {
        say("There is no user yet: doorstep user add --login admin --role admin");
    }
    Ok(())
}

pub(super) fn user(cli: &super::Cli, command: &UserCommand) -> Result<(), Error> {
    let app = open(cli)?;
    match command {
        UserCommand::Add { login, role, agent, name, password_stdin } => {
            let password = chosen(*password_stdin)?;
            let new = NewUser {
                login,
                name: name.as_deref().unwrap_or(login),
                role: *role,
                agent_ref: agent.as_deref(),
                password: password.as_deref(),
            };
            let Added { user, password } = users::add_user(&app, None, &new, Cost::STANDARD)?;
            say(&format!("Made {} {}.", user.role, user.login));
            show_password(&user.login, password.as_deref());
        }
        UserCommand::List => list_users(&app)?,
        UserCommand::Disable { login } => {
            let id = users::user_of_login(&app, login)?.id;
            let changed = users::disable_user(&app, None, id)?;
            say(&if changed {
                format!("{login} is disabled; its sessions are over.")
            } else {
                format!("{login} was disabled before.")
            });
        }
        UserCommand::Password { login, password_stdin } => {
            let id = users::user_of_login(&app, login)?.id;
            let chosen = chosen(*password_stdin)?;
            let made = users::reset_password(&app, None, id, chosen.as_deref(), Cost::STANDARD)?;
            say(&format!("{login} has a new password; its sessions are over."));
            show_password(login, made.as_deref());
        }
    }
    Ok(())
}

pub(super) fn device(cli: &super::Cli, command: &DeviceCommand) -> Result<(), Error> {
    let app = open(cli)?;
    match command {
        DeviceCommand::Enrol { user } => {
            let id = users::user_of_login(&app, user)?.id;
            let made = devices::make_code(&app, None, id)?;
            let until = made.expires_at.strftime("%Y-%m-%d %H:%M:%S UTC");
            say(&format!(
                "Code for one device of {user}, until {until}; type it into the app on the phone:"
            ));
            say(&made.code);
        }
        DeviceCommand::List => list_devices(&app)?,
        DeviceCommand::Revoke { actor } => {
            let changed = devices::revoke_device(&app, None, Actor::new(*actor))?;
            say(&if changed {
                format!("Device {actor} is revoked; at its next hello it is told to wipe.")
            } else {
                format!("Device {actor} was revoked before.")
            });
        }
    }
    Ok(())
}

pub(super) fn audit(cli: &super::Cli, command: &AuditCommand) -> Result<(), Error> {
    let app = open(cli)?;
    match command {
        AuditCommand::Verify => match audit::verify(&app)? {
            Verified::Whole { entries, hash } => {
                let entries = usize::try_from(entries).unwrap_or(usize::MAX);
                say(&format!("The audit log is whole: {}.", count(entries, "entry")));
                say(&format!("Hash of the last one: {hash}"));
                Ok(())
            }
            Verified::Broken { number, why } => Err(Error::Invalid(format!(
                "the audit log is broken at entry {number}: {why}. Compare with a backup or an earlier \
                 `doorstep audit export`"
            ))),
        },
        AuditCommand::Export { csv } => export(&app, csv),
    }
}

fn export(app: &App, path: &Path) -> Result<(), Error> {
    let failed = |e| Error::io("write", path, e);
    let mut file = std::fs::File::create(path).map_err(failed)?;
    let last = audit::export(app, |bytes| file.write_all(bytes).map_err(failed))?;
    file.sync_all().map_err(failed)?;
    let entries = usize::try_from(last).unwrap_or(usize::MAX);
    say(&format!("Wrote {} to {}.", count(entries, "entry"), path.display()));
    Ok(())
}

pub(super) fn worker(cli: &super::Cli, once: bool) -> Result<(), Error> {
    let app = open(cli)?;
    if once {
        let ran = worker::run_due(&app)?;
        say(&format!("{} done, {} failed.", count(ran.done, "job"), ran.failed));
        return Ok(());
    }
    say("Working (stop with Ctrl-C)");
    worker::run(&app)
}

/// The password on standard input, where one was announced.
fn chosen(announced: bool) -> Result<Option<String>, Error> {
    if !announced {
        return Ok(None);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| Error::io("read", Path::new("standard input"), e))?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn show_password(login: &str, password: Option<&str>) {
    if let Some(password) = password {
        say(&format!("Password of {login}, shown only now: {password}"));
    }
}

fn list_users(app: &App) -> Result<(), Error> {
    say(&format!("{:<24} {:<11} {:<12} {:<9} name", "login", "role", "agent", "state"));
    let mut after = None;
    loop {
        let users = users::list_users(app, after, CHUNK)?;
        let Some(last) = users.last() else { return Ok(()) };
        after = Some(last.id);
        for user in &users {
            let agent = user.agent_ref.as_deref().unwrap_or("-");
            let (login, role, name) = (&user.login, user.role.label(), &user.name);
            say(&format!("{login:<24} {role:<11} {agent:<12} {:<9} {name}", state(app, user)));
        }
    }
}

fn state(app: &App, user: &User) -> &'static str {
    if user.disabled_at.is_some() {
        "disabled"
    } else if user.locked_until.is_some_and(|until| app.ids.clock().now() < until) {
        "locked"
    } else {
        "active"
    }
}

fn list_devices(app: &App) -> Result<(), Error> {
    say(&format!("{:>6} {:<24} {:<9} {:>7} {:<21} name", "actor", "user", "state", "ops", "seen"));
    let mut after = 0;
    loop {
        let devices = devices::list_devices(app, None, after, CHUNK)?;
        let Some(last) = devices.last() else { return Ok(()) };
        after = i64::from(last.actor.number());
        for device in &devices {
            let Device { actor, sequence, name, .. } = device;
            let login = users::find_user(app, device.user)?.login;
            let seen = device
                .seen_at
                .map_or_else(|| "never".into(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
            let state = match (device.revoked_at, device.forked_at) {
                (Some(_), _) => "revoked",
                (None, Some(_)) => "forked",
                (None, None) => "active",
            };
            let number = actor.number();
            say(&format!("{number:>6} {login:<24} {state:<9} {sequence:>7} {seen:<21} {name}"));
        }
    }
}
