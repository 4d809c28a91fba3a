"""Checks what three runs of the demo left in a directory.

usage: python3 .ci/check_demo.py DIR PROGRAM

DIR holds first.json and second.json, the summaries of two fresh data directories a and b, and again.json, the
summary of a second run on a. PROGRAM is doorstep, asked for both sides of the log. Ends with 1 and one line per thing that does not hold.
"""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

STOPS = (
    "plan_date plan_version route stop agent_ref case_ref lat lon address arrive_at start_at leave_at "
    "leg_metres leg_s prize_minor marginal_minor geocode_grade also"
).split()
LEFT_OUT = "plan_date plan_version case_ref lat lon code reason prize_minor detour_cost_minor".split()
FILES = ["stops.csv", "left-out.csv", "plan.geojson", "sheets.html", "plan.html"]
DAY = (
    "visits_logged visits_merged payments_logged_minor payments_merged_minor conflicts refused lost doubled"
).split()
SAME = ["cases", "agents", "stops_planned", "unserved", "profit_minor", "cells", *DAY]
OPS = ["device", "seq", "body_hash"]

wrong = []


def hold(what, holds):
    print(("ok     " if holds else "WRONG  ") + what)
    if not holds:
        wrong.append(what)


def summary(path):
    found = json.loads(path.read_text(encoding="utf-8"))
    expected = sorted(SAME + ["seconds", "peak_rss_mb"])
    hold(f"{path.name} has {', '.join(expected)}", sorted(found) == expected)
    return found


def table(path, header):
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        hold(f"{path.name} starts with {','.join(header)}", next(rows, None) == header)
        return [dict(zip(header, row, strict=True)) for row in rows]


def figures(name, found):
    for what, holds in {
        "cases >= 3000": found["cases"] >= 3000,
        "agents == 12": found["agents"] == 12,
        "stops_planned > 100": found["stops_planned"] > 100,
        "stops_planned + unserved == cases": found["stops_planned"] + found["unserved"] == found["cases"],
        "profit_minor > 0": found["profit_minor"] > 0,
        "cells > 50": found["cells"] > 50,
        "visits_logged > 100": found["visits_logged"] > 100,
        "visits_merged == visits_logged": found["visits_merged"] == found["visits_logged"],
        "payments_logged_minor > 0": found["payments_logged_minor"] > 0,
        "payments_merged_minor == payments_logged_minor": found["payments_merged_minor"]
        == found["payments_logged_minor"],
        "conflicts > 0": found["conflicts"] > 0,
        "lost == 0": found["lost"] == 0,
        "doubled == 0": found["doubled"] == 0,
        # Bounds of sanity on a busy machine; the figures aimed at are in server/docs/BENCHMARKS.md.
        "seconds < 120": found["seconds"] < 120,
        "peak_rss_mb < 600": found["peak_rss_mb"] < 600,
    }.items():
        hold(f"{name}: {what}", holds)


def folder_of(data):
    folders = sorted((data / "plans").iterdir())
    hold(f"{data.name}: one plan was written", len(folders) == 1)
    return folders[0]


def files(data, folder, found):
    hold(f"{data.name}: {', '.join(FILES)}", sorted(p.name for p in folder.iterdir()) == sorted(FILES))
    stops = table(folder / "stops.csv", STOPS)
    left_out = table(folder / "left-out.csv", LEFT_OUT)
    hold("stops.csv has every stop", len(stops) == found["stops_planned"])
    hold("left-out.csv has every case left out", len(left_out) == found["unserved"])
    hold("every case left out has a code and a sentence", all(r["code"] and r["reason"] for r in left_out))
    with (data / "demo-cases.csv").open(encoding="utf-8", newline="") as file:
        book = sorted(row["case_ref"] for row in csv.DictReader(file))
    told = sorted(row["case_ref"] for row in stops + left_out)
    hold("every case of the book is planned or left out, once", told == book)
    geojson = json.loads((folder / "plan.geojson").read_text(encoding="utf-8"))
    hold("plan.geojson is a FeatureCollection", geojson["type"] == "FeatureCollection")
    hold("plan.geojson has more features than stops", len(geojson["features"]) > len(stops))
    for name in ["plan.html", "sheets.html"]:
        text = (folder / name).read_text(encoding="utf-8")
        hold(f"{name} is whole", text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>"))
        loads = [mark for mark in ['src="http', 'src="//', "@import", "url(http"] if mark in text]
        hold(f"{name} loads nothing from elsewhere", not loads)
        hold(f"{name} names its source", "OpenStreetMap contributors" in text)


def told(program, *arguments):
    said = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    rows = list(csv.reader(said.stdout.splitlines()))
    hold(f"{' '.join(arguments[:2])} prints {','.join(OPS)}", rows[:1] == [OPS])
    return Counter(map(tuple, rows[1:]))


def both_sides(program, data, found):
    """Nothing of a phone is missing on the server, nothing is there twice, nothing is of nobody."""
    server = told(program, "export", "ops", "--csv", "--data-dir", str(data))
    stores = sorted((data / "phones").glob("*.sqlite"))
    hold("there is one store an agent", len(stores) == found["agents"])
    phones = set()
    for store in stores:
        held = told(program, "phone", "dump", str(store), "--csv")
        hold(f"{store.name} has every op once", max(held.values()) == 1)
        phones |= held.keys()
    hold("the phones hold more than 300 ops", len(phones) > 300)
    hold("every op is on the server once", max(server.values()) == 1)
    hold("every dot is on the server once", len({row[:2] for row in server}) == len(server))
    hold("every op of a phone is on the server", not phones - server.keys())
    hold("every op of a device is on a phone", not {row for row in server if row[0] != "0"} - phones)


def main(demo, program):
    first, second, again = (summary(demo / f"{name}.json") for name in ["first", "second", "again"])
    figures("first", first)
    figures("second", second)
    for name, other in [("second directory", second), ("same directory again", again)]:
        hold(f"{name}: the same {', '.join(SAME)}", all(first[key] == other[key] for key in SAME))
    hold("same directory again: done in 10 s", again["seconds"] < 10)
    a, b = folder_of(demo / "a"), folder_of(demo / "b")
    files(demo / "a", a, first)
    both_sides(program, demo / "a", first)
    for name in FILES:
        hold(f"{name} is the same in both directories", (a / name).read_bytes() == (b / name).read_bytes())


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(Path(sys.argv[1]), sys.argv[2])
if wrong:
    sys.exit(f"{len(wrong)} of the above do not hold")
