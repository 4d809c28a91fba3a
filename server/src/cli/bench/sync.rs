//! `doorstep bench sync`: workload W from the first visit to the same state on both sides.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use sync_core::kinds::{ContactValue, Disposition, DispositionEdit, Met, PaymentMethod, Visit};
use sync_core::model::Minor;
use sync_core::op::Actor;
use sync_core::phone::{Client, Method, Moment, NewPayment, Phone};
use sync_core::protocol::{HELLO_PATH, PUSH_PATH};
use sync_core::store::SqliteStore;

use super::super::screen::{Screen, peak_rss_mb, say};
use super::cpu;
use super::setup::{CONTACT, Device, START_MS, World};
use super::workload::{DeviceDraw, VisitDraw, draw};
use crate::clock::Stopwatch;
use crate::error::Error;
use crate::progress::Progress as _;
use crate::usecases::accept_ops::accept_ops;
use crate::usecases::export_ops::{field_totals, op_hashes};
use crate::usecases::hello::hello;
use crate::usecases::pull::pull;

/// What `--json` writes.
#[derive(Debug, Clone, Default, Serialize)]
struct Figures {
    bootstrap_pull_bytes: usize,
    first_push_bytes: usize,
    second_push_bytes: usize,
    first_pull_bytes: usize,
    second_pull_bytes: usize,
    log_visit_us_p50: f64,
    log_visit_us_p99: f64,
    log_visit_fsync_us_p50: f64,
    /// Processor seconds.
    merge_s: Option<f64>,
    merge_wall_s: f64,
    phone_store_bytes: u64,
    cold_open_ms: f64,
    ops: u64,
    visits: u64,
    conflicts: u64,
    lost: u64,
    doubled: u64,
    payments_minor: i64,
    payments_logged_minor: i64,
    /// Cases on which two phones of an area do not agree.
    different: usize,
    peak_rss_mb: Option<u64>,
}

/// What the exchanges of one round took.
#[derive(Debug, Default)]
struct Took {
    pushed: usize,
    pulled: usize,
    merge_s: Option<f64>,
    merge_wall_s: f64,
}

fn tell(cause: &dyn std::fmt::Display) -> Error {
    Error::Invalid(format!("bench sync: {cause}"))
}

pub(super) fn run(seed: u64, json: Option<&Path>, database_url: Option<&str>) -> Result<(), Error> {
    let screen = Screen::new(6);
    let mut figures = Figures::default();
    screen.step(1, "Server, 20 devices");
    screen.total(20);
    let mut world = World::new(seed, database_url, &screen)?;
    let took = exchange(&mut world, true)?;
    figures.bootstrap_pull_bytes = took.pulled;
    screen.end(&format!("{} KB of snapshots", took.pulled / 1_000));

    screen.step(2, "Round 0, offline");
    let mut times = Times::default();
    write_round(&mut world, (seed, 0), START_MS, &mut times, &mut figures)?;
    screen.end("500 visits, 1,500 edits of dispositions, 200 of contacts each");

    screen.step(3, "Round 0, exchange");
    move_to(&world, START_MS + 600_000_000)?;
    let first = exchange(&mut world, false)?;
    let pulled = exchange(&mut world, true)?;
    (figures.first_push_bytes, figures.first_pull_bytes) = (first.pushed, pulled.pulled);
    screen.end(&format!("{} KB up, {} KB down", first.pushed / 1_000, pulled.pulled / 1_000));

    screen.step(4, "Round 1");
    write_round(&mut world, (seed, 1), START_MS + 600_000_000, &mut times, &mut figures)?;
    move_to(&world, START_MS + 700_000_000)?;
    let second = exchange(&mut world, false)?;
    let pulled = exchange(&mut world, true)?;
    (figures.second_push_bytes, figures.second_pull_bytes) = (second.pushed, pulled.pulled);
    figures.merge_s = first.merge_s.zip(second.merge_s).map(|(a, b)| round(a + b));
    figures.merge_wall_s = round(first.merge_wall_s + second.merge_wall_s);
    screen.end(&format!("{} KB up, {} KB down", second.pushed / 1_000, pulled.pulled / 1_000));

    screen.step(5, "Both sides compared");
    compare(&mut world, &mut figures)?;
    screen.end(&format!("{} lost, {} doubled", figures.lost, figures.doubled));

    screen.step(6, "Durable");
    move_to(&world, START_MS + 40 * 86_400_000)?;
    exchange(&mut world, true)?;
    exchange(&mut world, true)?;
    times.write(&mut figures);
    stores(world, &mut figures)?;
    screen.end(&format!("{} KB a store", figures.phone_store_bytes / 1_000));
    figures.peak_rss_mb = peak_rss_mb();
    let text = serde_json::to_string_pretty(&figures).map_err(|e| tell(&e))?;
    say(&text);
    if let Some(file) = json {
        std::fs::write(file, text + "\n").map_err(|e| Error::io("write", file, e))?;
    }
    Ok(())
}

fn round(seconds: f64) -> f64 {
    (seconds * 1_000.0).round() / 1_000.0
}

fn move_to(world: &World, ms: i64) -> Result<(), Error> {
    let at = jiff::Timestamp::from_millisecond(ms).map_err(|e| tell(&e))?;
    world.app.ids.clock().move_to(at);
    Ok(())
}

/// How long logging a visit took, in microseconds.
#[derive(Debug, Default)]
struct Times {
    in_memory: Vec<f64>,
    on_disk: Vec<f64>,
}

impl Times {
    fn write(mut self, figures: &mut Figures) {
        // Without a place in memory there is only the disk.
        if self.in_memory.is_empty() {
            self.in_memory.clone_from(&self.on_disk);
        }
        let at = |times: &mut Vec<f64>, share: usize| {
            times.sort_by(f64::total_cmp);
            let index = times.len().saturating_sub(1) * share / 100;
            times.get(index).copied().map_or(0.0, |us| (us * 10.0).round() / 10.0)
        };
        figures.log_visit_us_p50 = at(&mut self.in_memory, 50);
        figures.log_visit_us_p99 = at(&mut self.in_memory, 99);
        figures.log_visit_fsync_us_p50 = at(&mut self.on_disk, 50);
    }
}

fn write_round(
    world: &mut World,
    (seed, round): (u64, u64),
    start_ms: i64,
    times: &mut Times,
    figures: &mut Figures,
) -> Result<(), Error> {
    let in_memory = world.memory.is_some();
    for (number, device) in (0..).zip(&mut world.devices) {
        let drawn = draw(seed, number, round);
        let times = if in_memory && number > 0 { &mut times.in_memory } else { &mut times.on_disk };
        figures.payments_logged_minor += write_day(device, &drawn, start_ms, times)?;
    }
    Ok(())
}

fn moment(now_ms: i64) -> Moment {
    let mut random = [7; 16];
    random.iter_mut().zip(now_ms.to_be_bytes()).for_each(|(to, from)| *to = from);
    Moment { now_ms, random }
}

fn write_day(
    device: &mut Device,
    drawn: &DeviceDraw,
    start_ms: i64,
    times: &mut Vec<f64>,
) -> Result<i64, Error> {
    let mut paid = 0;
    for visit in &drawn.visits {
        let Some(case) = device.cases.get(visit.case).copied() else { continue };
        let now_ms = start_ms + visit.after_ms + device.skew_ms;
        let record = record_of(visit, now_ms, device.phone.offset_ms());
        let watch = Stopwatch::start();
        let logged = device.phone.log_visit(moment(now_ms), case, record).map_err(|e| tell(&e))?;
        times.push(watch.seconds() * 1e6);
        if let Some(amount) = visit.paid_minor {
            let payment = NewPayment {
                amount_minor: Minor::new(amount),
                method: PaymentMethod::Cash,
                paid_at: now_ms,
                visit: Some(logged),
            };
            device.phone.record_payment(moment(now_ms), case, payment).map_err(|e| tell(&e))?;
            paid += amount;
        }
        for number in visit.dispositions.iter().skip(1) {
            let disposition = Disposition::of_number(*number).unwrap_or(Disposition::Other);
            let edit = DispositionEdit { disposition, note: None };
            let edited = device.phone.edit_disposition(moment(now_ms), case, logged, edit);
            edited.map_err(|e| tell(&e))?;
        }
    }
    for (edit, number) in drawn.edits.iter().zip(0..) {
        let now_ms = start_ms + 500_000_000 + number * 60_000 + device.skew_ms;
        let case = device.cases.get(edit.case).copied();
        if let Some((case, field)) = case.zip(CONTACT.get(edit.field)) {
            let value = ContactValue::of_text(edit.text.clone());
            let edited = device.phone.correct_contact(moment(now_ms), case, *field, value);
            edited.map_err(|e| tell(&e))?;
        }
    }
    Ok(paid)
}

fn record_of(visit: &VisitDraw, now_ms: i64, clock_offset_ms: i64) -> Visit {
    let e7 = |base: i64, off: i64| i32::try_from(base + off).ok();
    let small = |value: u64| u32::try_from(value).ok();
    Visit {
        arrived_at: now_ms - visit.minutes * 60_000,
        left_at: now_ms,
        met: Met::of_number(visit.met).unwrap_or(Met::Nobody),
        disposition: visit
            .dispositions
            .first()
            .and_then(|number| Disposition::of_number(*number))
            .unwrap_or(Disposition::Other),
        lat_e7: e7(395_000_000, visit.off_e7.0),
        lon_e7: e7(-755_000_000, visit.off_e7.1),
        accuracy_m: small(visit.accuracy_m),
        distance_m: small(visit.distance_m),
        mock_location: false,
        plan: None,
        stop: None,
        travel_m: small(visit.travel_m),
        travel_s: small(visit.travel_s),
        clock_offset_ms,
        evidence: vec![visit.evidence],
        note: Some(visit.note.clone()),
        packs: Vec::new(),
        breached: Vec::new(),
        source: None,
        agent: None,
    }
}

/// Lets every device push, and with `pull` then pull to the end.
fn exchange(world: &mut World, with_pull: bool) -> Result<Took, Error> {
    let mut took = Took { merge_s: Some(0.0), ..Took::default() };
    let now_ms = world.app.ids.clock().now().as_millisecond();
    for device in &mut world.devices {
        let now_ms = now_ms + device.skew_ms;
        let actor: Actor = device.phone.actor().map_err(|e| tell(&e))?;
        let mut client = Client::new("bench");
        while let Some(request) = client.next(&mut device.phone, now_ms).map_err(|e| tell(&e))? {
            let body = if request.path == HELLO_PATH {
                hello(&world.app, &request.body).map_err(|e| tell(&e))?.encode()
            } else if request.path == PUSH_PATH {
                took.pushed += request.body.len();
                let (watch, before) = (Stopwatch::start(), cpu::seconds());
                let answer = accept_ops(&world.app, actor, &request.body).map_err(|e| tell(&e))?;
                took.merge_wall_s += watch.seconds();
                let spent = before.zip(cpu::seconds()).map(|(before, after)| after - before);
                took.merge_s = took.merge_s.zip(spent).map(|(sum, spent)| sum + spent);
                answer.encode()
            } else if with_pull && request.method == Method::Get {
                let cursor = request.path.split_once("cursor=").map(|(_, cursor)| cursor);
                let page = pull(&world.app, actor, cursor).map_err(|e| tell(&e))?;
                took.pulled += page.len();
                page
            } else {
                break;
            };
            client.answer(&mut device.phone, now_ms, 200, &body).map_err(|e| tell(&e))?;
        }
    }
    Ok(took)
}

/// Op by op, register by register, coin by coin.
fn compare(world: &mut World, figures: &mut Figures) -> Result<(), Error> {
    let totals = field_totals(&world.app)?;
    (figures.visits, figures.conflicts) = (totals.visits, totals.conflicts);
    figures.payments_minor = totals.payments_minor;
    let aside: BTreeSet<(i64, i64)> = totals.kept_aside.into_iter().collect();
    let server: BTreeSet<(i64, i64, [u8; 32])> = op_hashes(&world.app)?.into_iter().collect();
    let mut written = 0;
    for device in &mut world.devices {
        let actor = device.phone.actor().map_err(|e| tell(&e))?;
        for (dot, hash) in sync_core::store::hashes(device.phone.store()).map_err(|e| tell(&e))? {
            let name =
                (i64::from(dot.actor.number()), i64::try_from(dot.sequence.get()).unwrap_or(0));
            written += u64::from(dot.actor == actor);
            let there = server.contains(&(name.0, name.1, *hash.as_bytes()));
            figures.lost += u64::from(!there && !aside.contains(&name));
        }
    }
    let of_devices = server.iter().filter(|(actor, _, _)| *actor != 0).count();
    figures.ops = u64::try_from(of_devices).unwrap_or(0);
    figures.doubled = figures.ops.saturating_sub(written);
    for pair in world.devices.chunks_mut(super::workload::PAIR) {
        let [one, other] = pair else { continue };
        for case in one.cases.clone() {
            let here = one.phone.case(case).map_err(|e| tell(&e))?;
            let there = other.phone.case(case).map_err(|e| tell(&e))?;
            figures.different += usize::from(here.state != there.state);
        }
    }
    Ok(())
}

/// Size of a store on the mean, and how long it takes from the file to the list of cases.
fn stores(world: World, figures: &mut Figures) -> Result<(), Error> {
    let World { devices, folder: _folder, memory: _memory, .. } = world;
    let count = u64::try_from(devices.len()).unwrap_or(1).max(1);
    let mut opened = Vec::new();
    for Device { phone, file, .. } in devices {
        drop(phone);
        figures.phone_store_bytes += std::fs::metadata(&file).map_or(0, |found| found.len());
        let watch = Stopwatch::start();
        let store = SqliteStore::open(&file).map_err(|e| tell(&e))?;
        let mut phone = Phone::open(store).map_err(|e| tell(&e))?;
        let cases = phone.cases().map_err(|e| tell(&e))?;
        opened.push(watch.seconds() * 1_000.0);
        if cases.is_empty() {
            return Err(tell(&"a phone has no cases"));
        }
    }
    figures.phone_store_bytes /= count;
    opened.sort_by(f64::total_cmp);
    figures.cold_open_ms = opened.get(opened.len() / 2).copied().map_or(0.0, round);
    Ok(())
}
