"""Everything that differs from run to run gives way to something that does not: clocks, rates, the port, names."""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any
from unittest.mock import patch

from stomptui.application.console import Console
from stomptui.config.connection import Connection
from stomptui.config.secrets import Keyring
from stomptui.connection.events import Event, ReceiptArrived, Subscribed
from stomptui.connection.rate import RateCounter
from stomptui.embedded.traffic import FIXED_START
from stomptui.journal.entry import Entry
from stomptui.journal.journal import Journal
from stomptui.queues.peek import unacked_subscription
from stomptui.queues.peek.peek import Peek
from stomptui.ui.console import bars as bars_module
from stomptui.ui.console import queue_actions, status_texts
from stomptui.ui.peek import screen as queue
from stomptui.ui.queue_list.refreshing import Refreshing, Report
from stomptui.ui.widgets.queues.peek_header import PeekFacts

ROUND_TRIP = 0.003


@contextlib.contextmanager
def steady(port: int) -> Iterator[None]:
    """Everything that differs from run to run gives way to something that does not."""
    where = vars(Connection)["where"].fget
    entry, handle, status_facts = Journal.entry, Console.handle, status_texts.status_facts
    receive = Refreshing.receive
    clock, pace = [FIXED_START], random.Random(11)
    for _ in range(1000):
        clock.append(clock[-1] + pace.uniform(0.02, 0.5))

    def timed_entry(journal: Journal, number: int) -> Entry:
        row = entry(journal, number)
        row.when = clock[number]
        return row

    def timed_handle(app_console: Console, event: Event) -> None:
        handle(
            app_console, replace(event, elapsed=ROUND_TRIP) if isinstance(event, ReceiptArrived | Subscribed) else event
        )

    def pulse(*arguments: Any, **options: Any) -> Any:
        """Of side connections, only a peek lasts until it is ended; how long the others stand is chance."""
        facts = status_facts(*arguments, **options)
        peeks = tuple(name for name in facts.others if name.startswith("peeking "))
        return replace(facts, others=peeks, heard_ago=0.0, beat=True, rate_in=5.0, rate_out=0.4)

    def held(**facts: Any) -> PeekFacts:
        return PeekFacts(**{**facts, "left": 26.0})

    def received_once(refreshing: Refreshing, report: Report) -> None:
        """The list of queues is not refreshed: rates and ages follow from the moment that is."""
        receive(refreshing, report)
        refreshing.action_auto()
        refreshing.automatic = True

    changes: list[tuple[Any, str, Any]] = [
        (Connection, "where", property(lambda of: where(of).replace(str(port), "61613"))),
        (Journal, "entry", timed_entry),
        (Console, "handle", timed_handle),
        (bars_module, "status_facts", pulse),
        (queue_actions, "status_facts", pulse),
        (queue, "PeekFacts", held),
        (Refreshing, "receive", received_once),
        (Refreshing, "age", 0.0),
        (RateCounter, "rate", lambda counter, now=None: counter.total / 10),
        (RateCounter, "history", lambda counter, now=None: bars(counter.total)),
        (Keyring, "unavailable_reason", lambda keyring: "none here"),
        (gzip, "compress", stored),
        # On a busy machine a script can take longer than the usual one.
        (Peek, "hold_time", 300.0),
        # Else the name of a subscription tells how many others the process had before.
        (unacked_subscription, "_ids", count(1)),
    ]
    with contextlib.ExitStack() as stack:
        for owner, name, other in changes:
            stack.enter_context(patch.object(owner, name, other))
        yield


def bars(total: int) -> list[int]:
    """A minute of counts that follows from how many there were."""
    rnd = random.Random(total)
    return [rnd.randrange(1, 9) if total else 0 for _ in range(60)]


def stored(data: bytes, mtime: int) -> bytes:
    """gzip that does not compress: compressors differ in how well they do, and the log shows sizes."""
    packer = zlib.compressobj(0, wbits=31)
    return packer.compress(data) + packer.flush()


def settle_environment() -> None:
    """Nothing of whoever runs this is seen in the pictures."""
    for name in list(os.environ):
        if name.startswith(("STOMPTUI_", "TEXTUAL")) or name in ("NO_COLOR", "VISUAL", "EDITOR", "COLUMNS", "LINES"):
            del os.environ[name]
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TZ="UTC")
    time.tzset()
