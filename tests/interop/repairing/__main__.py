"""`python -m tests.interop.repairing --place rabbitmq-classic`: a repair cut behind every frame, each recounted.

`--from log` repairs what a subscription keeps unacknowledged, else what a peek found is repaired.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from stomptui.application.task_connections import find_dialect
from tests.interop.queues.promises import PROMISES, Place
from tests.interop.repairing.cutting import FROM_LOG, WAYS, repair_and_cut
from tests.support.brokers import MANAGED, running

MOST = 400
"""Frames of one repair; it takes far fewer."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.interop.repairing", description=__doc__)
    parser.add_argument("--place", choices=[promise.id for promise in PROMISES], nargs="+", required=True)
    parser.add_argument("--ways", default="", help="only ways whose name has this in it")
    parser.add_argument("--from", choices=("peek", "log"), default="peek", dest="origin", help="where it was begun")
    parser.add_argument("--first", type=int, default=1, help="the first frame")
    options = parser.parse_args()
    wrong = 0
    for promise in [promise for promise in PROMISES if promise.id in options.place]:
        kind = MANAGED[promise.broker]
        if why := kind.missing():
            parser.error(f"{kind.title}: {why}")
        with tempfile.TemporaryDirectory(prefix="repairing-") as folder, running(kind(Path(folder) / "node")) as broker:
            dialect = find_dialect(broker.connection())
            place = Place(broker, promise)
            for number, way in enumerate(FROM_LOG if options.origin == "log" else WAYS):
                if options.ways not in str(way):
                    continue
                began, states, after = time.monotonic(), Counter[str](), options.first
                while after < MOST:
                    tried = repair_and_cut(place, dialect, f"repair.{number}.{after}", way, after)
                    states[tried.outcome.state] += 1
                    if tried.wrong:
                        wrong += 1
                        print(f"  frame {after}: {tried.wrong}", flush=True)
                    if not tried.was_cut:
                        break
                    after += 1
                told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
                seconds = time.monotonic() - began
                frames = f"frames {options.first} to {after - 1}"
                print(f"{promise.id}: {way}: cut behind each of {frames}: {told} ({seconds:.0f} s)", flush=True)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
