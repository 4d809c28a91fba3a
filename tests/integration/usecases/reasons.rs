//! Why a case is left out: the door that does not pay, and the agent next door who is full.

use server::render::{LeftOut, PlanDocument};
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

fn planned(cases: &[Case], agents: &str, per_hour: f64) -> (usize, PlanDocument) {
    let mut doorstep = Installation::new(&Database::sqlite().unwrap()).unwrap();
    doorstep.app.settings.costs.per_hour = per_hour.try_into().unwrap();
    doorstep.import(&cases_csv(cases), agents).unwrap();
    let scored = doorstep.score().unwrap();
    doorstep.territories().unwrap();
    doorstep.plan().unwrap();
    (scored.worth_a_visit, doorstep.shown().unwrap())
}

fn left_out<'a>(plan: &'a PlanDocument, case_ref: &str) -> &'a LeftOut {
    let found = plan.left_out.iter().find(|out| out.case_ref == case_ref);
    found.unwrap_or_else(|| panic!("{case_ref} is planned"))
}

/// Two neighbours of the base; an hour so dear that the time at the door is more than the small one is
/// worth, and less than the large one.
#[test]
fn a_visit_that_does_not_pay_for_the_door_says_so() {
    let cases = [Case::new("SMALL").due(600_000), Case::new("LARGE").due(30_000_000)];
    let agents = agents_csv(&[("A1", 39.158_2, -75.524_4)]);
    let (worth, plan) = planned(&cases, &agents, 25.0);
    assert_eq!((worth, plan.left_out.len()), (2, 0), "a cheap hour pays for both");
    let small = plan.routes[0].stops.iter().find(|stop| stop.case_ref == "SMALL").unwrap();
    // Twelve minutes at five times that a hour cost exactly what it is worth.
    let exactly = 5.0 * f64::from(i32::try_from(small.prize_minor).unwrap()) / 100.0;
    for per_hour in [exactly + 0.1, 2.0 * exactly] {
        let (worth, plan) = planned(&cases, &agents, per_hour);
        assert_eq!(worth, 1, "{per_hour}");
        let out = left_out(&plan, "SMALL");
        assert_eq!(out.code, "no_value", "{}", out.sentence);
        assert!(out.sentence.contains("that 12 min at the door cost"), "{}", out.sentence);
        assert_eq!(plan.routes.iter().map(|route| route.stops.len()).sum::<usize>(), 1);
    }
    let (worth, _) = planned(&cases, &agents, exactly - 0.1);
    assert_eq!(worth, 2);
}

/// Two cases next to the base of `A3`, who has time for one; the other agent is 80 km away.
fn next_door(a3: &str) -> PlanDocument {
    let near = |name: &str| Case::new(name).at(39.159_5, -75.524_4).due(600_000);
    let cases = [near("N1"), near("N2"), Case::new("FAR").at(39.88, -75.524_4).due(2_000_000)];
    let agents = format!(
        "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
         A2,39.8800,-75.5244,09:00,17:00,mon,20\nA3,39.1582,-75.5244,{a3}\n"
    );
    planned(&cases, &agents, 25.0).1
}

#[test]
fn the_cheapest_detour_is_named_though_it_does_not_fit() {
    for (a3, code, why) in [
        ("09:00,17:00,mon,1", "max_visits", "but that agent has all visits of the day"),
        ("09:00,09:20,mon,20", "shift", "and would overrun the shift by"),
    ] {
        let plan = next_door(a3);
        let out = plan.left_out.iter().find(|out| out.case_ref.starts_with('N')).unwrap();
        assert_eq!(out.code, code, "{}", out.sentence);
        let said = &out.sentence;
        assert!(said.contains("the cheapest detour, A3 ") && said.contains(why), "{said}");
        assert!(said.contains("; the cheapest that fits, A2 "), "{said}");
        assert!(said.contains("Worth planning above"), "{said}");
        let (prize, cost) = (out.prize_minor.unwrap(), out.cost_minor.unwrap());
        assert!(cost < prize, "the detour of A3 would pay: {said}");
    }
}
