//! From the file to a problem.
use super::format::File;
use super::{Instance, InstanceError, Kind};
use crate::along_curve;
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
    let (matrix, numbers) = matrix(&file)?;
    // What the file does not have keeps its number, and is refused by it.
    let at = |loc: usize| numbers.get(loc).copied().unwrap_or(loc);
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
            ..Job::new(at(c.loc), c.service, money(format!("clients[{i}].prize"), c.prize)?)
        });
    }
    let mut shifts = Vec::with_capacity(file.vehicles.len());
    for (k, v) in file.vehicles.iter().enumerate() {
        let mut shift = Shift::new(v.start.map(at), v.end.map(at), Window::new(v.tw.0, v.tw.1));
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

/// The table, and the number in it of each of the file's points.
fn matrix(file: &File) -> Result<(Matrix, Vec<usize>), InstanceError> {
    let n = file.locs.len();
    let Some(dist) = &file.dist else { return euclid(file) };
    let metres = table("dist", dist, n)?;
    let seconds = file.dur.as_ref().map_or(Ok(metres.clone()), |d| table("dur", d, n))?;
    Ok((Matrix::new(n, seconds, metres)?, (0..n).collect()))
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

fn euclid(file: &File) -> Result<(Matrix, Vec<usize>), InstanceError> {
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
    let order = along_curve(&file.locs);
    let points: Vec<(f64, f64)> = order.iter().map(|&i| file.locs[i]).collect();
    let mut numbers = vec![0; n];
    order.iter().enumerate().for_each(|(number, &i)| numbers[i] = number);
    let leg = |from: usize, to: usize| {
        let ((x, y), (u, v)) = (points[from], points[to]);
        let (dx, dy) = (x - u, y - v);
        let plain = if n < MANY { (dx * dx + dy * dy).sqrt() } else { libm::hypot(dx, dy) };
        let d = round(plain * file.dist_factor);
        (whole((d / file.speed).round_ties_even()), whole(d))
    };
    Ok((Matrix::from_fn(n, leg)?, numbers))
}

/// A rounded float as a table entry; what does not fit is no way at all.
fn whole(x: f64) -> u32 {
    u32::try_from(crate::cast::to_i64(x)).unwrap_or(UNREACHABLE)
}
