//! A CSV file as rows under known columns. Everything about the file's form is checked here.

use super::report::{Problem, Report, Severity};

/// A column of a format.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the header must have it.
    pub required: bool,
    /// Of a coordinate the other one and the address that may stand for both.
    pub place: Option<(&'static str, &'static str)>,
}

impl Column {
    /// Whether a header lacks it. One coordinate without the other is a slip, whatever else is there.
    fn is_missing(&self, header: &[String]) -> bool {
        let has = |name: &str| header.iter().any(|column| column == name);
        let needed = match self.place {
            Some((other, address)) => has(other) || !has(address),
            None => self.required,
        };
        needed && !has(self.name)
    }
}

/// A row of a format's table of columns.
pub(super) const fn column(name: &'static str, required: bool) -> Column {
    Column { name, required, place: None }
}

/// One coordinate: the header must have it, or the address and neither coordinate.
pub(super) const fn coordinate(
    name: &'static str,
    other: &'static str,
    address: &'static str,
) -> Column {
    Column { name, required: false, place: Some((other, address)) }
}

/// Rows of a file, each with its line number and its cells in the order of the format.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Columns of the format that the file does not have.
    pub(super) absent: Vec<&'static str>,
    pub(super) rows: Vec<(u64, Vec<String>)>,
}

/// Most bytes of one file; a book of a million cases is a tenth of it.
const LARGEST: usize = 1 << 30;

/// Reads `bytes`; problems of the file's form go to `report`.
pub(super) fn read(file: &str, bytes: &[u8], columns: &[Column], report: &mut Report) -> Table {
    let mut whole = |code, cause: String, remedy: &str| {
        report.add(Problem {
            file: file.into(),
            row: 0,
            column: String::new(),
            code,
            cause,
            remedy: remedy.into(),
            severity: Severity::Error,
        });
    };
    if bytes.len() > LARGEST {
        whole("too_large", format!("{} MiB", bytes.len() >> 20), "split it into several files");
        return Table::default();
    }
    if bytes.starts_with(b"PK\x03\x04") {
        whole(
            "excel",
            "this is an Excel workbook, not a CSV".into(),
            "in Excel choose Save As, CSV UTF-8 (comma delimited)",
        );
        return Table::default();
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|b| **b == b'\n').count();
            whole(
                "not_utf8",
                format!("line {line} holds bytes that are not UTF-8"),
                "save the file as CSV in UTF-8",
            );
            return Table::default();
        }
    };
    let Some(header) = text.lines().find(|line| !line.trim().is_empty()) else {
        whole(
            "empty_file",
            "there is not even a header".into(),
            "the first line names the columns",
        );
        return Table::default();
    };
    if !header.contains(',') && (header.contains(';') || header.contains('\t')) {
        whole(
            "delimiter",
            "the header is separated by something else than commas".into(),
            "save the file with commas between columns; lists within a cell use semicolons",
        );
        return Table::default();
    }
    rows_of(file, text, columns, report)
}

fn rows_of(file: &str, text: &str, columns: &[Column], report: &mut Report) -> Table {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(ToOwned::to_owned).collect(),
        Err(error) => {
            report.add(form(file, 1, "header", error.to_string(), "mend the first line"));
            return Table::default();
        }
    };
    let Some(places) = match_header(file, &header, columns, report) else {
        return Table::default();
    };
    let mut table = Table { absent: absent(columns, &places), ..Table::default() };
    let mut lines = Lines::new(text.as_bytes());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let row = lines.of(record.position().map_or(0, csv::Position::byte));
                if record.iter().all(str::is_empty) {
                    continue;
                }
                if record.len() != header.len() {
                    report.add(form(
                        file,
                        row,
                        "row_length",
                        format!("{} cells under {} columns", record.len(), header.len()),
                        "put text with commas in double quotes, and keep empty cells",
                    ));
                    continue;
                }
                let cells = places
                    .iter()
                    .map(|place| place.and_then(|at| record.get(at)).unwrap_or("").to_owned())
                    .collect();
                table.rows.push((row, cells));
            }
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                report.add(form(file, row, "csv", error.to_string(), "mend this line"));
                break;
            }
        }
    }
    if table.rows.is_empty() && report.errors() == 0 {
        report.add(form(
            file,
            0,
            "no_rows",
            "there is a header and nothing below it".into(),
            "add one line per record",
        ));
    }
    table
}

/// Line numbers of records. The reader's own stand before a line's end and before blank lines.
pub(in crate::usecases) struct Lines<'a> {
    bytes: &'a [u8],
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(in crate::usecases) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, byte: 0, line: 1 }
    }

    /// The line of the first character of a record that starts at or after `byte`; bytes must grow.
    pub(in crate::usecases) fn of(&mut self, byte: u64) -> u64 {
        let bytes = self.bytes;
        let mut start = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len());
        while bytes.get(start).is_some_and(|b| matches!(b, b'\r' | b'\n')) {
            start += 1;
        }
        let between = bytes.get(self.byte..start).unwrap_or_default();
        self.line += between.iter().filter(|b| **b == b'\n').count() as u64;
        self.byte = start;
        self.line
    }
}

fn absent(columns: &[Column], places: &[Option<usize>]) -> Vec<&'static str> {
    columns.iter().zip(places).filter(|(_, at)| at.is_none()).map(|(c, _)| c.name).collect()
}

/// Where each column of the format stands in the file, or nothing if the header is unusable.
fn match_header(
    file: &str,
    header: &[String],
    columns: &[Column],
    report: &mut Report,
) -> Option<Vec<Option<usize>>> {
    let before = report.errors();
    for (at, name) in header.iter().enumerate() {
        if header.iter().take(at).any(|earlier| earlier == name) {
            report.add(named(
                file,
                name,
                "duplicate_column",
                "stands twice in the header",
                "remove one".into(),
            ));
        } else if !columns.iter().any(|column| column.name == name) {
            let near = nearest(name, columns.iter().map(|column| column.name));
            let remedy = near.map_or_else(
                || {
                    let all: Vec<_> = columns.iter().map(|column| column.name).collect();
                    format!("known columns: {}", all.join(", "))
                },
                |near| format!("did you mean `{near}`?"),
            );
            report.add(named(file, name, "unknown_column", "is not a known column", remedy));
        }
    }
    for column in columns.iter().filter(|column| column.is_missing(header)) {
        let or = column.place.map_or_else(String::new, |(_, address)| {
            format!(", or `{address}` instead of both coordinates")
        });
        let remedy = format!("add it{or}; the first line of the file names the columns");
        report.add(named(file, column.name, "missing_column", "is missing in the header", remedy));
    }
    (report.errors() == before)
        .then(|| columns.iter().map(|c| header.iter().position(|name| name == c.name)).collect())
}

/// The known name closest to `name`, if any is close enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = name.to_lowercase().replace([' ', '-', '.'], "_");
    known
        .map(|candidate| (strsim::jaro_winkler(&plain, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn form(file: &str, row: u64, code: &'static str, cause: String, remedy: &str) -> Problem {
    Problem {
        file: file.into(),
        row,
        column: String::new(),
        code,
        cause,
        remedy: remedy.into(),
        severity: Severity::Error,
    }
}

fn named(file: &str, name: &str, code: &'static str, cause: &str, remedy: String) -> Problem {
    let cause = format!("`{name}` {cause}");
    Problem { column: name.into(), ..form(file, 1, code, cause, &remedy) }
}
