"""Some seeds of the property on each broker; `python -m tests.interop.keeping` plays more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stomptui.application.task_connections import find_dialect
from tests.interop.keeping.case import Case, makers_for, play
from tests.interop.keeping.conftest import PLAYED
from tests.interop.keeping.totals import Totals
from tests.support.brokers.base import ManagedBroker

SEEDS = range(6)
"""What a run of the whole suite has time for."""

Record = Callable[[str, object], None]


def described(case: Case) -> str:
    found = "\n".join(f"  {one.violation.value} {one.mark}: {one.text}" for one in case.found)
    return f"{case}\n{found}\n{case.words}"


def played(broker: ManagedBroker, seeds: range, folder: Path, record: Record) -> list[Case]:
    dialect = find_dialect(broker.connection())
    totals = Totals()
    cases = []
    for seed in seeds:
        cases.append(play(broker, dialect, seed, folder))
        totals.add(cases[-1])
    print(totals.text(list(makers_for(broker))))
    record(PLAYED, f"{broker.title}, seeds {seeds.start} to {seeds.stop - 1}: {totals.short}")
    return cases


def test_what_is_reported_is_what_is_found(managed: ManagedBroker, tmp_path: Path, record_property: Record) -> None:
    wrong = [case for case in played(managed, SEEDS, tmp_path, record_property) if case.found]
    assert not wrong, "\n".join(map(described, wrong))
