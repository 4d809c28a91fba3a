"""A made-up book of a large lender in Delaware, for measuring whole days.

  python3 book.py CASES AGENTS SEED DIRECTORY

writes cases.csv and agents.csv: homes scattered around the state's towns by their population, agents based in them.
Nothing in it is a person's.
"""
import csv
import random
import sys
from pathlib import Path

# Latitude, longitude, population in thousands, spread in degrees.
TOWNS = [
    (39.745, -75.547, 71, 0.030), (39.684, -75.750, 31, 0.025), (39.158, -75.524, 38, 0.030),
    (39.449, -75.716, 22, 0.025), (39.662, -75.566, 30, 0.030), (39.299, -75.605, 11, 0.020),
    (38.912, -75.428, 11, 0.020), (38.641, -75.611, 8, 0.020), (38.690, -75.385, 7, 0.020),
    (38.774, -75.139, 6, 0.020), (38.716, -75.100, 4, 0.015), (38.591, -75.291, 5, 0.020),
    (38.746, -75.604, 5, 0.020), (39.021, -75.577, 4, 0.030), (39.580, -75.640, 25, 0.030),
    (38.539, -75.100, 4, 0.015), (39.078, -75.570, 3, 0.040), (38.800, -75.450, 3, 0.060),
]
LANGUAGES = ["en"] * 9 + ["es"]


def home(dice):
    lat, lon, _, spread = dice.choices(TOWNS, [town[2] for town in TOWNS])[0]
    return f"{dice.gauss(lat, spread):.6f}", f"{dice.gauss(lon, spread):.6f}"


def cases(dice, count):
    for number in range(1, count + 1):
        lat, lon = home(dice)
        due = int(dice.lognormvariate(11.2, 0.9))
        evening = dice.random() < 0.2
        yield {
            "case_ref": f"C{number:06}", "borrower_ref": f"B{number:06}", "lat": lat, "lon": lon,
            "amount_due_minor": due, "principal_minor": due * 3, "dpd": dice.randint(31, 240),
            "ability_minor": int(due * dice.uniform(0.05, 0.6)), "language": dice.choice(LANGUAGES),
            "visit_from": "16:00" if evening else "", "visit_to": "20:00" if evening else "",
        }


def agents(dice, count):
    for number in range(1, count + 1):
        lat, lon = home(dice)
        yield {
            "agent_ref": f"A{number:03}", "name": f"Agent {number}", "base_lat": lat, "base_lon": lon,
            "shift_start": "08:30", "shift_end": "16:30", "days": "mon;tue;wed;thu;fri",
            "languages": "en;es" if number % 4 == 0 else "en",
        }


def write(path, rows):
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, rows[0].keys())
        lines.writeheader()
        lines.writerows(rows)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    count, staff, seed = map(int, sys.argv[1:4])
    folder = Path(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    write(folder / "agents.csv", agents(dice, staff))
    write(folder / "cases.csv", cases(dice, count))


if __name__ == "__main__":
    main()
