"""Public text formats: TOPTW, VRPTW as the generators of Solomon and of Gehring and Homberger wrote it, VRPLIB with
time windows and prizes. Each becomes an instance; all quantities are whole after scaling.

Distances follow the literature: TOPTW cuts after the second decimal in Cordeau's files (`pr*`) and after the first
in Solomon's, VRPTW after the first.
"""

import math
from pathlib import Path

from instance import Refused


class Lines:
    """The words of a text file line by line, with messages that name file and line."""

    def __init__(self, path):
        self.path = path
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        numbered = enumerate(text.splitlines(), start=1)
        self.rows = [(number, line.split()) for number, line in numbered if line.strip()]

    def refuse(self, number, field, why):
        raise Refused(f"{self.path}: line {number}: {field}: {why}")

    def value(self, number, words, at, field, whole=False):
        try:
            value = float(words[at])
        except IndexError:
            self.refuse(number, field, f"missing, the line has {len(words)} words")
        except ValueError:
            self.refuse(number, field, f"{words[at]!r} is not a number")
        if not math.isfinite(value) or (whole and (value != int(value) or value < 0)):
            self.refuse(number, field, f"{words[at]!r} is not a {'whole number from 0' if whole else 'number'}")
        return int(value) if whole else value

    def scaled(self, number, words, at, field, scale):
        """A time or an amount, times the scale; what is not whole then would be lost."""
        exact = self.value(number, words, at, field) * scale
        if exact < 0 or abs(exact - round(exact)) > 1e-6:
            self.refuse(number, field, f"{words[at]!r} is below 0 or has more decimals than are kept")
        return round(exact)


def looks_like(path):
    """`toptw`, `solomon` or `vrplib`."""
    rows = Lines(path).rows
    firsts = {words[0].rstrip(":") for _, words in rows}
    if "DIMENSION" in firsts:
        return "vrplib"
    if "VEHICLE" in firsts:
        return "solomon"
    if len(rows) > 2 and [len(words) for _, words in rows[:2]] == [4, 2]:
        return "toptw"
    raise Refused(f"{path}: neither a JSON instance nor a TOPTW, VRPTW or VRPLIB file")


def same_vehicles(count, horizon, capacity, dist_cost):
    one = {"start": 0, "end": 0, "tw": [0, horizon], "max_dur": horizon, "dist_cost": dist_cost, "time_cost": 0}
    return [one | {"capacity": capacity, "skills": []} for _ in range(count)]


def instance(name, kind, scale, locs, clients, vehicles):
    found = {"name": name, "kind": kind, "locs": locs, "dist_factor": scale, "rounding": "floor", "speed": 1}
    return found | {"ndepots": 1, "clients": clients, "vehicles": vehicles, "prize_scale": 1}


def toptw(path, routes):
    """Lines `i x y service score f a (a numbers) opens closes` after two lines of totals; the first is the depot."""
    lines, name = Lines(path), Path(path).stem
    scale = 100 if name.startswith("pr") else 10
    locs, clients, horizon = [], [], 0
    for number, words in lines.rows[2:]:
        skipped = lines.value(number, words, 6, "number of combinations", whole=True)
        wanted = 9 + skipped
        if len(words) != wanted:
            lines.refuse(number, "line", f"{len(words)} words, by the 7th {wanted} are expected")
        locs.append([lines.value(number, words, 1, "x"), lines.value(number, words, 2, "y")])
        opens = lines.scaled(number, words, wanted - 2, "opening time", scale)
        closes = lines.scaled(number, words, wanted - 1, "closing time", scale)
        if opens > closes:
            lines.refuse(number, "closing time", "before the opening time")
        if len(locs) == 1:
            horizon = closes
            continue
        client = {"loc": len(locs) - 1, "service": lines.scaled(number, words, 3, "service", scale)}
        prize = lines.value(number, words, 4, "score", whole=True)
        clients.append(client | {"tw": [opens, closes], "prize": prize, "demand": 0, "required": False})
    told = lines.value(*lines.rows[0], 2, "number of places", whole=True)
    if told != len(clients):
        lines.refuse(lines.rows[0][0], "number of places", f"{told}, but {len(clients)} follow the depot")
    return instance(f"{name}_m{routes}", "prize", scale, locs, clients, same_vehicles(routes, horizon, 0, 0))


def solomon(path):
    """A block VEHICLE with number and capacity, a block CUSTOMER; everybody has to be visited."""
    lines, numbers = Lines(path), []
    for number, words in lines.rows:
        if all(word.lstrip("-").replace(".", "", 1).isdigit() for word in words):
            numbers.append((number, words))
    if len(numbers) < 3 or len(numbers[0][1]) != 2:
        raise Refused(f"{path}: VEHICLE: no line with number and capacity before the customers")
    count = lines.value(*numbers[0], 0, "number of vehicles", whole=True)
    capacity = lines.value(*numbers[0], 1, "capacity", whole=True)
    locs, clients, horizon = [], [], 0
    for number, words in numbers[1:]:
        locs.append([lines.value(number, words, 1, "x"), lines.value(number, words, 2, "y")])
        demand = lines.value(number, words, 3, "demand", whole=True)
        tw = [lines.scaled(number, words, 4, "ready time", 10), lines.scaled(number, words, 5, "due date", 10)]
        service = lines.scaled(number, words, 6, "service time", 10)
        if tw[0] > tw[1]:
            lines.refuse(number, "due date", "before the ready time")
        if len(locs) == 1:
            horizon = tw[1]
        else:
            place = {"loc": len(locs) - 1, "service": service, "tw": tw}
            clients.append(place | {"prize": 0, "demand": demand, "required": True})
    return instance(Path(path).stem, "profit", 10, locs, clients, same_vehicles(count, horizon, capacity, 1))


class Sections:
    """A VRPLIB file: `KEY : value` lines, then sections of one line a node."""

    def __init__(self, path):
        self.lines = Lines(path)
        self.path, self.keys, self.sections = path, {}, {}
        section = None
        for number, words in self.lines.rows:
            if words[0] == "EOF":
                break
            if words[0].rstrip(":").endswith("_SECTION"):
                section = self.sections.setdefault(words[0].rstrip(":"), {})
            elif section is None:
                key, _, value = " ".join(words).partition(":")
                self.keys[key.strip()] = (number, [value.strip()])
            else:
                section[words[0]] = (number, words)

    def key(self, name):
        if name not in self.keys:
            raise Refused(f"{self.path}: {name}: missing")
        return self.lines.value(*self.keys[name], 0, name, whole=True)

    def row(self, section, node):
        if section not in self.sections:
            raise Refused(f"{self.path}: {section}: missing")
        if str(node) not in self.sections[section]:
            raise Refused(f"{self.path}: {section}: node {node} is missing")
        return self.sections[section][str(node)]

    def service(self, node):
        if "SERVICE_TIME_SECTION" in self.sections:
            return self.lines.scaled(*self.row("SERVICE_TIME_SECTION", node), 1, "service time", 10)
        self.key("SERVICE_TIME")
        return self.lines.scaled(*self.keys["SERVICE_TIME"], 0, "SERVICE_TIME", 10)


def vrplib(path):
    """Node 1 is the depot. With a PRIZE_SECTION visits are optional, without one everybody has to be visited."""
    file = Sections(path)
    weights = file.keys.get("EDGE_WEIGHT_TYPE", (0, ["EUC_2D"]))
    if weights[1] != ["EUC_2D"]:
        file.lines.refuse(weights[0], "EDGE_WEIGHT_TYPE", f"{weights[1][0]} is not EUC_2D")
    prizes = "PRIZE_SECTION" in file.sections
    locs, clients, horizon = [], [], 0
    for node in range(1, file.key("DIMENSION") + 1):
        number, words = file.row("NODE_COORD_SECTION", node)
        locs.append([file.lines.value(number, words, 1, "x"), file.lines.value(number, words, 2, "y")])
        number, words = file.row("TIME_WINDOW_SECTION", node)
        tw = [file.lines.scaled(number, words, 1, "opening time", 10)]
        tw.append(file.lines.scaled(number, words, 2, "closing time", 10))
        if tw[0] > tw[1]:
            file.lines.refuse(number, "closing time", "before the opening time")
        if node == 1:
            horizon = tw[1]
            continue
        demand = file.lines.value(*file.row("DEMAND_SECTION", node), 1, "demand", whole=True)
        prize = file.lines.scaled(*file.row("PRIZE_SECTION", node), 1, "prize", 10) if prizes else 0
        place = {"loc": node - 1, "service": file.service(node), "tw": tw}
        clients.append(place | {"prize": prize, "demand": demand, "required": not prizes})
    vehicles = same_vehicles(file.key("VEHICLES"), horizon, file.key("CAPACITY"), 1)
    return instance(Path(path).stem, "profit", 10, locs, clients, vehicles)
