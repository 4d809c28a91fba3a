"""Made-up working days with prizes, the same for the same family, sizes and seed.

    python3 generate.py FAMILY CLIENTS AGENTS SEED > instance.json

Families: `town` (homes in a few dense quarters), `county` (small places far apart, many homes on their own),
`rules` (a town where some clients need a language and some have to be visited). Metres, seconds, money in millionths.
"""

import json
import math
import random
import sys

from instance import Refused

HOUR = 3600
SHIFT = 8 * HOUR

# Side of the square at 200 clients in metres, clients a quarter, share in quarters, spread of a quarter in shares of
# the side, kilometres an hour, share with a language, share that has to be visited.
FAMILIES = {
    "town": (11_000, 50, 0.75, 0.035, 24, 0.0, 0.0),
    "county": (45_000, 20, 0.5, 0.012, 50, 0.0, 0.0),
    "rules": (11_000, 50, 0.75, 0.035, 24, 0.12, 0.01),
}


def generate(family, clients, agents, seed):
    if family not in FAMILIES:
        raise Refused(f"family: {family!r} is none of {', '.join(FAMILIES)}")
    for name, count in (("clients", clients), ("agents", agents)):
        if not 1 <= count <= 100_000:
            raise Refused(f"{name}: {count} is not from 1 to 100000")
    dice = random.Random(f"{family} {clients} {agents} {seed}")
    side, to_a_quarter, share, spread, speed, language, required = FAMILIES[family]
    # The area grows a little slower than the number of clients: larger books are denser.
    side *= math.sqrt(clients / 200) ** 0.9
    count = max(3, clients // to_a_quarter)
    quarters = [(dice.uniform(0.05, 0.95) * side, dice.uniform(0.05, 0.95) * side) for _ in range(count)]
    sizes = [dice.expovariate(1) + 0.2 for _ in quarters]

    def place(near, width):
        if dice.random() >= near:
            return [round(dice.uniform(0, side)), round(dice.uniform(0, side))]
        middle = dice.choices(quarters, sizes)[0]
        return [round(min(max(dice.gauss(x, width * side), 0), side)) for x in middle]

    bases = [place(0.6, 2 * spread) for _ in range(agents)]
    homes = [place(share, spread) for _ in range(clients)]
    return {
        "name": f"{family}_{clients}_{agents}_{seed}",
        "kind": "profit",
        "locs": bases + homes,
        "dist_factor": 1.3,
        "rounding": "round",
        "speed": round(speed / 3.6, 3),
        "ndepots": agents,
        "clients": [client(dice, agents + i, language, required) for i in range(clients)],
        "vehicles": [agent(dice, k, language) for k in range(agents)],
        "prize_scale": 1_000_000,
    }


def client(dice, loc, language, required):
    # What a visit brings: part of a balance that is often small and seldom large.
    prize = dice.lognormvariate(math.log(560), 0.9) * dice.betavariate(2, 18) * dice.uniform(0.1, 0.5)
    found = {"loc": loc, "service": 60 * dice.choice((10, 12, 12, 15)), "tw": window(dice), "prize": round(prize * 1e6)}
    found |= {"demand": 1, "required": False}
    if dice.random() < required:
        return found | {"required": True, "tw": [0, SHIFT]}
    if dice.random() < language:
        found["skill"] = "second language"
    return found


def window(dice):
    """Any time, a part of the day, or an agreed hour and a half or two."""
    kind = dice.random()
    if kind < 0.4:
        return [0, SHIFT]
    if kind < 0.7:
        opens = dice.choice((0, 2 * HOUR, 5 * HOUR))
        return [opens, opens + 3 * HOUR]
    opens = 1800 * dice.randrange(13)
    return [opens, min(opens + dice.choice((5400, 7200)), SHIFT)]


def agent(dice, base, language):
    """At home at both ends, 0.25 a kilometre, 6 an hour, at most 30 visits; one in five works shorter."""
    hours = SHIFT if dice.random() >= 0.2 else 6 * HOUR
    speaks = language > 0 and (base == 0 or dice.random() < 0.35)
    ends = {"start": base, "end": base, "tw": [0, hours], "max_dur": hours}
    return ends | {"dist_cost": 250, "time_cost": 1667, "capacity": 30, "skills": ["second language"] if speaks else []}


def main():
    if len(sys.argv) != 5 or not all(x.isdecimal() for x in sys.argv[2:]):
        sys.exit(__doc__)
    try:
        made = generate(sys.argv[1], *map(int, sys.argv[2:]))
    except Refused as error:
        sys.exit(str(error))
    json.dump(made, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
