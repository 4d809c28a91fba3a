//! From the file to a problem.
use super::format::File;
use super::{Instance, InstanceError, Kind};
use crate::model::{Job, Matrix, Problem, ProblemError, Shift, UNREACHABLE, Window};

/// Above this many points the reference takes `hypot`, below a plain root; ours follows it.
const MANY: usize = 1500;

pub(super) fn instance(file: File) -> Result<Instance, InstanceError> {
    let kind = match file.kind.as_str() {
        "profit" => Kind::Profit,
        "prize" => Kind::Prize,
        other => return Err(refuse("kind", format!("{other:?} is neither profit nor prize"))),
    };
    if file.prize_scale < 1 {
        return Err(refuse("prize_scale", "less than 1"));
    }
    let unit = (1_000_000 / file.prize_scale).max(1);
    let matrix = matrix(&file)?;
    let names = skill_names(&file);
    let number = |name: &String| {
        let at = names.iter().position(|n| n == name).unwrap_or(0);
        u16::try_from(at).map_err(|_| refuse("skills", "more than 65,536 of them"))
    };
    let money = |field: String, x: i64| {
        x.checked_mul(unit).ok_or_else(|| refuse(field, "too large for micro-units"))
    };
    let mut jobs = Vec::with_capacity(file.clients.len());
    for (i, c) in file.clients.iter().enumerate() {
        jobs.push(Job {
            windows: vec![Window::new(c.tw.0, c.tw.1)],
            required: c.required,
            skills: c.skill.iter().map(number).collect::<Result<_, _>>()?,
            demand: vec![c.demand],
            ..Job::new(c.loc, c.service, money(format!("clients[{i}].prize"), c.prize)?)
        });
    }
    let mut shifts = Vec::with_capacity(file.vehicles.len());
    for (k, v) in file.vehicles.iter().enumerate() {
        let mut shift = Shift::new(v.start, v.end, Window::new(v.tw.0, v.tw.1));
        shift.max_duration_s = v.max_dur;
        shift.capacity = vec![(v.capacity > 0).then_some(v.capacity)];
        shift.skills = v.skills.iter().map(number).collect::<Result<_, _>>()?;
        if kind == Kind::Profit {
            shift.cost_per_metre = money(format!("vehicles[{k}].dist_cost"), v.dist_cost)?;
            shift.cost_per_second = money(format!("vehicles[{k}].time_cost"), v.time_cost)?;
            shift.fixed_cost = money(format!("vehicles[{k}].fixed_cost"), v.fixed_cost)?;
        }
        shifts.push(shift);
    }
    let problem = Problem::new(matrix, jobs, shifts)?;
    Ok(Instance { name: file.name, kind, problem, unit })
}

fn refuse(field: impl Into<String>, reason: impl Into<String>) -> InstanceError {
    InstanceError::Field(ProblemError::new(field, reason))
}

fn skill_names(file: &File) -> Vec<String> {
    let mut names: Vec<String> = file.vehicles.iter().flat_map(|v| v.skills.clone()).collect();
    names.extend(file.clients.iter().filter_map(|c| c.skill.clone()));
    names.sort_unstable();
    names.dedup();
    names
}

fn matrix(file: &File) -> Result<Matrix, InstanceError> {
    let n = file.locs.len();
    let (metres, seconds) = match (&file.dist, &file.dur) {
        (Some(dist), dur) => {
            let metres = table("dist", dist, n)?;
            let seconds = dur.as_ref().map_or(Ok(metres.clone()), |d| table("dur", d, n))?;
            (metres, seconds)
        }
        (None, _) => euclid(file)?,
    };
    Ok(Matrix::new(n, seconds, metres)?)
}

fn table(field: &str, rows: &[Vec<i64>], n: usize) -> Result<Vec<u32>, InstanceError> {
    if rows.len() != n || rows.iter().any(|r| r.len() != n) {
        return Err(refuse(field, format!("not a table of {n} by {n}")));
    }
    let cell = |&x: &i64| {
        if x < 0 {
            Err(refuse(field, "negative"))
        } else {
            Ok(u32::try_from(x).unwrap_or(UNREACHABLE))
        }
    };
    rows.iter().flatten().map(cell).collect()
}

fn euclid(file: &File) -> Result<(Vec<u32>, Vec<u32>), InstanceError> {
    let round: fn(f64) -> f64 = match file.rounding.as_str() {
        "floor" => |d| (d + 1e-9).floor(),
        "ceil" => |d| (d - 1e-9).ceil(),
        "round" => f64::round_ties_even,
        other => return Err(refuse("rounding", format!("{other:?} is not floor, ceil or round"))),
    };
    if !(file.speed > 0.0 && file.dist_factor >= 0.0) {
        return Err(refuse("speed", "speed and dist_factor must be positive"));
    }
    let n = file.locs.len();
    let mut metres = Vec::with_capacity(n * n);
    let mut seconds = Vec::with_capacity(n * n);
    for &(x, y) in &file.locs {
        for &(u, v) in &file.locs {
            let (dx, dy) = (x - u, y - v);
            let plain = if n < MANY { (dx * dx + dy * dy).sqrt() } else { libm::hypot(dx, dy) };
            let d = round(plain * file.dist_factor);
            metres.push(whole(d));
            seconds.push(whole((d / file.speed).round_ties_even()));
        }
    }
    Ok((metres, seconds))
}

/// A rounded float as a table entry; what does not fit is no way at all.
fn whole(x: f64) -> u32 {
    u32::try_from(crate::cast::to_i64(x)).unwrap_or(UNREACHABLE)
}
