"""Doorstep's planner, PyVRP and OR-Tools side by side: the same instances, processor seconds and seeds, one thread each.

    python3.12 -m venv venv && venv/bin/pip install -r tests/bench/planner/requirements.txt
    cargo build --release
    venv/bin/python tests/bench/planner/run.py town:200:5:1 --cpu-seconds 10,30 --work work

INSTANCE is a JSON instance (`doorstep plan export-instance` writes one), a TOPTW or VRPTW text file, or
FAMILY:CLIENTS:AGENTS:SEED of generate.py. Prints one line of JSON a run and adds it to WORK/results.jsonl, from which
the table is made; a figure stands there only if check.py finds nothing broken and recomputes it.
"""

import argparse
import datetime
import json
import math
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import check
import generate
import instance as instances
import table
import texts
from instance import Refused

HERE = Path(__file__).resolve().parent
PACKAGES = {"pyvrp": "pyvrp", "ortools": "ortools"}
SOLVERS = ("doorstep", *PACKAGES)
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def listed(kind):
    def read(text):
        found = [kind(part) for part in text.split(",") if part]
        if not found or any(isinstance(x, (int, float)) and (x <= 0 or not math.isfinite(x)) for x in found):
            raise ValueError(text)
        return found

    read.__name__ = f"list of {kind.__name__}"
    return read


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("instances", nargs="*", metavar="INSTANCE")
    parser.add_argument("--work", type=Path, required=True, help="folder for instances, solutions, logs and results")
    parser.add_argument("--cpu-seconds", type=listed(float), default=[10.0], metavar="S,...")
    parser.add_argument("--seeds", type=listed(int), default=[1, 2, 3], metavar="N,...")
    parser.add_argument("--solvers", type=listed(str), default=list(SOLVERS), metavar="NAME,...")
    parser.add_argument("--routes", type=listed(int), default=[1, 2, 3, 4], metavar="M,...", help="of TOPTW files")
    parser.add_argument("--best-known", type=Path, metavar="CSV", help="columns instance, m, best_known")
    parser.add_argument("--doorstep", type=Path, default=Path("target/release/doorstep"))
    parser.add_argument("--table", type=Path, metavar="MD", help="rewrite the table between the markers of this file")
    parser.add_argument("--resume", action="store_true", help="leave out what WORK/results.jsonl has")
    parser.add_argument("--allowance", type=int, default=300, help="processor seconds beside the budget; more ends a run")
    args = parser.parse_intermixed_args()
    unknown = [name for name in args.solvers if name not in SOLVERS]
    if unknown:
        parser.error(f"--solvers: {unknown[0]!r} is none of {', '.join(SOLVERS)}")
    if args.allowance < 1:
        parser.error("--allowance: at least 1")
    return args


def versions(args):
    """Of each solver asked for; what is missing is said before anything runs."""
    found = {}
    for name in args.solvers:
        if name in PACKAGES:
            try:
                found[name] = metadata.version(PACKAGES[name])
            except metadata.PackageNotFoundError as error:
                raise Refused(f"{name} is missing: pip install -r {HERE / 'requirements.txt'}") from error
            continue
        try:
            told = subprocess.run([args.doorstep, "--version"], capture_output=True, text=True, timeout=60, check=True)
            subprocess.run([args.doorstep, "bench", "planner", "--help"], capture_output=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise Refused(f"--doorstep: {args.doorstep} has no `bench planner`: cargo build --release") from error
        found[name] = told.stdout.split()[-1]
    return found


def sources(args):
    """What to run: a name for messages, the group in the table and how to make the instance."""
    for text in args.instances:
        made = re.fullmatch(r"(\w+):(\d+):(\d+):(\d+)", text)
        if made:
            family, sizes = made[1], [int(part) for part in made.groups()[1:]]
            yield "made-up days", lambda family=family, sizes=sizes: generate.generate(family, *sizes)
        elif text.endswith(".json"):
            yield "days", lambda text=text: named(instances.load(text), Path(text).stem)
        else:
            kind = texts.looks_like(text)
            if kind == "toptw":
                group = "TOPTW of Cordeau" if Path(text).name.startswith("pr") else "TOPTW of Solomon"
                for m in args.routes:
                    yield group, lambda text=text, m=m: texts.toptw(text, m)
            else:
                read = texts.solomon if kind == "solomon" else texts.vrplib
                yield "VRPTW", lambda text=text, read=read: read(text)


def named(found, name):
    return found | {"name": found["name"] or name}


def prepare(args):
    """Group and file in WORK of every instance, so that what cannot be read is said before anything runs."""
    files, seen = [], set()
    for group, make in sources(args):
        found = make()
        found = instances.complete(found, found["name"])
        name = found["name"]
        if not found["clients"] or not found["vehicles"]:
            raise Refused(f"{name}: clients, vehicles: at least one of each is needed")
        if name in seen:
            raise Refused(f"{name}: name: two instances have it, and the table tells them by it")
        seen.add(name)
        file = args.work / (re.sub(r"[^\w.-]", "_", name) + ".json")
        file.write_text(json.dumps(found, separators=(",", ":")), encoding="utf-8")
        if group == "VRPTW" and any(client["prize"] for client in found["clients"]):
            group = "VRPTW with prizes"
        files.append((group, file))
    return files


def command(args, solver, file, seconds, seed, out):
    budget = ["--cpu-seconds", str(seconds), "--seed", str(seed)]
    if solver == "doorstep":
        return [args.doorstep, "bench", "planner", file, *budget, "--threads", "1", "--out", out]
    return [sys.executable, HERE / "peer.py", solver, file, *budget, "--out", out]


def measure(args, solver, file, seconds, seed):
    """What the run printed, where its solution is and what it used; or why there is none."""
    out, told, said = (args.work / f"{solver}.{end}" for end in ("solution.json", "out", "err"))
    out.unlink(missing_ok=True)
    cpu = math.ceil(seconds) + args.allowance
    # Where others keep the machine busy the clock runs on: three times as long, then it ends.
    limits = [str(cpu), str(3 * cpu), told, said]
    whole = [sys.executable, "-I", "-S", HERE / "measure.py", *limits, *command(args, solver, file, seconds, seed, out)]
    used = subprocess.run([str(x) for x in whole], capture_output=True, text=True, env=os.environ | ONE_THREAD)
    if used.returncode:
        return {}, None, {"failed": (used.stderr.strip().splitlines() or ["it did not start"])[-1]}
    used = json.loads(used.stdout)
    if used.pop("late"):
        return {}, None, used | {"failed": f"ended after {used['cpu_s']} processor seconds"}
    if used.pop("code") or not out.exists():
        text = said.read_text(encoding="utf-8", errors="replace").strip()
        text = text.splitlines()[-1] if "Traceback" in text else text[-300:]
        return {}, None, used | {"failed": text or "no solution, no message"}
    try:
        printed = json.loads(told.read_text(encoding="utf-8"))
    except ValueError as error:
        return {}, None, used | {"failed": f"{told}: not JSON: {error}"}
    return printed, out, used


def run(args, found, file, solver, seconds, seed):
    """The figures of one run; without an objective where anything is wrong."""
    told, out, used = measure(args, solver, file, seconds, seed)
    record = {"objective": None, "prize": None, "cost": None, "visits": None, "routes": None}
    record |= {"cpu_s": told.get("cpu_s"), "cpu_total_s": used.get("cpu_s"), "peak_mb": used.get("peak_mb")}
    record |= {"iterations": told.get("iterations"), "wall_s": used.get("wall_s")}
    if "failed" in used:
        return record | {"failed": used["failed"]}
    try:
        faults, figures = check.judge(found, check.load_routes(out, found))
    except Refused as error:
        return record | {"failed": str(error)}
    for name in ("objective", "prize", "cost", "visits", "routes"):
        if name in told and told[name] != figures[name]:
            faults.append(f"{name}: it says {told[name]}, the checker {figures[name]}")
    if faults:
        return record | {"failed": f"{len(faults)} broken: " + "; ".join(faults[:3])}
    return record | figures


def with_gap(record, best):
    known = best.get(record["instance"])
    if known is None:
        return record
    record["best_known"] = known
    if record["objective"] is None:
        return record
    if record["group"].startswith("VRPTW"):
        record["gap_percent"] = round(100 * (record["cost"] + record["uncollected"] - known) / known, 3)
    else:
        record["gap_percent"] = round(100 * (known - record["objective"]) / known, 3)
    return record


def measure_all(args, best):
    told, files = versions(args), prepare(args)
    done = {table.key(record) for record in table.load(args.work)} if args.resume else set()
    runs = len(files) * len(args.seeds) * len(args.solvers)
    hours = runs * sum(args.cpu_seconds) / 3600
    print(f"{runs * len(args.cpu_seconds)} runs, {hours:.2f} processor hours of search", file=sys.stderr)
    refused = 0
    for group, file in files:
        found = instances.load(file)
        facts = {"instance": found["name"], "group": group, "prize_scale": found["prize_scale"]}
        facts |= {"clients": len(found["clients"]), "vehicles": len(found["vehicles"])}
        for seconds in args.cpu_seconds:
            for turn, seed in enumerate(args.seeds):
                # Each solver is once the first: what else the machine does hits all alike.
                first = turn % len(args.solvers)
                for solver in args.solvers[first:] + args.solvers[:first]:
                    what = facts | {"solver": solver, "version": told[solver], "seconds": seconds, "seed": seed}
                    if table.key(what) in done:
                        continue
                    record = what | run(args, found, file, solver, seconds, seed)
                    record["day"] = datetime.date.today().isoformat()
                    record = with_gap(record, best)
                    refused += solver == "doorstep" and record["objective"] is None
                    print(json.dumps(record), flush=True)
                    table.add(args.work, record)
    return refused


def main():
    args = arguments()
    try:
        args.work.mkdir(parents=True, exist_ok=True)
        best = table.best_known(args.best_known) if args.best_known else {}
        if args.table:
            table.between(args.table, args.table.read_text(encoding="utf-8"), "")
        refused = measure_all(args, best) if args.instances else 0
        text = table.render([with_gap(record, best) for record in table.load(args.work)])
        print(text, file=sys.stderr)
        if args.table:
            table.write(args.table, text)
    except (Refused, OSError) as error:
        sys.exit(f"run.py: {error}")
    if refused:
        sys.exit(f"run.py: {refused} runs of Doorstep have no figure, the lines say why")


if __name__ == "__main__":
    main()
