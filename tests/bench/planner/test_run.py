"""The whole course with made-up solvers, and the table of made-up records."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import run
import table
from instance import Refused

DAY = {
    "name": "day",
    "kind": "profit",
    "locs": [[0, 0], [3, 4]],
    "dist_factor": 100,
    "speed": 10,
    "clients": [{"loc": 1, "service": 60, "tw": [0, 50], "prize": 5000, "demand": 1}],
    "vehicles": [{"start": 0, "end": 0, "tw": [0, 900], "max_dur": 900, "dist_cost": 1, "time_cost": 1}],
    "prize_scale": 1,
}

# The one visit: 1000 m and 160 s.
VISIT = {"objective": 3840, "prize": 5000, "cost": 1160, "visits": 1, "routes": 1, "cpu_s": 0.5, "iterations": 9}


class Course(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "day.json").write_text(json.dumps(DAY), encoding="utf-8")

    def solver(self, routes, told, extra=""):
        """A program in place of Doorstep, which says what it is told to."""
        path = self.folder / "doorstep"
        lines = [f"#!{sys.executable} -IS", "import sys", "if '--version' in sys.argv: print('doorstep 9.9')"]
        lines += ["elif '--help' not in sys.argv:", f"    {extra or 'pass'}"]
        lines += [f"    open(sys.argv[-1], 'w').write({json.dumps({'routes': routes})!r})", f"    print({told!r})"]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def run_it(self, *more):
        arguments = ["run.py", str(self.folder / "day.json"), "--work", str(self.folder / "work"), "--seeds", "1"]
        arguments += ["--solvers", "doorstep", "--doorstep", str(self.folder / "doorstep"), *more]
        out = io.StringIO()
        with mock.patch.object(sys, "argv", arguments), contextlib.redirect_stdout(out):
            with contextlib.redirect_stderr(io.StringIO()):
                try:
                    run.main()
                    code = 0
                except SystemExit as ended:
                    code = ended.code
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    def test_a_figure_that_the_checker_finds_as_well(self):
        self.solver([[0, [0]]], json.dumps(VISIT))
        code, (record,) = self.run_it()
        self.assertEqual(code, 0)
        self.assertEqual({name: record[name] for name in VISIT}, VISIT)
        self.assertEqual((record["solver"], record["version"], record["seconds"], record["seed"]), ("doorstep", "9.9", 10, 1))
        self.assertGreater(record["peak_mb"], 1)
        self.assertNotIn("failed", record)

    def test_a_figure_that_is_not_that_of_the_solution_is_refused(self):
        self.solver([[0, [0]]], json.dumps(VISIT | {"objective": 3841}))
        code, (record,) = self.run_it()
        self.assertIn("1 runs of Doorstep have no figure", code)
        self.assertEqual((record["objective"], record["prize"]), (None, None))
        self.assertEqual(record["failed"], "1 broken: objective: it says 3841, the checker 3840")

    def test_the_figure_of_a_broken_plan_is_refused(self):
        late = DAY | {"clients": [DAY["clients"][0] | {"tw": [0, 49]}]}
        (self.folder / "day.json").write_text(json.dumps(late), encoding="utf-8")
        self.solver([[0, [0]]], json.dumps(VISIT))
        _, (record,) = self.run_it()
        self.assertIsNone(record["objective"])
        self.assertEqual(record["failed"], "1 broken: clients[0]: vehicles[0] comes after its window")

    def test_programs_that_fail_say_nothing_or_never_end(self):
        for extra, told, message in (
            ("sys.exit('out of luck')", "{}", "^out of luck$"),
            ("pass", "no JSON", "not JSON"),
            ("\n    while True: pass", "{}", "^ended after [12]"),
            ("sys.argv[-1] = '/dev/null'", json.dumps(VISIT), "no solution, no message"),
        ):
            with self.subTest(message):
                self.solver([[0, [0]]], told, extra)
                code, (record,) = self.run_it("--cpu-seconds", "0.01", "--allowance", "1")
                self.assertRegex(record["failed"], message)
                self.assertIsNone(record["objective"])
                self.assertIn("no figure", code)

    def test_resumed_runs_are_not_run_again(self):
        self.solver([[0, [0]]], json.dumps(VISIT))
        self.assertEqual(len(self.run_it()[1]), 1)
        self.assertEqual(len(self.run_it("--resume")[1]), 0)
        self.assertEqual([r["seed"] for r in self.run_it("--resume", "--seeds", "1,2")[1]], [2])
        self.assertEqual(len(self.run_it()[1]), 1)

    def test_the_table_is_written_between_its_markers(self):
        self.solver([[0, [0]]], json.dumps(VISIT))
        page = self.folder / "page.md"
        page.write_text(f"above\n{table.BEGIN}\nold\n{table.END}\nbelow\n", encoding="utf-8")
        best = self.folder / "best.csv"
        best.write_text("instance,m,best_known\nday,,4000\n", encoding="utf-8")
        code, _ = self.run_it("--table", str(page), "--best-known", str(best))
        self.assertEqual(code, 0)
        text = page.read_text(encoding="utf-8")
        self.assertTrue(text.startswith(f"above\n{table.BEGIN}\n") and text.endswith(f"\n{table.END}\nbelow\n"), text)
        # 160 of 4000.
        self.assertIn("| day | 10 | 4.00 % |", text)
        self.assertNotIn("old", text)

    def test_what_is_missing_is_said_first(self):
        self.assertRegex(self.run_it()[0], "--doorstep: .* has no `bench planner`")
        self.solver([[0, [0]]], json.dumps(VISIT))
        (self.folder / "page.md").write_text("no markers\n", encoding="utf-8")
        self.assertRegex(self.run_it("--table", str(self.folder / "page.md"))[0], "page.md: .* have to stand there")
        self.assertRegex(self.run_it(str(self.folder / "day.json"))[0], "day: name: two instances")
        (self.folder / "best.csv").write_text("instance,m,best_known\nday,,none\n", encoding="utf-8")
        code, lines = self.run_it("--best-known", str(self.folder / "best.csv"))
        self.assertRegex(code, "best.csv: line 2: best_known: 'none'")
        self.assertEqual(lines, [])


def record(instance, solver, objective, seed=1, **more):
    found = {"instance": instance, "group": "days", "prize_scale": 1000, "solver": solver, "version": "1", "seconds": 10.0}
    found |= {"seed": seed, "objective": objective, "cpu_s": 10.0, "peak_mb": 30.0, "day": "2026-11-25"}
    return found | more


class Gaps(unittest.TestCase):
    def test_prizes_fall_short_and_costs_are_above(self):
        best = {"pr01_m2": 500, "R1": 2000}
        prize = run.with_gap(record("pr01_m2", "pyvrp", 490, group="TOPTW of Cordeau"), best)
        self.assertEqual(prize["gap_percent"], 2)
        # Cost 300 and 1760 not collected: 60 above 2000.
        route = run.with_gap(record("R1", "pyvrp", 5, group="VRPTW with prizes", cost=300, uncollected=1760), best)
        self.assertEqual(route["gap_percent"], 3)
        self.assertNotIn("gap_percent", run.with_gap(record("pr01_m2", "pyvrp", None), best))
        self.assertNotIn("best_known", run.with_gap(record("other", "pyvrp", 5), best))


class Table(unittest.TestCase):
    def rows(self, records):
        return [line for line in table.render(records).splitlines() if line.startswith("| ") and "---" not in line]

    def test_medians_of_objectives_in_money(self):
        ours = [record("a", "doorstep", objective, seed) for seed, objective in ((1, 5_000_000), (2, 1000), (3, 4_000_000))]
        peers = [record("a", "pyvrp", objective, seed) for seed, objective in ((1, 3000), (2, None), (3, 2000))]
        self.assertEqual(self.rows(ours + peers)[1:], ["| a | 10 | 4,000.0 | 2.0 (2 of 3 seeds) |"])
        # Two of three without a plan: that is the median.
        peers[0]["objective"] = None
        self.assertEqual(self.rows(ours + peers)[1:], ["| a | 10 | 4,000.0 | no plan (1 of 3 seeds) |"])

    def test_a_solver_that_took_more_than_its_budget_is_marked(self):
        self.assertEqual(self.rows([record("a", "ortools", 2000, cpu_s=11.2)])[1:], ["| a | 10 | 2.0 |"])
        self.assertEqual(self.rows([record("a", "ortools", 2000, cpu_s=14.4)])[1:], ["| a | 10 | 2.0 (14 s) |"])

    def test_mean_and_worst_of_a_group(self):
        gaps = [("a", 0.5), ("b", 1.0), ("c", 3.0)]
        ours = [record(name, "doorstep", 1, best_known=9, gap_percent=gap) for name, gap in gaps]
        peers = [record("a", "pyvrp", 1, best_known=9, gap_percent=2.0), record("b", "pyvrp", None, best_known=9)]
        rows = self.rows(ours + peers)
        self.assertEqual(rows[1], "| a | 10 | 0.50 % | 2.00 % |")
        self.assertEqual(rows[2], "| b | 10 | 1.00 % | no plan (0 of 1 seeds) |")
        self.assertEqual(rows[3], "| c | 10 | 3.00 % |  |")
        self.assertEqual(rows[4], "| days, 3 | 10 | 1.50 %, 3.00 % | 2.00 %, 2.00 % (1 without a plan) (2 of them) |")

    def test_a_large_group_is_one_line(self):
        many = [record(str(i), "doorstep", 1, best_known=9, gap_percent=i) for i in range(9)]
        self.assertEqual(self.rows(many)[1:], ["| days, 9 | 10 | 4.00 %, 8.00 % |"])

    def test_most_memory(self):
        text = table.render([record("a", "doorstep", 1), record("b", "doorstep", 1, peak_mb=45.4)])
        self.assertIn("Doorstep 45 MB (b)", text)

    def test_best_known_values_by_name_and_routes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "best.csv"
            path.write_text("family,instance,m,best_known\nT,pr01,2,502\nP,R1_10_1,,262705.5\n", encoding="utf-8")
            self.assertEqual(table.best_known(path), {"pr01_m2": 502, "R1_10_1": 262705.5})
            path.write_text("instance,best_known\npr01,1\n", encoding="utf-8")
            with self.assertRaisesRegex(Refused, "best.csv: column m: missing"):
                table.best_known(path)

    def test_markers_stand_once_and_in_order(self):
        for text in ("", table.BEGIN, table.END + table.BEGIN, 2 * table.BEGIN + table.END):
            with self.assertRaisesRegex(Refused, "page.md: "):
                table.between("page.md", text, "x")
        text = f"a{table.BEGIN}b{table.END}c"
        self.assertEqual(table.between("page.md", text, "x"), f"a{table.BEGIN}\nx\n{table.END}c")


if __name__ == "__main__":
    unittest.main()
