//! Who runs the cluster: ourselves, or an unprivileged user where we are root.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// The user the server's processes belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Whoever runs the tests.
    Ourselves,
    /// Somebody root becomes: user and group.
    Other(u32, u32),
}

/// Nobody but root needs another user.
pub(super) fn of_cluster() -> Result<Owner> {
    if !crate::is_root()? {
        return Ok(Owner::Ourselves);
    }
    let users = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let (user, group) = find(&users, &["postgres", "nobody"])
        .context("there is neither a user postgres nor a user nobody to run PostgreSQL as")?;
    Ok(Owner::Other(user, group))
}

/// User and group of the first of `names` that `/etc/passwd` has.
fn find(users: &str, names: &[&str]) -> Option<(u32, u32)> {
    names.iter().find_map(|name| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == *name).then_some(())?;
            let mut numbers = fields.skip(1).map(|field| field.parse().ok());
            Some((numbers.next()??, numbers.next()??))
        })
    })
}

impl Owner {
    /// A new folder of this user, closed to all others, with a path short enough for a socket.
    pub(super) fn folder(self) -> Result<PathBuf> {
        let parent = match self {
            Self::Ourselves => std::env::temp_dir(),
            // The temporary folder of root may be closed to others; this one is everybody's.
            Self::Other(..) => PathBuf::from("/tmp"),
        };
        let made = tempfile::Builder::new().prefix("doorstep-pg-").tempdir_in(&parent);
        let made = made.with_context(|| format!("cannot write in {}", parent.display()))?.keep();
        std::fs::set_permissions(&made, std::fs::Permissions::from_mode(0o700))?;
        if let Self::Other(user, group) = self {
            std::os::unix::fs::chown(&made, Some(user), Some(group))?;
        }
        Ok(made)
    }

    pub(super) fn become_by(self, command: &mut Command) {
        if let Self::Other(user, group) = self {
            command.uid(user).gid(group);
        }
    }
}

/// The owner of a path.
pub(crate) fn of(path: &Path) -> Result<u32> {
    Ok(std::fs::metadata(path)?.uid())
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_first_name_known_is_taken() {
        let users =
            "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/x\npostgres:x:101:104::/:/x";
        assert_eq!(find(users, &["postgres", "nobody"]), Some((101, 104)));
        assert_eq!(find(users, &["pg", "nobody"]), Some((65534, 65533)));
        assert_eq!(find(users, &["pg"]), None);
    }
}
