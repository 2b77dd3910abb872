"""A whole queue moved into another on every broker that is installed, beside stomp.py doing the same by hand."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.flood_server import BODY
from tests.benchmarks.runs import ROOT, run_module
from tests.support.brokers import MANAGED, Artemis, ManagedBroker, running
from tests.support.raw import RawStomp

WAYS = ("program", "careful", "quick")
PATIENCE = 900


CAREFUL = 10
"""By hand with a receipt for each takes long: a part of the messages is moved so, and the time reckoned for all."""


class Moved(NamedTuple):
    """One broker: seconds by each of `WAYS`, and whether every message arrived each time."""

    title: str
    seconds: dict[str, float]
    whole: bool


def fill(broker: ManagedBroker, queue: str, count: int) -> None:
    """Send that many durable messages to a queue, and wait until the broker has them."""
    with RawStomp("127.0.0.1", broker.port, timeout=120) as client:
        client.connect(login="guest", passcode="guest", host="/")
        to = [("destination", broker.destination(queue)), ("persistent", "true"), ("destination-type", "ANYCAST")]
        for number in range(count - 1):
            client.send("SEND", [*to, ("app-id", f"{number:09}"), ("content-type", "text/plain")], BODY)
        client.receipt("SEND", [*to, ("app-id", "last"), ("content-type", "text/plain")], BODY)


def move(broker: ManagedBroker, way: str, count: int) -> tuple[float, bool]:
    """(seconds, whether all arrived)."""
    source, target = f"bench.{way}", f"bench.{way}.target"
    broker.make_queue(source)
    broker.make_queue(target)
    fill(broker, source, count)
    broker.wait_for(source, count, within=60)
    names = [broker.destination(name) for name in (source, target)]
    done = subprocess.run(
        run_module("mover", way, str(broker.port), *names, str(count)),
        stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=PATIENCE, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    broker.wait_for(target, count, within=60)
    whole = told["moved"] == count and broker.depth(source) == 0
    broker.drop_queue(source)
    broker.drop_queue(target)
    return told["seconds"], whole


def run(count: int) -> Iterator[Moved | str]:
    """For each broker its figures, or why there are none."""
    for kind in MANAGED.values():
        if missing := kind.missing():
            yield f"{kind.title}: {missing}"
            continue
        with tempfile.TemporaryDirectory(prefix="stomptui-bench-") as folder, running(kind(Path(folder))) as broker:
            moved = {way: move(broker, way, count) for way in ("program", "quick")}
            seconds, whole = move(broker, "careful", count // CAREFUL)
            moved["careful"] = seconds * CAREFUL, whole
        title = f"{broker.title}, by management" if isinstance(broker, Artemis) else broker.title
        yield Moved(title, {way: seconds for way, (seconds, _) in moved.items()}, all(ok for _, ok in moved.values()))
