//! The real program in a process of its own, with an end to everything.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::wait::until;

/// No command of a test may take longer.
const LIMIT: Duration = Duration::from_secs(60);

/// The program on one data directory.
#[derive(Debug, Clone)]
pub struct Doorstep {
    program: PathBuf,
    dir: PathBuf,
    url: Option<String>,
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Done {
    /// Exit code and signal.
    pub status: ExitStatus,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Doorstep {
    /// The program `program` with `--data-dir dir`.
    #[must_use]
    pub fn new(program: &str, dir: &Path) -> Self {
        Self { program: program.into(), dir: dir.to_owned(), url: None }
    }

    /// The same with that `DATABASE_URL`.
    #[must_use]
    pub fn with_url(self, url: Option<&str>) -> Self {
        Self { url: url.map(ToOwned::to_owned), ..self }
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The command line, ready to be changed.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg0("doorstep").arg("--data-dir").arg(&self.dir).args(args);
        // Whatever the environment of the tests says; a backtrace would show if there was one.
        command.env_remove("DATABASE_URL").env_remove("DOORSTEP_LOG").env("RUST_BACKTRACE", "1");
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// It cannot be started or does not end within a minute.
    pub fn run(&self, args: &[&str]) -> Result<Done> {
        finish(&mut self.command(args)).with_context(|| format!("doorstep {}", args.join(" ")))
    }

    /// Runs a command that must succeed, and returns what it printed.
    ///
    /// # Errors
    /// It failed.
    pub fn ok(&self, args: &[&str]) -> Result<String> {
        let done = self.run(args)?;
        if !done.status.success() {
            bail!("doorstep {}: {}\n{}{}", args.join(" "), done.status, done.out, done.err);
        }
        Ok(done.out)
    }

    /// Starts `serve` on a free port and waits until it has said its address.
    ///
    /// # Errors
    /// It ends or says something else.
    pub fn serve(&self) -> Result<Server> {
        self.serve_with(&["serve", "--port", "0"])
    }

    /// Starts `serve --listen` and waits until it has said its address.
    ///
    /// # Errors
    /// It ends or says something else.
    pub fn serve_at(&self, address: &str) -> Result<Server> {
        self.serve_with(&["serve", "--listen", address])
    }

    fn serve_with(&self, args: &[&str]) -> Result<Server> {
        let mut child = Guarded::spawn(&mut self.command(args))?;
        let lines = lines(child.0.stdout.take().context("no standard output")?);
        let said = lines.recv_timeout(LIMIT).context("serve ended or said nothing")?;
        let address = said.split("http://").nth(1).and_then(|rest| rest.split([' ', '/']).next());
        let port = address.and_then(|address| address.rsplit(':').next());
        let port = port.and_then(|port| port.parse().ok());
        Ok(Server { port: port.with_context(|| format!("no port in `{said}`"))?, child })
    }
}

/// A `serve` under way; killed when dropped.
#[derive(Debug)]
pub struct Server {
    /// Its port of 127.0.0.1.
    pub port: u16,
    child: Guarded,
}

impl Server {
    /// Asks it to end as an operating system does, and waits until it has.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn terminate(mut self) -> Result<ExitStatus> {
        let told = Command::new("kill").arg("-TERM").arg(self.child.0.id().to_string()).status()?;
        if !told.success() {
            bail!("kill -TERM: {told}");
        }
        until("the end of serve", Duration::from_secs(20), || Ok(self.child.0.try_wait()?))
    }
}

/// A port of 127.0.0.1 that somebody else has for as long as this lives.
///
/// # Errors
/// There is none left.
pub fn busy_port() -> Result<(TcpListener, u16)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

/// Runs any command to its end, within the limit of tests; what is still running is killed, with
/// everything it started.
///
/// # Errors
/// It cannot be started or does not end in time.
pub fn finish(command: &mut Command) -> Result<Done> {
    let mut child = Guarded::spawn(command.process_group(0))?;
    let out = reader(child.0.stdout.take());
    let err = reader(child.0.stderr.take());
    let ended = until("the end of a command", LIMIT, || Ok(child.0.try_wait()?));
    if ended.is_err() {
        let group = format!("-{}", child.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    }
    drop(child);
    let (out, err) = (text(out), text(err));
    let status = ended.with_context(|| format!("so far: {out}{err}"))?;
    Ok(Done { status, out, err })
}

impl Done {
    /// The exit code, or nothing if a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The signal that ended it, if one did.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

/// A process that does not outlive its owner.
#[derive(Debug)]
struct Guarded(Child);

impl Guarded {
    fn spawn(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Self(command.spawn().with_context(|| format!("cannot run {command:?}"))?))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn reader(stream: Option<impl Read + Send + 'static>) -> Option<JoinHandle<Vec<u8>>> {
    stream.map(|mut stream| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            bytes
        })
    })
}

fn text(reader: Option<JoinHandle<Vec<u8>>>) -> String {
    let bytes = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lines as they come. The rest is read on, so that the writer never waits for a reader.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_end_of_a_command_are_told_apart() {
        let mut command = Command::new("sh");
        let done = finish(command.args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert_eq!(
            (done.code(), done.out.as_str(), done.err.as_str()),
            (Some(3), "out\n", "err\n")
        );
        let done = finish(Command::new("sh").args(["-c", "kill -KILL $$"])).unwrap();
        assert_eq!((done.code(), done.signal()), (None, Some(9)));
    }
}
