//! What is wrong with a file: one line per problem, as text and as CSV.

use std::fmt;

use super::finder::LookedUp;
use crate::render::text_cell;

/// Problems shown in the text; the CSV has all.
const SHOWN: usize = 12;
/// Problems kept; a file with more is wrong as a whole.
const KEPT: usize = 10_000;

/// Whether a problem stops the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is imported until it is mended.
    Error,
    /// Imported as it is.
    Warning,
}

/// One problem of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Line of the file, the header being line 1; 0 for the file as a whole.
    pub row: u64,
    /// Column name, empty for the row as a whole.
    pub column: String,
    /// Stable code, for example `not_a_number`.
    pub code: &'static str,
    /// What was found.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// Whether it stops the import.
    pub severity: Severity,
}

/// All problems of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What became of addresses without coordinates.
    pub looked_up: LookedUp,
    problems: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Report {
    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.problems.len() < KEPT {
            self.problems.push(problem);
        }
    }

    /// Number of problems that stop the import.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Number of problems that do not.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// The problems by file and row, at most 10,000.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The report as CSV with the header `file,row,column,severity,code,cause,remedy`.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ =
            writer.write_record(["file", "row", "column", "severity", "code", "cause", "remedy"]);
        for p in &self.problems {
            let row = if p.row == 0 { String::new() } else { p.row.to_string() };
            let _ = writer.write_record([
                p.file.as_str(),
                &row,
                &text_cell(&p.column),
                severity(p.severity),
                p.code,
                &text_cell(&p.cause),
                &p.remedy,
            ]);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errors > 0 {
            writeln!(f, "nothing was imported: {} to mend", count(self.errors, "problem"))?;
        } else {
            writeln!(f, "{}", count(self.warnings, "warning"))?;
        }
        let mut order: Vec<&Problem> = self.problems.iter().collect();
        order.sort_by_key(|p| p.severity);
        for p in order.iter().take(SHOWN) {
            write!(f, "  {}", p.file)?;
            if p.row > 0 {
                write!(f, " row {}", p.row)?;
            }
            if !p.column.is_empty() {
                write!(f, ", {}", p.column)?;
            }
            let word = if p.severity == Severity::Warning { " (warning)" } else { "" };
            writeln!(f, ": {} [{}]{word} {}", p.cause, p.code, p.remedy)?;
        }
        if self.looked_up.refused() > 0 {
            writeln!(f, "  {}", self.looked_up)?;
        }
        if self.problems.len() > SHOWN {
            writeln!(f, "  ... and {} more", self.errors + self.warnings - SHOWN)?;
        }
        Ok(())
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
