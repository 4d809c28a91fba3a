"""Doorstep's road engine and OSRM on the same extract and points, in one go.

    python3.12 -m venv venv && venv/bin/pip install -r tests/bench/roads/requirements.txt
    cargo build --release
    venv/bin/python tests/bench/roads/run.py --pbf EXTRACT.osm.pbf --work FOLDER

Prints a table of processor seconds on one thread and how far the two differ in seconds and
metres after one factor, and writes both into FOLDER/figures.json. OSRM's files are made in
FOLDER once (about a minute and a half for a small state) and used again.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy
import osrm

PACKAGE = Path(osrm.__file__).parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pbf", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--doorstep", type=Path, default=Path("target/release/doorstep"))
    parser.add_argument("--sizes", default="200,1000,2000,5000")
    parser.add_argument("--compare", type=int, default=1000, help="size of the matrix that is compared")
    parser.add_argument("--most", type=int, default=2000, help="largest table OSRM is asked for")
    return parser.parse_args()


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def prepare_osrm(args):
    """OSRM's files; processor seconds of extract and contract, or None where they were there."""
    base = args.work / "osrm.osrm"
    if base.with_suffix(".osrm.hsgr").exists():
        return base, None
    pbf = args.work / "osrm.osm.pbf"
    pbf.write_bytes(args.pbf.read_bytes())
    profile = PACKAGE / "share" / "profiles" / "car.lua"
    before = children_cpu()
    for command in (["extract", "-t", "1", "-p", str(profile), str(pbf)], ["contract", "-t", "1", str(base)]):
        subprocess.run([sys.executable, "-m", "osrm", *command], check=True, stdout=subprocess.DEVNULL)
    return base, children_cpu() - before


def doorstep(args):
    figures = args.work / "doorstep.json"
    subprocess.run(
        [args.doorstep, "bench", "roads", "--pbf", args.pbf, "--sizes", args.sizes, "--json", figures]
        + ["--points-out", args.work / "points.csv", "--matrix-out", str(args.compare), args.work / "matrix.csv"],
        check=True,
    )
    return json.loads(figures.read_text())


def points(args):
    with open(args.work / "points.csv", newline="") as file:
        return [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)]


def osrm_table(engine, coordinates):
    parameters = osrm.TableParameters(coordinates=coordinates, annotations=["duration", "distance"])
    before = time.process_time()
    result = engine.Table(parameters)
    return result, time.process_time() - before


def numbers(table):
    return numpy.array([[numpy.nan if cell is None else float(cell) for cell in row] for row in table])


def difference(ours, theirs):
    """Median and 95th percentile of |ours * f / theirs - 1| in percent, f the median ratio."""
    fits = numpy.isfinite(ours) & numpy.isfinite(theirs) & (ours > 0) & (theirs > 0)
    ratio = ours[fits] / theirs[fits]
    factor = numpy.median(ratio)
    error = numpy.abs(ratio / factor - 1) * 100
    return {
        "pairs": int(fits.sum()),
        "factor": round(float(1 / factor), 4),
        "median_percent": round(float(numpy.median(error)), 2),
        "p95_percent": round(float(numpy.percentile(error, 95)), 2),
    }


def compare(args, engine, coordinates):
    n = args.compare
    ours = {name: numpy.full((n, n), numpy.nan) for name in ("seconds", "metres")}
    size = 0
    with open(args.work / "matrix.csv", newline="") as file:
        for row in csv.DictReader(file):
            i, j = int(row["from"]), int(row["to"])
            if i < n and j < n:
                for name, table in ours.items():
                    table[i, j] = float(row[name])
                size += 1
    result, _ = osrm_table(engine, coordinates[:n])
    return {
        "seconds": difference(ours["seconds"], numbers(result["durations"])),
        "metres": difference(ours["metres"], numbers(result["distances"])),
    }


def main():
    args = arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    own = doorstep(args)
    base, prepare = prepare_osrm(args)
    engine = osrm.OSRM(storage_config=str(base), algorithm="CH", use_shared_memory=False, max_locations_distance_table=100_000)
    coordinates = points(args)
    peer = {}
    for square in own["matrix"]:
        n = square["n"]
        if n <= args.most:
            _, peer[n] = osrm_table(engine, coordinates[:n])
    difference_to_peer = compare(args, engine, coordinates)
    print(f"\n{'CPU seconds':24}{'doorstep':>12}{'OSRM':>12}")
    print(f"{'preparation':24}{own['prepare_cpu_s']:12.2f}" + (f"{prepare:12.1f}" if prepare else f"{'kept':>12}"))
    for square in own["matrix"]:
        n = square["n"]
        there = f"{peer[n]:12.3f}" if n in peer else f"{'-':>12}"
        print(f"{f'{n} x {n}':24}{square['cpu_s']:12.3f}{there}")
    for name, figures in difference_to_peer.items():
        print(f"{name}: {figures}")
    figures = {"doorstep": own, "osrm": {"prepare_cpu_s": prepare, "table_cpu_s": peer}, "difference": difference_to_peer}
    (args.work / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
