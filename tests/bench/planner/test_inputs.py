"""What is read and made: formats, refusals, made-up days."""

import copy
import json
import tempfile
import unittest
from pathlib import Path

import generate
import instance as instances
import texts
from instance import Refused

TOPTW = """5 3 2 4
500 200
 0 -10.442 19.999 0 0 0 0 0 1000
 1 -29.730 64.136 2 12 4 1 15 354 509
 2 -30.664 5.463 7.25 8 4 2 7 9 234 401
"""

SOLOMON = """R101

VEHICLE
NUMBER     CAPACITY
  25         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      35         35          0          0       230          0
    1      41         49         10        161       171         10.5
"""

VRPLIB = """NAME : small
TYPE : PCVRPTW
DIMENSION : 2
VEHICLES : 3
CAPACITY : 200
SERVICE_TIME : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 250 250
2 171 34
DEMAND_SECTION
1 0
2 21
TIME_WINDOW_SECTION
1 0 1925
2 1153 1163
PRIZE_SECTION
1 0
2 25
DEPOT_SECTION
1
-1
EOF
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


class Texts(Folder):
    def test_toptw(self):
        path = self.file("pr01.txt", TOPTW)
        self.assertEqual(texts.looks_like(path), "toptw")
        found = texts.toptw(path, 2)
        self.assertEqual((found["name"], found["kind"], found["dist_factor"]), ("pr01_m2", "prize", 100))
        self.assertEqual(found["locs"][2], [-30.664, 5.463])
        second = {"loc": 2, "service": 725, "tw": [23400, 40100], "prize": 8, "demand": 0, "required": False}
        self.assertEqual(found["clients"][1], second)
        self.assertEqual([v["tw"] + [v["max_dur"], v["capacity"]] for v in found["vehicles"]], [[0, 100_000, 100_000, 0]] * 2)
        # Solomon's files keep one decimal.
        self.assertEqual(texts.toptw(self.file("r101.txt", TOPTW.replace("7.25", "7.2")), 1)["clients"][1]["service"], 72)

    def test_solomon(self):
        path = self.file("R101.txt", SOLOMON)
        self.assertEqual(texts.looks_like(path), "solomon")
        found = texts.solomon(path)
        only = {"loc": 1, "service": 105, "tw": [1610, 1710], "prize": 0, "demand": 10, "required": True}
        self.assertEqual((found["kind"], found["clients"]), ("profit", [only]))
        self.assertEqual((len(found["vehicles"]), found["vehicles"][0]["capacity"]), (25, 200))
        self.assertEqual((found["vehicles"][0]["tw"], found["vehicles"][0]["dist_cost"]), ([0, 2300], 1))

    def test_vrplib_with_and_without_prizes(self):
        path = self.file("small.vrp", VRPLIB)
        self.assertEqual(texts.looks_like(path), "vrplib")
        only = {"loc": 1, "service": 100, "tw": [11530, 11630], "prize": 250, "demand": 21, "required": False}
        self.assertEqual(texts.vrplib(path)["clients"], [only])
        self.assertEqual(len(texts.vrplib(path)["vehicles"]), 3)
        bare = self.file("bare.vrp", VRPLIB.replace("PRIZE_SECTION\n1 0\n2 25\n", ""))
        self.assertEqual(texts.vrplib(bare)["clients"], [only | {"prize": 0, "required": True}])

    def test_what_is_wrong_is_named_by_file_and_field(self):
        wrong = [
            (texts.vrplib, VRPLIB.replace("2 171 34", "2 171 x"), "line 10: y: 'x' is not a number"),
            (texts.vrplib, VRPLIB.replace("2 21\n", ""), "DEMAND_SECTION: node 2 is missing"),
            (texts.vrplib, VRPLIB.replace("VEHICLES : 3\n", ""), "VEHICLES: missing"),
            (texts.vrplib, VRPLIB.replace("EUC_2D", "EXPLICIT"), "line 7: EDGE_WEIGHT_TYPE: EXPLICIT"),
            (texts.vrplib, VRPLIB.replace("1153 1163", "1163 1153"), "line 16: closing time: before"),
            (texts.vrplib, VRPLIB.replace("2 25", "2 2.55"), "line 19: prize: '2.55' .* decimals"),
            (texts.solomon, SOLOMON.replace("  25         200", ""), "VEHICLE: "),
            (texts.solomon, SOLOMON.replace("161       171", "171       161"), "line 11: due date: before"),
            (lambda path: texts.toptw(path, 1), TOPTW.replace("354 509", "354"), "line 4: line: 9 words"),
            (lambda path: texts.toptw(path, 1), TOPTW.replace("5 3 2 4", "5 3 3 4"), "line 1: number of places: 3, but 2"),
            (lambda path: texts.toptw(path, 1), TOPTW.replace("7.25", "7.2555"), "line 5: service: '7.2555'"),
            (texts.looks_like, "hello\n", "neither"),
        ]
        for read, text, message in wrong:
            with self.subTest(message), self.assertRaisesRegex(Refused, "pr_wrong.txt: " + message):
                read(self.file("pr_wrong.txt", text))
        with self.assertRaisesRegex(Refused, "absent.txt: No such file"):
            texts.looks_like(self.folder / "absent.txt")


class Json(Folder):
    def test_every_refusal_names_the_field(self):
        good = generate.generate("rules", 6, 2, 1)
        wrong = {
            "kind: 'cost' is none of": lambda x: x.update(kind="cost"),
            "kind: missing": lambda x: x.pop("kind"),
            "rounding: 'up'": lambda x: x.update(rounding="up"),
            "speed: 0 is not": lambda x: x.update(speed=0),
            r"locs\[3\]: \[1\] is not": lambda x: x["locs"].__setitem__(3, [1]),
            r"locs\[3\]: \[1, inf\]": lambda x: x["locs"].__setitem__(3, [1, float("inf")]),
            r"clients\[2\].loc: 8 is not a whole number from 0 to 7": lambda x: x["clients"][2].update(loc=8),
            r"clients\[2\].service: -1": lambda x: x["clients"][2].update(service=-1),
            r"clients\[2\].prize: 1.5": lambda x: x["clients"][2].update(prize=1.5),
            r"clients\[2\].tw: \[5, 4\]": lambda x: x["clients"][2].update(tw=[5, 4]),
            r"clients\[2\].tw: missing": lambda x: x["clients"][2].pop("tw"),
            r"clients\[2\].required: 1": lambda x: x["clients"][2].update(required=1),
            r"clients\[2\].skill: 7": lambda x: x["clients"][2].update(skill=7),
            r"vehicles\[1\].max_dur: missing": lambda x: x["vehicles"][1].pop("max_dur"),
            r"vehicles\[1\].start: 99": lambda x: x["vehicles"][1].update(start=99),
            r"vehicles\[1\].dist_cost: -3": lambda x: x["vehicles"][1].update(dist_cost=-3),
            r"vehicles\[1\].skills: texts": lambda x: x["vehicles"][1].update(skills=[1]),
            "dist: not a table of 8 by 8": lambda x: x.update(dist=[[0]]),
            r"dist\[7\]\[0\]: -1 is not": lambda x: x.update(dist=[[0] * 8] * 7 + [[-1] + [0] * 7]),
            "dur: a table of durations": lambda x: x.update(dur=[[0] * 8] * 8),
            r"clients\[0\]: an object": lambda x: x["clients"].__setitem__(0, 5),
        }
        for message, spoil in wrong.items():
            bad = copy.deepcopy(good)
            spoil(bad)
            with self.subTest(message), self.assertRaisesRegex(Refused, "day.json: " + message):
                instances.load(self.file("day.json", json.dumps(bad)))
        with self.assertRaisesRegex(Refused, "day.json: not JSON"):
            instances.load(self.file("day.json", "{"))

    def test_what_is_left_out_gets_its_default(self):
        client = {"loc": 0, "service": 1, "tw": [0, 9], "prize": 3}
        bare = {"kind": "profit", "locs": [[0, 0]], "clients": [client], "vehicles": [{"tw": [0, 9], "max_dur": 9}]}
        found = instances.load(self.file("bare.json", json.dumps(bare)))
        self.assertEqual((found["dist_factor"], found["rounding"], found["speed"], found["prize_scale"]), (1, "round", 1, 10**6))
        self.assertEqual(found["clients"], [client | {"demand": 0, "required": False}])
        self.assertEqual(found["vehicles"][0]["start"], None)
        self.assertEqual([found["vehicles"][0][name] for name in ("dist_cost", "time_cost", "fixed_cost", "capacity")], [0] * 4)


class MadeUp(unittest.TestCase):
    def test_the_same_arguments_make_the_same_day(self):
        for family in generate.FAMILIES:
            one = generate.generate(family, 300, 7, 1)
            self.assertEqual(one, generate.generate(family, 300, 7, 1))
            self.assertNotEqual(one["clients"], generate.generate(family, 300, 7, 2)["clients"])
        # As on other machines and by other versions of Python.
        one = generate.generate("town", 5, 2, 1)
        self.assertEqual(one["locs"][2], [1094, 889])
        self.assertEqual([client["prize"] // 1000 for client in one["clients"]], [16417, 9680, 7448, 27843, 15180])

    def test_a_day_is_an_instance_and_its_windows_lie_in_it(self):
        for family in generate.FAMILIES:
            one = generate.generate(family, 300, 7, 1)
            for part, found in (instances.complete(copy.deepcopy(one), family)).items():
                if part not in ("vehicles", "clients"):
                    self.assertEqual(found, one[part], part)
            self.assertEqual((len(one["clients"]), len(one["vehicles"]), len(one["locs"])), (300, 7, 307))
            for client in one["clients"]:
                self.assertTrue(0 <= client["tw"][0] < client["tw"][1] <= generate.SHIFT, client)
                self.assertGreater(client["prize"], 0)

    def test_only_days_with_rules_have_them(self):
        for family, ruled in (("town", False), ("county", False), ("rules", True)):
            one = generate.generate(family, 500, 7, 1)
            skilled = [client for client in one["clients"] if "skill" in client]
            self.assertEqual(bool(skilled), ruled)
            self.assertEqual(any(client["required"] for client in one["clients"]), ruled)
            self.assertEqual(any(vehicle["skills"] for vehicle in one["vehicles"]), ruled)

    def test_homes_of_a_town_lie_closer_than_by_chance(self):
        def nearest(places):
            return sorted(min((x - u) ** 2 + (y - v) ** 2 for u, v in places if (u, v) != (x, y)) ** 0.5 for x, y in places)

        places = [tuple(place) for place in generate.generate("town", 400, 5, 3)["locs"][5:]]
        side = max(max(place) for place in places)
        # 400 places by chance have their nearest a fortieth of the side away in the mean; the median is a little less.
        self.assertLess(nearest(places)[200], 0.8 * side / 40)

    def test_sizes_and_families_that_are_none(self):
        for arguments, message in ((("city", 5, 1, 1), "family: 'city'"), (("town", 0, 1, 1), "clients: 0"), (("town", 1, 0, 1), "agents: 0")):
            with self.assertRaisesRegex(Refused, message):
                generate.generate(*arguments)


if __name__ == "__main__":
    unittest.main()
