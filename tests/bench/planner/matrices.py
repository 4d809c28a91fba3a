"""An instance as the peers want it: full tables by the rules of the format, costs, what a prize counts; needs numpy."""

import numpy


def tables(instance):
    """Distances and durations; a place more at no distance from anything where a vehicle starts or ends nowhere."""
    if "dist" in instance:
        dist = numpy.array(instance["dist"], dtype=numpy.int64)
        dur = numpy.array(instance["dur"], dtype=numpy.int64) if "dur" in instance else dist.copy()
    else:
        dist = straight(instance)
        dur = numpy.rint(dist / instance["speed"]).astype(numpy.int64)
    if any(vehicle[end] is None for vehicle in instance["vehicles"] for end in ("start", "end")):
        dist, dur = numpy.pad(dist, (0, 1)), numpy.pad(dur, (0, 1))
    return dist, dur


def straight(instance):
    places = numpy.array(instance["locs"], dtype=float).reshape(-1, 2)
    size = len(places)
    whole = {
        "floor": lambda x: numpy.floor(x + 1e-9),
        "ceil": lambda x: numpy.ceil(x - 1e-9),
        "round": numpy.rint,
    }[instance["rounding"]]
    dist = numpy.empty((size, size), dtype=numpy.int64)
    for i, place in enumerate(places):
        dx, dy = (places - place).T
        row = numpy.sqrt(dx * dx + dy * dy) if size < 1500 else numpy.hypot(dx, dy)
        dist[i] = whole(row * instance["dist_factor"])
    return dist


def base(instance, vehicle, end):
    """The number of a vehicle's start or end in the tables."""
    return len(instance["locs"]) if vehicle[end] is None else vehicle[end]


def costs(instance, vehicle):
    """Of a metre, a second and a used vehicle. Where only prizes count, a metre costs 1: short routes leave room."""
    if instance["kind"] == "prize":
        return 1, 0, 0
    return vehicle["dist_cost"], vehicle["time_cost"], vehicle["fixed_cost"]


def worth(instance):
    """What a unit of prize counts: where only prizes count, more than all shifts full of driving at speed 1."""
    if instance["kind"] == "profit":
        return 1
    return max(1, sum(vehicle["max_dur"] for vehicle in instance["vehicles"]))
