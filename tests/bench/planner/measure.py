"""Runs one program and says what it used, as JSON: cpu_s, peak_mb, wall_s, code, and `late` where a limit ended it.

    python3 -I -S measure.py CPU_SECONDS WALL_SECONDS STDOUT_FILE STDERR_FILE PROGRAM ARGUMENT...

A process of its own, and a small one: Linux counts what a program's parent held as the program's, up to the moment it
starts.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time


def main():
    cpu, wall = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    begin = time.monotonic()
    late = []
    with open(sys.argv[3], "wb") as out, open(sys.argv[4], "wb") as err:
        child = subprocess.Popen(sys.argv[5:], stdin=subprocess.DEVNULL, stdout=out, stderr=err)

        def stop(*_):
            late.append(True)
            child.kill()

        for ending in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, stop)
        signal.alarm(wall)
        _, status, used = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    figures = {
        "code": code,
        "late": bool(late) or code == -signal.SIGXCPU,
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "wall_s": round(time.monotonic() - begin, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
