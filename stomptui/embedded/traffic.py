"""Sample traffic: the messages in queues when the broker starts, and the events on topics while it runs."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

from stomptui.embedded import samples
from stomptui.embedded.samples import Sample
from stomptui.protocol.frame import Headers

Publish = Callable[[str, Headers, bytes], None]
FIXED_START = 1_767_259_800.0
"""2026-01-01T09:30:00Z, in seconds since the epoch: where a fixed clock begins."""
INVOICES, JOBS, FAILURES = 40, 12, 6
MOST_FAILURES = 60
"""The most messages that /queue/errors gets, however long it runs."""


class Traffic:
    """Sends sample messages, the same ones for the same seed.

    Args:
        publish: Sends a message: destination, headers, body.
        seed: Of the random generator; None differs in every run.
        start: Where the times in messages begin, in seconds since the epoch; None is now.
        rate: Live events a second, 0 for none.
    """

    def __init__(
        self, publish: Publish, seed: int | None = None, start: float | None = None, rate: float = 3.0
    ) -> None:
        self.publish = publish
        self.rate = rate
        self.sent = 0
        """Live events sent so far."""
        self._random = random.Random(seed)
        self._fixed = start
        self._begin = time.time() if start is None else start

    def fill(self) -> None:
        """Fill the queues with messages that look hours old."""
        rnd, begin = self._random, self._begin
        for number in range(INVOICES):
            self._put(samples.invoice(rnd, number, begin - 3_600 * 5 + number * 300))
        for number in range(JOBS):
            self._put(samples.job(rnd, number, begin - 600 + number * 45))
        for number in range(FAILURES):
            self._put(samples.failure(rnd, number, begin - 7_200 + number * 900))
        for sample in samples.reports(rnd, begin - 86_400):
            self._put(sample)

    def event(self) -> Sample:
        """The next live event."""
        number = self.sent
        self.sent += 1
        when = time.time() if self._fixed is None else self._fixed + number / (self.rate or 3.0)
        rnd = self._random
        if number % 40 == 39 and FAILURES + number // 40 < MOST_FAILURES:
            return samples.failure(rnd, FAILURES + number // 40, when)
        kind = rnd.choices((samples.order, samples.audit, samples.price), (70, 18, 12))[0]
        return kind(rnd, number, when)

    async def run(self) -> None:
        """Publish live events at the rate, at uneven intervals, until cancelled."""
        if not self.rate:
            return
        loop = asyncio.get_running_loop()
        pace = random.Random(self._random.random())
        due = loop.time()
        while True:
            self._put(self.event())
            due += pace.uniform(0.3, 1.7) / self.rate
            # When late, it catches up at once, but with at most one second of events.
            due = max(due, loop.time() - 1)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _put(self, sample: Sample) -> None:
        self.publish(sample.destination, sample.headers, sample.body)
