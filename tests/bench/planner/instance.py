"""The JSON instance that `doorstep bench planner` reads, looked at field by field."""

import json
import math


class Refused(Exception):
    """Input that cannot be used; the text names file and field."""


def load(path):
    """The instance in the file, with every default filled in."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{path}: not JSON: {error}") from error
    return complete(found, path)


class Fields:
    """An object of the file, and where it stands for messages."""

    def __init__(self, found, file, place):
        self.file, self.place = file, place
        if not isinstance(found, dict):
            raise Refused(f"{file}: {place or 'the file'}: an object is expected")
        self.found = found

    def refuse(self, name, why):
        place = f"{self.place}.{name}" if self.place else name
        raise Refused(f"{self.file}: {place}: {why}")

    def get(self, name, default):
        value = self.found.get(name, default)
        if value is ...:
            self.refuse(name, "missing")
        return value

    def whole(self, name, default=..., least=0, most=2**53):
        value = self.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(name, f"{value!r} is not a whole number from {least} to {most}")
        return value

    def number(self, name, default, above):
        value = self.get(name, default)
        if not real(value) or not value > above:
            self.refuse(name, f"{value!r} is not a number above {above}")
        return value

    def one_of(self, name, allowed, default=...):
        value = self.get(name, default)
        if value not in allowed:
            self.refuse(name, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def truth(self, name):
        value = self.get(name, False)
        if not isinstance(value, bool):
            self.refuse(name, f"{value!r} is neither true nor false")
        return value

    def text(self, name, default):
        value = self.get(name, default)
        if value is not None and not isinstance(value, str):
            self.refuse(name, f"{value!r} is not a text")
        return value

    def rows(self, name, default=...):
        value = self.get(name, default)
        if not isinstance(value, list):
            self.refuse(name, "a list is expected")
        return value

    def window(self, name="tw"):
        value = self.get(name, ...)
        whole = isinstance(value, list) and all(isinstance(x, int) and not isinstance(x, bool) for x in value)
        if not whole or len(value) != 2 or value[0] > value[1]:
            self.refuse(name, f"{value!r} is not [early, late]")
        return value


def real(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def complete(found, file):
    """Refuses what does not fit the format; `file` is for the messages."""
    top = Fields(found, file, "")
    locs = top.rows("locs")
    for i, place in enumerate(locs):
        if not (isinstance(place, list) and len(place) == 2 and all(map(real, place))):
            top.refuse(f"locs[{i}]", f"{place!r} is not [x, y]")
    last = len(locs) - 1
    instance = {
        "name": top.text("name", "") or "",
        "kind": top.one_of("kind", ("profit", "prize")),
        "locs": locs,
        "dist_factor": top.number("dist_factor", 1, 0),
        "rounding": top.one_of("rounding", ("floor", "ceil", "round"), "round"),
        "speed": top.number("speed", 1, 0),
        "ndepots": top.whole("ndepots", 0),
        "clients": [client(Fields(c, file, f"clients[{i}]"), last) for i, c in enumerate(top.rows("clients"))],
        "vehicles": [vehicle(Fields(v, file, f"vehicles[{i}]"), last) for i, v in enumerate(top.rows("vehicles"))],
        "prize_scale": top.whole("prize_scale", 1_000_000, 1),
    }
    for name in ("dist", "dur"):
        if top.found.get(name) is not None:
            instance[name] = table(top, name, len(locs))
    if "dur" in instance and "dist" not in instance:
        top.refuse("dur", "a table of durations needs one of distances, dist")
    return instance


def client(fields, last):
    found = {
        "loc": fields.whole("loc", most=last),
        "service": fields.whole("service"),
        "tw": fields.window(),
        "prize": fields.whole("prize"),
        "demand": fields.whole("demand", 0),
        "required": fields.truth("required"),
    }
    skill = fields.text("skill", None)
    return found | ({"skill": skill} if skill else {})


def vehicle(fields, last):
    skills = fields.rows("skills", [])
    if not all(isinstance(skill, str) for skill in skills):
        fields.refuse("skills", "texts are expected")
    ends = {}
    for name in ("start", "end"):
        ends[name] = None if fields.get(name, None) is None else fields.whole(name, most=last)
    return ends | {
        "tw": fields.window(),
        "max_dur": fields.whole("max_dur"),
        "dist_cost": fields.whole("dist_cost", 0),
        "time_cost": fields.whole("time_cost", 0),
        "fixed_cost": fields.whole("fixed_cost", 0),
        "capacity": fields.whole("capacity", 0),
        "skills": skills,
    }


def table(top, name, size):
    rows = top.rows(name)
    if len(rows) != size or any(not isinstance(row, list) or len(row) != size for row in rows):
        top.refuse(name, f"not a table of {size} by {size}")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if not isinstance(cell, int) or isinstance(cell, bool) or cell < 0:
                top.refuse(f"{name}[{i}][{j}]", f"{cell!r} is not a whole number from 0")
    return rows
