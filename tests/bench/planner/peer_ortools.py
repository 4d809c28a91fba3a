"""OR-Tools' routing on an instance: guided local search, a disjunction for every optional client."""

import time

import numpy
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util import optional_boolean_pb2

from matrices import base, costs, tables, worth

# Operators for optional clients that are off unless asked for.
OPERATORS = (
    "relocate_and_make_active exchange_and_make_active extended_swap_active shortest_path_swap_active "
    "path_lns inactive_lns"
).split()


def solve(instance, seconds, seed):
    model, manager, nodes = problem(instance)
    model.solver().ReSeed(seed)
    parameters = search(seconds)
    model.CloseModelWithParameters(parameters)
    begin = time.process_time()
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: time.process_time() - begin >= seconds))
    found = model.SolveWithParameters(parameters)
    used = time.process_time() - begin
    routes = []
    for k in range(len(instance["vehicles"]) if found else 0):
        order, index = [], found.Value(model.NextVar(model.Start(k)))
        while not model.IsEnd(index):
            order.append(nodes[manager.IndexToNode(index)])
            index = found.Value(model.NextVar(index))
        routes.append((k, order))
    return routes, {"cpu_s": used}


def search(seconds):
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    for name in OPERATORS:
        setattr(parameters.local_search_operators, f"use_{name}", optional_boolean_pb2.BOOL_TRUE)
    # Wall clock, and not the limit that counts; without any it ends with its first plan.
    parameters.time_limit.FromSeconds(int(100 * seconds + 600))
    return parameters


def problem(instance):
    """Its model; nodes are clients, then the starts and ends of vehicles. Whom nobody can visit is left out."""
    vehicles, clients = instance["vehicles"], instance["clients"]
    dist, dur = tables(instance)
    zero = min(vehicle["tw"][0] for vehicle in vehicles)
    horizon = max(vehicle["tw"][1] for vehicle in vehicles)
    able = [[k for k, v in enumerate(vehicles) if c.get("skill") in (None, *v["skills"])] for c in clients]
    nodes = [i for i, c in enumerate(clients) if able[i] and c["tw"][0] <= horizon and c["tw"][1] >= zero]
    bases = {}
    for vehicle in vehicles:
        for end in ("start", "end"):
            bases.setdefault(base(instance, vehicle, end), len(nodes) + len(bases))
    places = [clients[i]["loc"] for i in nodes] + list(bases)
    service = numpy.array([clients[i]["service"] for i in nodes] + [0] * len(bases))
    dist, dur = dist[numpy.ix_(places, places)], dur[numpy.ix_(places, places)] + service[:, None]
    ends = [[bases[base(instance, vehicle, end)] for vehicle in vehicles] for end in ("start", "end")]
    manager = pywrapcp.RoutingIndexManager(len(places), len(vehicles), *ends)
    model = pywrapcp.RoutingModel(manager)
    span = horizon - zero
    model.AddDimension(model.RegisterTransitMatrix(dur.tolist()), span, span, False, "time")
    shifts(instance, model, dist, zero)
    if any(vehicle["capacity"] for vehicle in vehicles):
        demands = [clients[i]["demand"] for i in nodes] + [0] * len(bases)
        room = [vehicle["capacity"] or sum(demands) for vehicle in vehicles]
        model.AddDimensionWithVehicleCapacity(model.RegisterUnaryTransitVector(demands), 0, room, True, "load")
    scale = worth(instance)
    if instance["kind"] == "prize":
        # Prizes that outweigh every metre hold guided local search in one place; a part of that does better.
        scale = max(1, scale // len(vehicles) // 200)
    clock = model.GetDimensionOrDie("time")
    for node, i in enumerate(nodes):
        client, index = clients[i], manager.NodeToIndex(node)
        early, late = client["tw"]
        clock.CumulVar(index).SetRange(max(early - zero, 0), min(late, horizon) - zero)
        if not client["required"]:
            model.AddDisjunction([index], client["prize"] * scale)
        if len(able[i]) < len(vehicles):
            model.VehicleVar(index).SetValues([-1, *able[i]])
    return model, manager, nodes


def shifts(instance, model, dist, zero):
    """Windows, longest durations and costs of the vehicles."""
    clock, tables_of_cost = model.GetDimensionOrDie("time"), {}
    for k, vehicle in enumerate(instance["vehicles"]):
        per_metre, per_second, fixed = costs(instance, vehicle)
        if per_metre not in tables_of_cost:
            tables_of_cost[per_metre] = model.RegisterTransitMatrix((dist * per_metre).tolist())
        model.SetArcCostEvaluatorOfVehicle(tables_of_cost[per_metre], k)
        model.SetFixedCostOfVehicle(fixed, k)
        clock.SetSpanCostCoefficientForVehicle(per_second, k)
        clock.SetSpanUpperBoundForVehicle(vehicle["max_dur"], k)
        early, late = (when - zero for when in vehicle["tw"])
        start, end = clock.CumulVar(model.Start(k)), clock.CumulVar(model.End(k))
        start.SetRange(early, late)
        end.SetRange(early, late)
        model.AddVariableMinimizedByFinalizer(end)
        model.AddVariableMaximizedByFinalizer(start)
