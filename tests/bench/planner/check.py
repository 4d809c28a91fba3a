"""Scores a solution with nothing taken from any solver.

    python3 check.py INSTANCE.json SOLUTION.json

Prints one line of JSON: what is broken, and the figures in the instance's unit of money. Ends with 1 where
something is broken.
"""

import json
import math
import sys

import instance as instances
from instance import Refused


class Ways:
    """Metres and seconds between two places, from the tables or the points; nowhere is 0 from everything."""

    def __init__(self, instance):
        self.dist, self.dur = instance.get("dist"), instance.get("dur")
        self.locs, self.factor, self.speed = instance["locs"], instance["dist_factor"], instance["speed"]
        # The format asks for the plain root in small instances and hypot in large ones.
        self.plain = len(self.locs) < 1500
        self.whole = {
            "floor": lambda x: math.floor(x + 1e-9),
            "ceil": lambda x: math.ceil(x - 1e-9),
            "round": round,
        }[instance["rounding"]]

    def metres(self, a, b):
        if a is None or b is None:
            return 0
        if self.dist:
            return self.dist[a][b]
        dx, dy = self.locs[a][0] - self.locs[b][0], self.locs[a][1] - self.locs[b][1]
        straight = math.sqrt(dx * dx + dy * dy) if self.plain else math.hypot(dx, dy)
        return self.whole(straight * self.factor)

    def seconds(self, a, b):
        if a is None or b is None:
            return 0
        if self.dur:
            return self.dur[a][b]
        metres = self.metres(a, b)
        return metres if self.dist else round(metres / self.speed)


def timetable(ways, vehicle, clients):
    """Finish when leaving as early as allowed, shortest duration over all times of leaving, and who is met late.

    Leaving later takes away waiting until a visit would start after its window; what is left of that is `slack`.
    """
    now, at = vehicle["tw"][0], vehicle["start"]
    slack = vehicle["tw"][1] - now
    duration, late = 0, []
    for client in clients:
        travel = ways.seconds(at, client["loc"])
        early, latest = client["tw"]
        waiting = max(early - now - travel, 0)
        now += travel + waiting
        if now > latest:
            late.append(client)
        saved = min(waiting, slack)
        slack = min(slack - saved, max(latest - now, 0))
        duration += travel + waiting - saved + client["service"]
        now += client["service"]
        at = client["loc"]
    home = ways.seconds(at, vehicle["end"])
    return now + home, duration + home, late


def length(ways, vehicle, clients):
    places = [vehicle["start"], *(client["loc"] for client in clients), vehicle["end"]]
    return sum(ways.metres(a, b) for a, b in zip(places, places[1:]))


def faults_of_route(ways, name, vehicle, visits):
    """What one route breaks; `visits` are pairs of number and client."""
    faults = []
    finish, duration, late = timetable(ways, vehicle, [client for _, client in visits])
    faults += [f"clients[{i}]: {name} comes after its window" for i, client in visits if any(client is x for x in late)]
    if finish > vehicle["tw"][1]:
        faults.append(f"{name}: ends at {finish}, its window at {vehicle['tw'][1]}")
    if duration > vehicle["max_dur"]:
        faults.append(f"{name}: takes {duration}, allowed are {vehicle['max_dur']}")
    load = sum(client["demand"] for _, client in visits)
    if vehicle["capacity"] and load > vehicle["capacity"]:
        faults.append(f"{name}: carries {load}, its capacity is {vehicle['capacity']}")
    for i, client in visits:
        if client.get("skill") and client["skill"] not in vehicle["skills"]:
            faults.append(f"clients[{i}]: {name} lacks the skill {client['skill']}")
    return faults, duration


def judge(instance, routes):
    """Faults and figures of `routes`, pairs of a vehicle's number and the numbers of its clients in order."""
    ways, clients, vehicles = Ways(instance), instance["clients"], instance["vehicles"]
    faults, used, served = [], set(), set()
    prize = cost = 0
    for number, order in routes:
        if not order:
            continue
        vehicle, name = vehicles[number], f"vehicles[{number}]"
        if number in used:
            faults.append(f"{name}: has two routes")
        used.add(number)
        for i in order:
            if i in served:
                faults.append(f"clients[{i}]: visited twice")
            else:
                prize += clients[i]["prize"]
            served.add(i)
        broken, duration = faults_of_route(ways, name, vehicle, [(i, clients[i]) for i in order])
        faults += broken
        if instance["kind"] == "profit":
            metres = length(ways, vehicle, [clients[i] for i in order])
            cost += vehicle["fixed_cost"] + vehicle["dist_cost"] * metres + vehicle["time_cost"] * duration
    for i, client in enumerate(clients):
        if client["required"] and i not in served:
            faults.append(f"clients[{i}]: required and not visited")
    uncollected = sum(client["prize"] for client in clients) - prize
    figures = {"objective": prize - cost, "prize": prize, "cost": cost, "uncollected": uncollected}
    return faults, figures | {"visits": len(served), "routes": len(used)}


def load_routes(path, instance):
    """Routes of a solution file; numbers of vehicles and clients exist."""
    try:
        with open(path, encoding="utf-8") as file:
            rows = json.load(file)["routes"]
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f'{path}: not {{"routes": [[vehicle, [client, ...]], ...]}}: {error}') from error
    if not isinstance(rows, list):
        raise Refused(f"{path}: routes: a list is expected")
    for i, row in enumerate(rows):
        if not (isinstance(row, list) and len(row) == 2 and isinstance(row[1], list)):
            raise Refused(f"{path}: routes[{i}]: not [vehicle, [client, ...]]")
        numbers = [("vehicle", row[0], len(instance["vehicles"]))]
        numbers += [("client", x, len(instance["clients"])) for x in row[1]]
        for what, x, count in numbers:
            if not isinstance(x, int) or isinstance(x, bool) or not 0 <= x < count:
                raise Refused(f"{path}: routes[{i}]: {x!r} is no {what}; there are {count}")
    return [(vehicle, order) for vehicle, order in rows]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        instance = instances.load(sys.argv[1])
        faults, figures = judge(instance, load_routes(sys.argv[2], instance))
    except Refused as error:
        sys.exit(str(error))
    print(json.dumps({"faults": faults} | figures))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
