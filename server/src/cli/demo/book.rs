//! The demo's book: real overdue accounts paired at random with real buildings.
//!
//! Everything drawn here is synthetic and said to be so; the seed is printed.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use roads::{Site, SiteKind};

use crate::error::Error;

/// Agents of the demo.
pub(super) const AGENTS: usize = 12;

const ACCOUNTS: &str = include_str!("../../../demo-data/accounts.csv");

const GIVEN: [&str; 16] = [
    "Alva", "Bryn", "Cleo", "Dara", "Elio", "Fenn", "Gale", "Hollis", "Indy", "Jori", "Kit",
    "Lior", "Marlo", "Noor", "Ode", "Perrin",
];
const FAMILY: [&str; 16] = [
    "Ashdown",
    "Birk",
    "Corvane",
    "Dellow",
    "Estwick",
    "Farrow",
    "Grendon",
    "Hartle",
    "Inskip",
    "Jarrold",
    "Kestle",
    "Lanyon",
    "Mossgrove",
    "Northam",
    "Oakley",
    "Penrow",
];

/// The demo's two files, in the format of `doorstep import`.
#[derive(Debug)]
pub(super) struct DemoBook {
    pub(super) cases_csv: String,
    pub(super) agents_csv: String,
}

/// One overdue account of the data set.
struct Account<'a> {
    id: &'a str,
    months: i64,
    bill: i64,
    paid: Vec<i64>,
}

/// Pairs accounts and sites. The same seed, sites and date give the same book.
pub(super) fn pair(sites: &[Site], seed: u64, date: Date) -> Result<DemoBook, Error> {
    let accounts = accounts()?;
    if sites.len() < accounts.len() + AGENTS {
        return Err(Error::Invalid(format!(
            "the extract has {} buildings and addresses, {} are needed",
            sites.len(),
            accounts.len() + AGENTS
        )));
    }
    let mut draw = Draw(Xoshiro256PlusPlus::seed_from_u64(seed));
    let places = draw.distinct(accounts.len() + AGENTS, sites.len());
    let mut cases_csv = String::from(
        "case_ref,borrower_ref,name,phone,lat,lon,address,amount_due_minor,principal_minor,dpd,\
         last_payment_at,last_payment_minor,ability_minor,language,time_zone,visit_from,visit_to,flags\n",
    );
    for (account, place) in accounts.iter().zip(&places) {
        if let Some(site) = sites.get(*place) {
            case_line(&mut cases_csv, account, site, date, &mut draw);
        }
    }
    let mut agents_csv = String::from(
        "agent_ref,name,base_lat,base_lon,end_lat,end_lon,shift_start,shift_end,days,languages,\
         skills,max_visits\n",
    );
    for (at, place) in places.iter().skip(accounts.len()).enumerate() {
        if let Some(site) = sites.get(*place) {
            agent_line(&mut agents_csv, at, site, &mut draw);
        }
    }
    Ok(DemoBook { cases_csv, agents_csv })
}

fn accounts() -> Result<Vec<Account<'static>>, Error> {
    let bad = |line: &str| Error::Invalid(format!("demo accounts: cannot read `{line}`"));
    ACCOUNTS
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |at: usize| -> Result<i64, Error> {
                cells.get(at).and_then(|c| c.parse().ok()).ok_or_else(|| bad(line))
            };
            let paid = (3..9).map(number).collect::<Result<Vec<_>, _>>()?;
            let id = cells.first().copied().ok_or_else(|| bad(line))?;
            Ok(Account { id, months: number(1)?, bill: number(2)?, paid })
        })
        .collect()
}

/// Mapping: DPD = 30 x months overdue, amount due = the last bill, ability = mean of the payments of
/// six months, last payment = the newest month with one.
fn case_line(csv: &mut String, account: &Account<'_>, site: &Site, date: Date, draw: &mut Draw) {
    let ability = account.paid.iter().sum::<i64>() * 100 / 6;
    let last = account.paid.iter().position(|paid| *paid > 0);
    let (paid_at, paid_minor) = match last {
        Some(months) => {
            let days = 20 + 30 * i64::try_from(months).unwrap_or(0);
            let on = date.checked_sub(days.days()).unwrap_or(date);
            (on.to_string(), account.paid.get(months).map_or(0, |p| p * 100).to_string())
        }
        None => (String::new(), String::new()),
    };
    let name = format!("{} {}", draw.pick(&GIVEN), draw.pick(&FAMILY));
    // 555-0100 to 555-0199 are reserved for fiction.
    let phone = if draw.chance(90) {
        format!("+1-302-555-01{:02}", draw.below(100))
    } else {
        String::new()
    };
    let language = if draw.chance(8) { "es" } else { "en" };
    let (from, to) = match draw.below(100) {
        0..=6 => ("08:00", "12:00"),
        7..=13 => ("13:00", "17:00"),
        14..=21 => ("17:00", "21:00"),
        _ => ("", ""),
    };
    let flags = match draw.below(1000) {
        0..=14 => "vulnerable",
        15..=24 => "dispute",
        25..=29 => "bereaved",
        30..=44 => "hardship",
        45..=49 => "no_contact",
        _ => "",
    };
    let due = account.bill * 100;
    let _ = writeln!(
        csv,
        "C{id:0>5},B{id:0>5},{name},{phone},{lat:.7},{lon:.7},{address},{due},,{dpd},{paid_at},\
         {paid_minor},{ability},{language},,{from},{to},{flags}",
        id = account.id,
        lat = site.at.lat,
        lon = site.at.lon,
        address = quoted(&address(site)),
        dpd = account.months * 30,
    );
}

fn agent_line(csv: &mut String, at: usize, site: &Site, draw: &mut Draw) {
    let (start, end) = match at % 4 {
        0 | 1 => ("08:30", "16:30"),
        2 => ("10:00", "18:00"),
        _ => ("12:00", "20:00"),
    };
    let languages = if at.is_multiple_of(3) { "en;es" } else { "en" };
    let name = format!("{} {}", draw.pick(&GIVEN), draw.pick(&FAMILY));
    let _ = writeln!(
        csv,
        "A{:02},{name},{:.7},{:.7},,,{start},{end},mon;tue;wed;thu;fri,{languages},,22",
        at + 1,
        site.at.lat,
        site.at.lon
    );
}

fn address(site: &Site) -> String {
    match (site.kind, &site.house_number, &site.street) {
        (SiteKind::Address, Some(number), Some(street)) => {
            let city = site.city.as_deref().map(|city| format!(", {city}")).unwrap_or_default();
            format!("{number} {street}{city}")
        }
        _ => String::new(),
    }
}

fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    if clean.is_empty() { clean } else { format!("\"{}\"", clean.replace('"', "\"\"")) }
}

/// Random draws of small integers.
struct Draw(Xoshiro256PlusPlus);

impl Draw {
    /// A number below `n`, by multiplication: the bias of 2^-32 does not matter here.
    fn below(&mut self, n: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// True in `percent` of a hundred draws.
    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let n = u32::try_from(from.len()).unwrap_or(0);
        from.get(self.below(n) as usize).copied().unwrap_or("")
    }

    /// `count` different indices below `n`, in random order (Fisher and Yates).
    fn distinct(&mut self, count: usize, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        for at in 0..count.min(n) {
            let left = u32::try_from(n - at).unwrap_or(u32::MAX);
            all.swap(at, at + self.below(left) as usize);
        }
        all.truncate(count);
        all
    }
}
