"""PyVRP on an instance."""

import time

import numpy
import pyvrp

from matrices import base, costs, tables, worth

# Instead of a road that a vehicle must not take: longer than any shift.
NEVER = 10**7


def solve(instance, seconds, seed):
    model, numbers = problem(instance)
    # With its own limit of penalties it finds no feasible plan where prizes are in millionths.
    params = pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=1e9))
    begin, rounds = time.process_time(), [0]

    def stop(_):
        rounds[0] += 1
        return time.process_time() - begin >= seconds

    best = pyvrp.solve(model, stop=stop, seed=seed, collect_stats=False, display=False, params=params).best
    used = time.process_time() - begin
    routes = []
    for route in best.routes():
        order = [int(visit.idx) for visit in route if visit.is_client()]
        routes.append((numbers[route.vehicle_type()].pop(0), order))
    return routes, {"iterations": rounds[0], "cpu_s": used}


def problem(instance):
    """Its model, and for each type of vehicle the numbers of those it stands for.

    Each client is a place of its own, whoever else is there: not every vehicle may go to each.
    """
    clients = instance["clients"]
    # Vehicles that are alike are one type; each set of skills has durations of its own.
    bases, profiles, types = {}, {}, {}
    # Its times begin at 0.
    zero = min(one["tw"][0] for one in clients + instance["vehicles"])
    for number, vehicle in enumerate(instance["vehicles"]):
        ends = [bases.setdefault(base(instance, vehicle, end), len(bases)) for end in ("start", "end")]
        profile = profiles.setdefault(frozenset(vehicle["skills"]), len(profiles))
        alike = (*ends, *vehicle["tw"], vehicle["max_dur"], *costs(instance, vehicle), vehicle["capacity"], profile)
        types.setdefault(alike, []).append(number)
    places = [client["loc"] for client in clients] + list(bases)
    dist, dur = (table[numpy.ix_(places, places)] for table in tables(instance))
    loads = any(vehicle["capacity"] for vehicle in instance["vehicles"])
    everything = sum(client["demand"] for client in clients)
    made = []
    for (start, end, early, late, longest, per_metre, per_second, fixed, capacity, profile), alike in types.items():
        what = {"start_depot": start, "end_depot": end, "shift_duration": longest}
        what |= {"tw_early": early - zero, "tw_late": late - zero}
        what |= {"unit_distance_cost": per_metre, "unit_duration_cost": per_second, "fixed_cost": fixed}
        what["capacity"] = [capacity or everything] if loads else []
        made.append(pyvrp.VehicleType(len(alike), profile=profile, **what))
    durations = [barred(clients, dur, skills) for skills in profiles]
    depots = [pyvrp.Depot(len(clients) + k) for k in range(len(bases))]
    visits = [visit(i, client, loads, worth(instance), zero) for i, client in enumerate(clients)]
    data = pyvrp.ProblemData([pyvrp.Location(0, 0)] * len(places), visits, depots, made, [dist] * len(profiles), durations)
    return data, list(types.values())


def visit(place, client, loads, scale, zero):
    early, late = (when - zero for when in client["tw"])
    what = {"service_duration": client["service"], "tw_early": early, "tw_late": late}
    what["prize"] = 0 if client["required"] else client["prize"] * scale
    delivery = [client["demand"]] if loads else []
    return pyvrp.Client(place, delivery, required=client["required"], **what)


def barred(clients, dur, skills):
    """Durations for a vehicle with these skills: whoever needs another is out of reach."""
    lacking = [i for i, client in enumerate(clients) if client.get("skill") and client["skill"] not in skills]
    if not lacking:
        return dur
    dur = dur.copy()
    dur[lacking, :] = dur[:, lacking] = NEVER
    dur[lacking, lacking] = 0
    return dur
