"""Checks what three runs of the demo left in a directory.

usage: python3 .ci/check_demo.py DIR

DIR holds first.json and second.json, the summaries of two fresh data directories a and b, and again.json, the
summary of a second run on a. Ends with 1 and one line per thing that does not hold.
"""

import csv
import json
import sys
from pathlib import Path

STOPS = (
    "plan_date plan_version route stop agent_ref case_ref lat lon address arrive_at start_at leave_at "
    "leg_metres leg_s prize_minor marginal_minor"
).split()
LEFT_OUT = "plan_date plan_version case_ref lat lon code reason prize_minor detour_cost_minor".split()
FILES = ["stops.csv", "left-out.csv", "plan.geojson", "sheets.html", "plan.html"]
SAME = ["cases", "agents", "stops_planned", "unserved", "profit_minor", "cells"]

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


def main(demo):
    first, second, again = (summary(demo / f"{name}.json") for name in ["first", "second", "again"])
    figures("first", first)
    figures("second", second)
    for name, other in [("second directory", second), ("same directory again", again)]:
        hold(f"{name}: the same {', '.join(SAME)}", all(first[key] == other[key] for key in SAME))
    hold("same directory again: done in 10 s", again["seconds"] < 10)
    a, b = folder_of(demo / "a"), folder_of(demo / "b")
    files(demo / "a", a, first)
    for name in FILES:
        hold(f"{name} is the same in both directories", (a / name).read_bytes() == (b / name).read_bytes())


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(Path(sys.argv[1]))
if wrong:
    sys.exit(f"{len(wrong)} of the above do not hold")
