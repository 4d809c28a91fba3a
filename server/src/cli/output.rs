//! Where an answer goes: standard output, or a file that is there when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::screen::Screen;
use crate::error::Error;
use crate::progress::{Progress, Silent};

/// Name for messages, and where to write.
pub(super) type Output<'a> = (&'a str, &'a mut dyn Write);

/// Links followed until they are taken to go round in circles.
const MOST_LINKS: usize = 40;

/// Has `work` write to `out`, or to standard output. A regular file is replaced when the answer is complete, behind
/// links if there are any; into pipes and devices it is written straight.
///
/// # Errors
/// `out` is one of `inputs`, or another command is writing it, or it cannot be written; or the work fails.
pub(super) fn output<T>(
    out: Option<&Path>,
    inputs: &[&Path],
    work: impl FnOnce(Output<'_>, &dyn Progress) -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(path) = out else {
        let mut stdout = BufWriter::new(std::io::stdout().lock());
        return work(("standard output", &mut stdout), &Silent);
    };
    let shown = path.display().to_string();
    let failed = |e| Error::io("write", path, e);
    let there = fs::metadata(path).ok();
    let screen = Screen::new(0);
    if there.as_ref().is_some_and(|there| !there.is_file() && !there.is_dir()) {
        let mut file = BufWriter::new(OpenOptions::new().write(true).open(path).map_err(failed)?);
        let done = work((&shown, &mut file), &screen)?;
        file.flush().map_err(failed)?;
        return Ok(done);
    }
    let target = behind_links(path);
    let real = |path: &Path| fs::canonicalize(path).ok();
    if there.is_some() && inputs.iter().any(|input| real(input) == real(&target)) {
        return Err(Error::Invalid(format!(
            "--out {shown} is a file to be read, and would be replaced: choose another name"
        )));
    }
    let part = part_of(&target);
    // Taken over from a command that was ended, refused while one is running.
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&part);
    let file = file.map_err(failed)?;
    if file.try_lock().is_err() {
        return Err(Error::Invalid(format!(
            "another command is writing {shown}: wait for it, or choose another --out"
        )));
    }
    let done = write_part(&file, path, |to| work(to, &screen)).and_then(|done| {
        if let Some(there) = there {
            fs::set_permissions(&part, there.permissions()).map_err(failed)?;
        }
        fs::rename(&part, &target).map_err(failed)?;
        Ok(done)
    });
    if done.is_err() {
        // What is left of a failed attempt only takes space.
        let _ = fs::remove_file(&part);
    }
    done
}

fn write_part<T>(
    file: &File,
    path: &Path,
    work: impl FnOnce(Output<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let failed = |e| Error::io("write", path, e);
    file.set_len(0).map_err(failed)?;
    let mut buffer = BufWriter::new(file);
    let done = work((&path.display().to_string(), &mut buffer))?;
    buffer.flush().map_err(failed)?;
    Ok(done)
}

/// The file that a path means, even where a link points to nothing yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

/// Beside the file, so that it can be renamed.
fn part_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".doorstep.part");
    target.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(out: &Path, inputs: &[&Path], text: &str) -> Result<(), Error> {
        output(Some(out), inputs, |(name, to), _| {
            to.write_all(text.as_bytes()).map_err(|e| Error::io("write", name.as_ref(), e))
        })
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_when_the_answer_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a.csv");
        fs::write(&out, "before").unwrap();
        let failed: Result<(), Error> = output(Some(&out), &[], |(_, to), _| {
            to.write_all(b"half").unwrap();
            Err(Error::Invalid("broken".into()))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&out).unwrap(), "before");
        // Left by a command that was ended: longer than what is written now.
        fs::write(part_of(&out), "0123456789").unwrap();
        write(&out, &[], "after").unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "after");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn two_commands_do_not_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a.csv");
        let other = File::create(part_of(&out)).unwrap();
        other.lock().unwrap();
        let said = write(&out, &[], "x").unwrap_err().to_string();
        assert!(said.contains("another command is writing"), "{said}");
        assert!(part_of(&out).exists(), "it is the other's");
    }

    #[test]
    fn what_is_read_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("points.csv");
        fs::write(&input, "id,lat,lon").unwrap();
        let around = folder.path().join(".").join("points.csv");
        let said = write(&around, &[&input], "x").unwrap_err().to_string();
        assert!(said.contains("would be replaced"), "{said}");
        assert_eq!(fs::read_to_string(&input).unwrap(), "id,lat,lon");
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_lead_to_the_answer() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (link, file) = (folder.path().join("link.csv"), folder.path().join("file.csv"));
        symlink("file.csv", &link).unwrap();
        for text in ["the link points to nothing yet", "now to a file"] {
            write(&link, &[], text).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        }
        let said = write(&link, &[&file], "x").unwrap_err().to_string();
        assert!(said.contains("would be replaced"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_written_and_not_replaced() {
        use std::os::unix::fs::{FileTypeExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("null");
        symlink("/dev/null", &link).unwrap();
        write(&link, &[], "gone").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert_eq!(names(folder.path()), ["null"]);
    }
}
