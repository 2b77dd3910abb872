"""`python -m tests.interop.keeping --broker rabbitmq43 --seeds 1000 --from 0`: many cases, counted."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from stomptui.application.task_connections import find_dialect
from tests.interop.keeping.case import makers_for, play
from tests.interop.keeping.totals import Totals
from tests.support.brokers import MANAGED, running


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.interop.keeping", description=__doc__)
    parser.add_argument("--broker", choices=list(MANAGED), required=True)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--target", default="", help="the kind of target; by default it is drawn")
    parser.add_argument("--verbose", action="store_true", help="print what the console said, too")
    options = parser.parse_args()
    kind = MANAGED[options.broker]
    if why := kind.missing():
        parser.error(f"{kind.title}: {why}")
    totals = Totals()
    last = options.first + options.seeds
    with tempfile.TemporaryDirectory(prefix="keeping-") as place, running(kind(Path(place) / "node")) as broker:
        dialect = find_dialect(broker.connection())
        print(f"{kind.title}: seeds {options.first} to {last - 1}", flush=True)
        began = time.monotonic()
        for seed in range(options.first, last):
            case = play(broker, dialect, seed, Path(place), options.target)
            totals.add(case)
            if options.verbose or case.found:
                print(f"{case} ({case.seconds:.1f} s)", flush=True)
                for one in case.found:
                    print(f"  {one.violation.value.upper()} {one.mark}: {one.text}")
                print("    " + case.words.replace("\n", "\n    "), flush=True)
            if seed % 50 == 49:
                print(f"... {totals.cases} seeds in {time.monotonic() - began:.0f} s", flush=True)
        print(totals.text(list(makers_for(broker))), flush=True)
    return 1 if totals.violations else 0


if __name__ == "__main__":
    sys.exit(main())
