//! What can be typed about users, devices and the audit log.

use std::path::PathBuf;

use clap::Subcommand;

use crate::usecases::access::Role;

/// Commands on users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Makes a user and prints a generated password once.
    #[command(after_help = "Example:  doorstep user add --login ann --role agent --agent A07")]
    Add {
        /// What the user types to log in: a to z, 0 to 9 and . _ @ -
        #[arg(long)]
        login: String,
        /// agent, dispatcher, analyst, compliance or admin.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The agent that this user is; for the role agent.
        #[arg(long, value_name = "AGENT_REF")]
        agent: Option<String>,
        /// Full name [default: the login].
        #[arg(long)]
        name: Option<String>,
        /// Reads the password from standard input instead of generating one.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Lists the users.
    #[command(after_help = "Example:  doorstep user list")]
    List,
    /// Keeps a user out from now on; its sessions end.
    #[command(after_help = "Example:  doorstep user disable ann")]
    Disable {
        /// Login of the user.
        login: String,
    },
    /// Gives a user a new password, lifts a lock and ends its sessions.
    #[command(after_help = "Example:  doorstep user password ann")]
    Password {
        /// Login of the user.
        login: String,
        /// Reads the password from standard input instead of generating one.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Commands on devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// Prints a code with which one phone of a user can be enrolled within an hour.
    #[command(after_help = "Example:  doorstep device enrol --user ann")]
    Enrol {
        /// Login of the user.
        #[arg(long, value_name = "LOGIN")]
        user: String,
    },
    /// Lists the devices.
    #[command(after_help = "Example:  doorstep device list")]
    List,
    /// Keeps a device out from now on and tells it to wipe.
    #[command(after_help = "Example:  doorstep device revoke 3")]
    Revoke {
        /// Number of the device.
        actor: u32,
    },
}

/// Commands on the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Recomputes the chain of hashes and names the first entry that does not fit.
    #[command(after_help = "Example:  doorstep audit verify")]
    Verify,
    /// Writes all entries.
    #[command(after_help = "Example:  doorstep audit export --csv audit.csv")]
    Export {
        /// Where to write them.
        #[arg(long, value_name = "FILE")]
        csv: PathBuf,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse()
}
