"""The checker against numbers worked out by hand."""

import random
import tempfile
import unittest
from pathlib import Path

import check
import instance as instances
from instance import Refused

BASE, A, B = 0, 1, 2


def client(loc, **more):
    return {"loc": loc, "service": 60, "tw": [0, 10_000], "prize": 1000, "demand": 1, "required": False} | more


def vehicle(**more):
    found = {"start": BASE, "end": BASE, "tw": [0, 10_000], "max_dur": 10_000, "dist_cost": 0, "time_cost": 0}
    return found | {"fixed_cost": 0, "capacity": 0, "skills": []} | more


def instance(clients, vehicles, **more):
    """Base, A and B are a triangle of 3, 4 and 5: base to A 500 m and 50 s, A to B 400 and 40, B to base 300 and 30."""
    found = {"name": "triangle", "kind": "profit", "locs": [[0, 0], [3, 4], [3, 0]], "dist_factor": 100}
    found |= {"rounding": "round", "speed": 10, "ndepots": 1, "prize_scale": 1}
    return instances.complete(found | {"clients": clients, "vehicles": vehicles} | more, "triangle.json")


class Ways(unittest.TestCase):
    def metres(self, x, y, factor, rounding):
        one = instance([], [], locs=[[0, 0], [x, y]], dist_factor=factor, rounding=rounding)
        return check.Ways(one).metres(0, 1)

    def test_roundings(self):
        # The root of 2 times 10 is 14.14.
        self.assertEqual([self.metres(1, 1, 10, how) for how in ("floor", "round", "ceil")], [14, 14, 15])
        self.assertEqual([self.metres(1.2, 0, 14, how) for how in ("floor", "round", "ceil")], [16, 17, 17])

    def test_a_half_goes_to_the_even_number(self):
        self.assertEqual([self.metres(x, 0, 0.5, "round") for x in (1, 3, 5, 7)], [0, 2, 2, 4])

    def test_what_floats_lose_is_not_cut(self):
        # As floats 0.29 times 100 is 28.999999999999996, 1.1 times 110 is 121.00000000000001.
        self.assertEqual(self.metres(0.29, 0, 100, "floor"), 29)
        self.assertEqual(self.metres(1.1, 0, 110, "ceil"), 121)

    def test_seconds_are_rounded_metres_by_the_speed(self):
        one = check.Ways(instance([], [], locs=[[0, 0], [1, 1]], dist_factor=10, speed=4))
        # 14 m at 4 m/s are 3.5 s, which goes to 4; 14.14 m would as well, 13 m to 3.
        self.assertEqual(one.seconds(0, 1), 4)
        self.assertEqual(check.Ways(instance([], [])).seconds(A, B), 40)

    def test_tables_come_before_points_and_have_directions(self):
        dist = [[0, 7, 9], [8, 0, 9], [9, 9, 0]]
        dur = [[0, 1, 2], [3, 0, 2], [2, 2, 0]]
        both = check.Ways(instance([], [], dist=dist, dur=dur))
        self.assertEqual((both.metres(0, 1), both.metres(1, 0), both.seconds(0, 1), both.seconds(1, 0)), (7, 8, 1, 3))
        # Without durations the distances are them, whatever the speed.
        self.assertEqual(check.Ways(instance([], [], dist=dist)).seconds(1, 0), 8)

    def test_nowhere_is_near(self):
        tables = {"dist": [[5] * 3] * 3, "dur": [[6] * 3] * 3}
        for ways in (check.Ways(instance([], [])), check.Ways(instance([], [], **tables))):
            self.assertEqual([ways.metres(None, A), ways.seconds(A, None), ways.seconds(None, A), ways.metres(A, None)], [0] * 4)


class Money(unittest.TestCase):
    def test_every_part_of_the_cost(self):
        # Base, A, B, base: 500 + 400 + 300 = 1200 m; 50 + 60 + 40 + 60 + 30 = 240 s.
        one = instance([client(A, prize=9000), client(B, prize=70)], [vehicle(dist_cost=3, time_cost=2, fixed_cost=11)])
        faults, figures = check.judge(one, [(0, [0, 1])])
        self.assertEqual(faults, [])
        cost = 11 + 3 * 1200 + 2 * 240
        expected = {"objective": 9070 - cost, "prize": 9070, "cost": cost, "uncollected": 0, "visits": 2, "routes": 1}
        self.assertEqual(figures, expected)

    def test_waiting_that_leaving_later_takes_away_costs_nothing(self):
        # Leave at 250, there at 300, done at 360, home at 410: 160 s.
        one = instance([client(A, tw=[300, 400])], [vehicle(time_cost=1)])
        self.assertEqual(check.judge(one, [(0, [0])])[1]["cost"], 160)

    def test_waiting_between_two_windows_costs(self):
        # A at 100 to 120, B not before 300. Leave at 70, A at 120 until 180, B would be at 220: 80 s of waiting, B
        # until 360, home at 390: 320 s. Left at 50 it would be 340.
        one = instance([client(A, tw=[100, 120]), client(B, tw=[300, 300])], [vehicle(time_cost=1)])
        self.assertEqual(check.judge(one, [(0, [0, 1])])[1]["cost"], 320)

    def test_leaving_later_ends_with_the_shifts_window(self):
        # Whoever has to leave by 40 is there at 90 and waits until 300: from 40 to 410.
        one = instance([client(A, tw=[300, 400])], [vehicle(tw=[0, 40])])
        self.assertEqual(check.timetable(check.Ways(one), one["vehicles"][0], one["clients"])[:2], (410, 370))

    def test_a_route_without_clients_is_none(self):
        one = instance([client(A)], [vehicle(fixed_cost=5), vehicle(fixed_cost=5)])
        faults, figures = check.judge(one, [(0, []), (0, []), (1, [0])])
        self.assertEqual((faults, figures["cost"], figures["routes"]), ([], 5, 1))

    def test_where_only_prizes_count_nothing_costs(self):
        one = instance([client(A), client(B, prize=5)], [vehicle(dist_cost=3, time_cost=2, fixed_cost=1)], kind="prize")
        figures = check.judge(one, [(0, [0])])[1]
        self.assertEqual((figures["objective"], figures["cost"], figures["uncollected"]), (1000, 0, 5))

    def test_starts_and_ends_nowhere(self):
        # 400 m and 60 + 40 + 60 s between A and B, and no way home.
        one = instance([client(A), client(B)], [vehicle(start=None, end=None, dist_cost=1, time_cost=1)])
        self.assertEqual(check.judge(one, [(0, [0, 1])])[1]["cost"], 400 + 160)

    def test_the_shortest_duration_is_that_of_the_best_second_to_leave(self):
        dice = random.Random(5)
        for _ in range(300):
            tables = [[dice.randrange(12) for _ in range(4)] for _ in range(4)]
            clients = []
            for loc in (1, 2, 3):
                opens = dice.randrange(60)
                clients.append(client(loc, service=dice.randrange(6), tw=[opens, opens + dice.randrange(30)]))
            one = instance(clients, [vehicle(tw=[0, 70])], locs=[[0, 0]] * 4, dist=tables)
            best = min((took for took in (simulated(one, leave) for leave in range(71)) if took is not None), default=None)
            _, duration, late = check.timetable(check.Ways(one), one["vehicles"][0], one["clients"])
            self.assertEqual(None if late else duration, best)


def simulated(one, leave):
    """Seconds from leaving to coming home, or None where a window has closed."""
    now, at = leave, 0
    for visit in one["clients"]:
        now = max(now + one["dist"][at][visit["loc"]], visit["tw"][0])
        if now > visit["tw"][1]:
            return None
        now, at = now + visit["service"], visit["loc"]
    return now + one["dist"][at][0] - leave


class Rules(unittest.TestCase):
    def faults(self, clients, vehicles, routes, **more):
        return check.judge(instance(clients, vehicles, **more), routes)[0]

    def test_a_window_holds_to_the_second(self):
        self.assertEqual(self.faults([client(A, tw=[0, 50])], [vehicle()], [(0, [0])]), [])
        late = self.faults([client(A, tw=[0, 49])], [vehicle()], [(0, [0])])
        self.assertEqual(late, ["clients[0]: vehicles[0] comes after its window"])

    def test_the_second_client_is_late_by_the_service_of_the_first(self):
        # B at 50 + 60 + 40 = 150.
        for closes, late in ((150, 0), (149, 1)):
            self.assertEqual(len(self.faults([client(A), client(B, tw=[0, closes])], [vehicle()], [(0, [0, 1])])), late)

    def test_a_shift_begins_and_ends_in_its_window(self):
        # 50 + 60 + 50 = 160 after the start at 20.
        self.assertEqual(self.faults([client(A)], [vehicle(tw=[20, 180])], [(0, [0])]), [])
        self.assertEqual(self.faults([client(A)], [vehicle(tw=[20, 179])], [(0, [0])]), ["vehicles[0]: ends at 180, its window at 179"])

    def test_the_longest_duration_does_not_count_waiting_at_home(self):
        one = [client(A, tw=[5000, 6000])]
        self.assertEqual(self.faults(one, [vehicle(max_dur=160)], [(0, [0])]), [])
        self.assertEqual(self.faults(one, [vehicle(max_dur=159)], [(0, [0])]), ["vehicles[0]: takes 160, allowed are 159"])
        self.assertEqual(len(self.faults(one, [vehicle(max_dur=159)], [(0, [0])], kind="prize")), 1)

    def test_capacity(self):
        two = [client(A, demand=2), client(B, demand=3)]
        self.assertEqual(self.faults(two, [vehicle(capacity=5)], [(0, [0, 1])]), [])
        self.assertEqual(self.faults(two, [vehicle(capacity=4)], [(0, [0, 1])]), ["vehicles[0]: carries 5, its capacity is 4"])
        self.assertEqual(self.faults(two, [vehicle(capacity=0)], [(0, [0, 1])]), [])

    def test_skills(self):
        one = [client(A, skill="zh")]
        self.assertEqual(self.faults(one, [vehicle(skills=["en", "zh"])], [(0, [0])]), [])
        lacks = self.faults(one, [vehicle(skills=["en"])], [(0, [0])])
        self.assertEqual(lacks, ["clients[0]: vehicles[0] lacks the skill zh"])

    def test_required_clients(self):
        two = [client(A, required=True), client(B)]
        self.assertEqual(self.faults(two, [vehicle()], [(0, [0])]), [])
        self.assertEqual(self.faults(two, [vehicle()], [(0, [1])]), ["clients[0]: required and not visited"])

    def test_nobody_is_visited_or_paid_for_twice(self):
        for routes in ([(0, [0, 0])], [(0, [0]), (1, [0])]):
            faults, figures = check.judge(instance([client(A)], [vehicle(), vehicle()]), routes)
            self.assertEqual((faults, figures["prize"]), (["clients[0]: visited twice"], 1000))

    def test_a_vehicle_has_one_route(self):
        twice = self.faults([client(A), client(B)], [vehicle()], [(0, [0]), (0, [1])])
        self.assertEqual(twice, ["vehicles[0]: has two routes"])


class Solutions(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "solution.json"
            path.write_text(text, encoding="utf-8")
            return check.load_routes(path, instance([client(A), client(B)], [vehicle()]))

    def test_routes_are_read(self):
        self.assertEqual(self.read('{"routes": [[0, [1, 0]]]}'), [(0, [1, 0])])

    def test_what_does_not_exist_is_refused_by_place(self):
        wrong = {
            '{"routes": [[0, [2]]]}': r"solution.json: routes\[0\]: 2 is no client; there are 2",
            '{"routes": [[0, [-1]]]}': r"routes\[0\]: -1 is no client",
            '{"routes": [[0, [0]], [1, []]]}': r"routes\[1\]: 1 is no vehicle; there are 1",
            '{"routes": [[0, [true]]]}': r"routes\[0\]: True is no client",
            '{"routes": [[0]]}': r"routes\[0\]: not \[vehicle",
            '{"routes": 5}': "routes: a list",
            '{"plan": []}': "not {",
            "[": "not {",
        }
        for text, message in wrong.items():
            with self.subTest(text), self.assertRaisesRegex(Refused, message):
                self.read(text)


if __name__ == "__main__":
    unittest.main()
