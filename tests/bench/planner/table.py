"""The lines of all runs, and the table made of them."""

import csv
import json
import math
import statistics

from instance import Refused

BEGIN, END = "<!-- planner beside its peers: begin -->", "<!-- planner beside its peers: end -->"
NAMES = {"doorstep": "Doorstep", "pyvrp": "PyVRP", "ortools": "OR-Tools"}
# Groups of at most so many instances are listed one by one as well.
LISTED = 8


def key(record):
    return record["instance"], record["solver"], record["seconds"], record["seed"]


def load(work):
    """The latest record of each run."""
    file = work / "results.jsonl"
    found = {}
    if file.exists():
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                record = json.loads(line)
                found[key(record)] = record
            except (ValueError, KeyError, TypeError) as error:
                raise Refused(f"{file}: line {number}: not a record of run.py: {error}") from error
    return list(found.values())


def add(work, record):
    with open(work / "results.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def best_known(path):
    """Best known values by name, `_m` and the number of routes behind it where the column m has one."""
    found = {}
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = {"instance", "m", "best_known"} - set(rows.fieldnames or [])
        if missing:
            raise Refused(f"{path}: column {min(missing)}: missing")
        for row in rows:
            try:
                value = float(row["best_known"])
            except (TypeError, ValueError):
                value = math.nan
            if not 0 < value < math.inf:
                raise Refused(f"{path}: line {rows.line_num}: best_known: {row['best_known']!r} is not a number above 0")
            found[row["instance"] + (f"_m{row['m']}" if row["m"] else "")] = int(value) if value == int(value) else value
    return found


def median(records, value):
    """The median over the seeds; a run without a figure counts as worse than any. None where that is the median."""
    values = [value(r) for r in records if r["objective"] is not None]
    values += [math.inf] * (len(records) - len(values))
    middle = statistics.median(values)
    return middle if math.isfinite(middle) else None


def loss(record):
    """What is to be small: the gap, or the objective turned round."""
    return record.get("gap_percent", -record["objective"])


def remarks(records):
    """How many seeds have a figure if not all do, and the seconds of a solver that took more than its budget."""
    good = [r for r in records if r["objective"] is not None]
    used = median(records, lambda r: r["cpu_s"] or 0)
    notes = [f"{len(good)} of {len(records)} seeds"] if len(good) < len(records) else []
    if used is not None and used > 1.1 * records[0]["seconds"] + 0.2:
        notes.append(f"{used:.0f} s")
    return f" ({', '.join(notes)})" if notes else ""


def amount(records):
    """The cell of one instance: the objective in money or prizes, or the gap beside what is compared."""
    middle = median(records, loss)
    if middle is None:
        return "no plan" + remarks(records)
    if "best_known" not in records[0]:
        return f"{-middle / records[0]['prize_scale']:,.{0 if records[0]['prize_scale'] == 1 else 1}f}" + remarks(records)
    return f"{middle:.2f} %" + remarks(records)


def of_group(instances):
    """Mean and worst gap over the instances of a group; `instances` are lists of records."""
    gaps = [median(records, loss) for records in instances]
    known = [gap for gap in gaps if gap is not None]
    if not known:
        return "no plan"
    without = f" ({len(gaps) - len(known)} without a plan)" if len(known) < len(gaps) else ""
    return f"{statistics.mean(known):.2f} %, {max(known):.2f} %{without}"


def row(cells):
    return "| " + " | ".join(cells) + " |"


def render(records):
    """Both tables as Markdown."""
    if not records:
        return "Nothing measured."
    solvers = [name for name in NAMES if any(r["solver"] == name for r in records)]
    seeds = ", ".join(str(seed) for seed in sorted({r["seed"] for r in records}))
    days = sorted({r["day"] for r in records})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    heads = [f"{NAMES[name]} {' and '.join(versions(records, name))}" for name in solvers]
    lines = [f"Median of seeds {seeds}, one thread, {when}.", ""]
    plain = [r for r in records if "best_known" not in r]
    if plain:
        lines += ["Objective, money where the instance has a unit of it.", ""]
        lines += [row(["instance", "CPU s", *heads]), row(["---"] * (2 + len(solvers)))]
        lines += rows_of(plain, solvers) + [""]
    gaps = [r for r in records if "best_known" in r]
    if gaps:
        lines += ["Gap to the best known value; of a group its mean and its worst.", ""]
        lines += [row(["instances", "CPU s", *heads]), row(["---"] * (2 + len(solvers)))]
        for group in unique(r["group"] for r in gaps):
            lines += rows_of_group(group, [r for r in gaps if r["group"] == group], solvers)
        lines.append("")
    return "\n".join(lines + [memory(records, solvers)])


def unique(values):
    return list(dict.fromkeys(values))


def versions(records, solver):
    return unique(r["version"] for r in records if r["solver"] == solver)


def chosen(records, **wanted):
    return [r for r in records if all(r[name] == value for name, value in wanted.items())]


def rows_of(records, solvers):
    lines = []
    for name in unique(r["instance"] for r in records):
        for seconds in sorted({r["seconds"] for r in records if r["instance"] == name}):
            here = chosen(records, instance=name, seconds=seconds)
            cells = [chosen(here, solver=solver) for solver in solvers]
            lines.append(row([name, f"{seconds:g}", *(amount(c) if c else "" for c in cells)]))
    return lines


def rows_of_group(group, records, solvers):
    names = unique(r["instance"] for r in records)
    lines = rows_of(records, solvers) if len(names) <= LISTED else []
    for seconds in sorted({r["seconds"] for r in records}):
        here, cells = chosen(records, seconds=seconds), []
        measured = unique(r["instance"] for r in here)
        for solver in solvers:
            mine = [chosen(here, instance=name, solver=solver) for name in measured]
            mine = [one for one in mine if one]
            part = f" ({len(mine)} of them)" if 0 < len(mine) < len(measured) else ""
            cells.append(of_group(mine) + part if mine else "")
        lines.append(row([f"{group}, {len(measured)}", f"{seconds:g}", *cells]))
    return lines


def memory(records, solvers):
    most = []
    for solver in solvers:
        mine = [r for r in records if r["solver"] == solver and r.get("peak_mb")]
        if mine:
            top = max(mine, key=lambda r: r["peak_mb"])
            most.append(f"{NAMES[solver]} {top['peak_mb']:,.0f} MB ({top['instance']})")
    return f"Most memory of a process, reading and tables included: {', '.join(most)}."


def between(path, text, inner):
    """The text with what stands between its two markers replaced."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise Refused(f"{path}: {BEGIN} and {END} have to stand there once each, in this order")
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{inner}\n{END}{rest.split(END)[1]}"


def write(path, inner):
    text = path.read_text(encoding="utf-8")
    path.write_text(between(path, text, inner), encoding="utf-8")
