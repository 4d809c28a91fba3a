//! Books for tests: a line has sensible values, a test names only those it is about.

use std::fmt::Write as _;

/// Header of [`cases_csv`].
pub const CASES_HEADER: &str =
    "case_ref,borrower_ref,name,phone,lat,lon,amount_due_minor,dpd,ability_minor,flags";
/// Header of [`agents_csv`].
pub const AGENTS_HEADER: &str =
    "agent_ref,name,base_lat,base_lon,shift_start,shift_end,days,max_visits";

/// A case that is well worth a visit, in Dover, Delaware, unless told otherwise.
#[derive(Debug, Clone)]
pub struct Case {
    case_ref: String,
    borrower_ref: String,
    lat: f64,
    lon: f64,
    due_minor: i64,
    dpd: u32,
    flags: &'static str,
}

impl Case {
    /// A case whose borrower is called as the case is.
    #[must_use]
    pub fn new(case_ref: &str) -> Self {
        Self {
            case_ref: case_ref.into(),
            borrower_ref: format!("B-{case_ref}"),
            lat: 39.158_2,
            lon: -75.524_4,
            due_minor: 900_000,
            dpd: 120,
            flags: "",
        }
    }

    /// Lives there.
    #[must_use]
    pub fn at(self, lat: f64, lon: f64) -> Self {
        Self { lat, lon, ..self }
    }

    /// Owes that, in minor units.
    #[must_use]
    pub fn due(self, due_minor: i64) -> Self {
        Self { due_minor, ..self }
    }

    /// Is that many days past due.
    #[must_use]
    pub fn dpd(self, dpd: u32) -> Self {
        Self { dpd, ..self }
    }

    /// Has those flags.
    #[must_use]
    pub fn flags(self, flags: &'static str) -> Self {
        Self { flags, ..self }
    }

    /// Is another loan of that borrower.
    #[must_use]
    pub fn of(self, borrower_ref: &str) -> Self {
        Self { borrower_ref: borrower_ref.into(), ..self }
    }
}

/// The cases as a file to import.
#[must_use]
pub fn cases_csv(cases: &[Case]) -> String {
    let mut csv = format!("{CASES_HEADER}\n");
    for case in cases {
        let Case { case_ref, borrower_ref, lat, lon, due_minor, dpd, flags } = case;
        let ability = due_minor / 8;
        let _ = writeln!(
            csv,
            "{case_ref},{borrower_ref},Name of {borrower_ref},+1302555,{lat},{lon},{due_minor},{dpd},\
             {ability},{flags}"
        );
    }
    csv
}

/// Agents by reference and base, who work 09:00 to 17:00 on every day.
#[must_use]
pub fn agents_csv(agents: &[(&str, f64, f64)]) -> String {
    let mut csv = format!("{AGENTS_HEADER}\n");
    for (agent_ref, lat, lon) in agents {
        let _ = writeln!(
            csv,
            "{agent_ref},Agent {agent_ref},{lat},{lon},09:00,17:00,mon;tue;wed;thu;fri;sat;sun,20"
        );
    }
    csv
}

/// Twenty-four cases and three agents around Dover: more than one day of three agents holds, some
/// of them not to be visited. Capital and small letters in the references, because databases
/// differ in how they order those.
#[must_use]
pub fn dover() -> (String, String) {
    let refs = ["a", "B", "c", "D", "_e", "F-1", "f 2", "g"];
    let mut cases = Vec::new();
    for n in 0..24_u32 {
        let prefix = refs.get(n as usize % refs.len()).copied().unwrap_or("z");
        let (north, east) = (f64::from(n % 5), f64::from(n % 7));
        let case = Case::new(&format!("{prefix}{n}"))
            .at(39.10 + 0.025 * north, -75.60 + 0.021 * east)
            .due(250_000 + 61_000 * i64::from(n));
        cases.push(match n {
            3 => case.flags("vulnerable"),
            8 => case.dpd(2).due(20_000),
            11 => case.of("B-B1"),
            _ => case,
        });
    }
    let agents = [("K1", 39.16, -75.52), ("k2", 39.11, -75.58), ("L-3", 39.19, -75.49)];
    (cases_csv(&cases), agents_csv(&agents))
}

/// A CSV of one visit to each case, by agent `K1`, at which ten units were paid.
#[must_use]
pub fn paid_visits_csv<'a>(case_refs: impl IntoIterator<Item = &'a str>) -> String {
    let mut csv = String::from(
        "visit_ref,case_ref,agent_ref,arrived_at,met,disposition,paid_minor,payment_method\n",
    );
    for (n, case) in case_refs.into_iter().enumerate() {
        let (hour, minute) = (9 + n / 6, n % 6 * 10);
        csv += &format!(
            "V{n},{case},K1,2026-10-05T{hour:02}:{minute:02},borrower,part_paid,1000,cash\n"
        );
    }
    csv
}
