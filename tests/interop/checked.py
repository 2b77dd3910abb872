"""Runs `stomptui check` on real brokers and prints what it found.

    python -m tests.interop.checked                      the rows of the README's table, in Markdown
    python -m tests.interop.checked --tables artemis     the whole tables, of some brokers

Brokers that are not installed are left out, which is said.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from tests.support.brokers import MANAGED, REGISTRY, Broker, running

KINDS: dict[str, type[Broker]] = {**MANAGED, **REGISTRY}


def reports(keys: list[str], thorough: bool = False) -> Iterator[tuple[str, Report]]:
    """The title of each broker and what a check of it found."""
    for key in keys:
        kind = KINDS[key]
        if missing := kind.missing():
            print(f"{kind.title} is left out: {missing}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder, running(kind(Path(folder))) as broker:
            yield kind.title, Check(broker.connection(), thorough).run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.interop.checked")
    parser.add_argument("brokers", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--tables", action="store_true", help="the whole tables")
    parser.add_argument("--thorough", action="store_true", help="ask thoroughly")
    given = parser.parse_args()
    for title, report in reports(given.brokers, given.thorough):
        print(f"== {title}")
        print("\n".join(report.lines(160)), flush=True)


if __name__ == "__main__":
    main()
