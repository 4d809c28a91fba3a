"""A peer on one instance, one thread: a child process of run.py.

    python3 peer.py pyvrp|ortools INSTANCE.json --cpu-seconds S --seed N --out solution.json

The budget begins after reading, tables and the peer's own model are made. Prints one line of JSON.
"""

import argparse
import importlib
import json
import sys

import instance as instances
from instance import Refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("solver", choices=("pyvrp", "ortools"))
    parser.add_argument("instance")
    parser.add_argument("--cpu-seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    try:
        instance = instances.load(args.instance)
        solver = importlib.import_module(f"peer_{args.solver}")
        routes, told = solver.solve(instance, args.cpu_seconds, args.seed)
    except Refused as error:
        sys.exit(f"{args.instance}: {error}")
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump({"routes": routes}, file)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
