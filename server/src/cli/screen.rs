//! What a person at a terminal sees: progress bars, timings, tables of text.
#![expect(clippy::print_stderr, reason = "the terminal is this module's output")]

use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::Stopwatch;
use crate::progress::Progress;

/// Bars on a terminal; one line per finished step everywhere.
#[derive(Debug)]
pub(super) struct Screen {
    running: Mutex<Option<Running>>,
    steps: usize,
}

#[derive(Debug)]
struct Running {
    label: String,
    bar: ProgressBar,
    watch: Stopwatch,
    number: usize,
}

impl Screen {
    /// A screen for `steps` numbered steps, or 0 for steps without numbers.
    pub(super) fn new(steps: usize) -> Self {
        Self { running: Mutex::new(None), steps }
    }

    fn with(&self, f: impl FnOnce(&Running)) {
        let guard = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(running) = guard.as_ref() {
            f(running);
        }
    }

    /// Starts step `number`.
    pub(super) fn step(&self, number: usize, label: &str) {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style(false));
        bar.enable_steady_tick(Duration::from_millis(120));
        bar.set_prefix(label.to_owned());
        let mut guard = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *guard = Some(Running { label: label.into(), bar, watch: Stopwatch::start(), number });
    }
}

impl Progress for Screen {
    fn begin(&self, step: &str, total: Option<u64>) {
        let number = {
            let guard = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            guard.as_ref().map(|running| running.number)
        };
        match number {
            // Within a numbered step this is a part of it.
            Some(_) => self.with(|r| {
                r.bar.set_message(step.to_owned());
                r.bar.set_position(0);
            }),
            None => self.step(0, step),
        }
        if let Some(total) = total {
            self.total(total);
        }
    }

    fn at(&self, done: u64) {
        self.with(|r| r.bar.set_position(done));
    }

    fn total(&self, total: u64) {
        self.with(|r| {
            r.bar.set_length(total);
            r.bar.set_style(style(true));
        });
    }

    fn note(&self, text: &str) {
        self.with(|r| r.bar.set_message(text.to_owned()));
    }

    fn end(&self, summary: &str) {
        let mut guard = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(running) = guard.take() else { return };
        running.bar.finish_and_clear();
        let seconds = running.watch.seconds();
        let label = &running.label;
        if running.number > 0 {
            let step = format!("[{}/{}]", running.number, self.steps);
            say(&format!("{step} {label}: {summary} ({seconds:.1} s)"));
        } else {
            say(&format!("{label}: {summary} ({seconds:.1} s)"));
        }
    }
}

fn style(known: bool) -> ProgressStyle {
    let template = if known {
        "{prefix} {wide_bar} {percent}% {elapsed} {msg}"
    } else {
        "{spinner} {prefix} {elapsed} {msg}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// One line of output. A reader that went away (`| head`) is no error.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The sentence a command failed with.
pub(super) fn complain(sentence: &str) {
    eprintln!("error: {}", sentence.trim_end());
}

/// A number with commas between thousands.
pub(super) fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}

/// Peak resident memory of this process in MiB, where the system tells.
pub(super) fn peak_rss_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(-1_234), "-1,234");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }
}
