"""Runs a drain or a refill in a thread of its own, and reports its progress.

Usage:
    transfer = Transfer(Drain(access, functools.partial(MessageFile, path)), report)
    transfer.start()
    transfer.join()
"""

from __future__ import annotations

import copy
import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stomptui.connection.blocking_client import ClientError, NotReached
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER, defect
from stomptui.queues.access import QueueAccess
from stomptui.queues.peek import reports
from stomptui.queues.refusal_texts import in_a_line
from stomptui.queues.transfer.refill_targets import NeedsYes
from stomptui.queues.transfer.result import TransferResult

CLOSED = "closed"
"""Why a transfer is stopped of which nobody wants reports any more."""
PROGRESS_EVERY = 0.1
"""Seconds between two reports of progress."""


class TransferKind(enum.Enum):
    """The two kinds of transfer; the value stands in sentences."""

    DRAIN = "drain"
    REFILL = "refill"


class TransferWork(Protocol):
    """What a transfer does: `Drain` or `Refill`."""

    kind: TransferKind
    access: QueueAccess
    result: TransferResult

    def run(self, progress: Callable[[TransferResult], None]) -> TransferResult:
        """Do it, and call `progress` with the result so far now and then; blocks."""

    def close(self) -> None:
        """End the connections."""


@dataclass(frozen=True)
class TransferProgress(reports.Report):
    """How far it is."""

    result: TransferResult
    """As it is now; a copy."""


@dataclass(frozen=True)
class Ended(reports.Report):
    """It has ended; `reports.Failed` comes instead if nothing could be begun."""

    result: TransferResult


@dataclass(frozen=True)
class Unagreed(reports.Failed):
    """Nothing was done, because messages may be lost by it: it needs a yes."""

    risks: tuple[str, ...] = ()
    """What there is to agree to, each in a sentence."""


class Transfer:
    """One drain or refill. All methods may be called from any thread, and none but `join` waits.

    The context of its access must ask `stopped` and `left`.

    Args:
        work: What to do; nobody else uses it from here on.
        report: Called with each report, in the transfer's thread: `TransferProgress`, `Ended` or `reports.Failed`, then
            `reports.Closed`. Must not block.
    """

    def __init__(self, work: TransferWork, report: Callable[[reports.Report], None]) -> None:
        self.work = work
        self.ended = threading.Event()
        self._on_report = report
        self._stop: str | None = None
        self._closed = False
        self._reported_at = 0.0
        self._thread = threading.Thread(target=self._run, name=f"stomptui-{work.kind.value}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, why: str = "by you") -> None:
        """End it as soon as what was begun is settled."""
        self._stop = self._stop or why
        self._closed = self._closed or why == CLOSED
        self.work.access.context.event_queue.wake()

    @property
    def stopped(self) -> str | None:
        """Why it is to end, None if it is not."""
        return self._stop

    @property
    def left(self) -> str | None:
        """Why no connection is wanted any more, as of `Peek`."""
        return CLOSED if self._closed else self._unbegun

    @property
    def _unbegun(self) -> str | None:
        """Why it is to end though nothing was done yet, None if it is not, or if something was."""
        return None if self.work.access.context.event_queue.begun else self._stop

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        return self.ended.wait(timeout)

    def _run(self) -> None:
        try:
            if self._stop:
                # It was stopped before it began: nothing is done.
                self.work.result.stopped = self._stop
            else:
                self._do()
            self._report(Ended(time.time(), self.work.result))
        except NeedsYes as error:
            self._report(Unagreed(time.time(), self.work.kind.value, str(error), "", error.risks))
        except ClientError as error:
            # The reason has the server's words already, unless the broker was not reached.
            self._failed(in_a_line(error), "" if isinstance(error, NotReached) else error.server_text)
        except (SessionError, ValueError) as error:
            LOGGER.info("a %s failed", self.work.kind.value, exc_info=error)
            self._failed(str(error))
        except Exception as error:
            self._failed(defect(error, f"a {self.work.kind.value} failed in an unexpected way"))
        finally:
            self._close()

    def _do(self) -> None:
        try:
            self.work.run(self._progress)
        except ClientError:
            if not self._unbegun:
                raise
            # It was connecting, or waiting for an answer, before the first message.
            self.work.result.stopped = self._unbegun

    def _close(self) -> None:
        try:
            self.work.close()
        except SessionError as error:
            LOGGER.info("a %s was closed: %s", self.work.kind.value, error)
        except Exception:
            LOGGER.exception("a %s could not be closed", self.work.kind.value)
        self._report(reports.Closed(time.time()))
        self.ended.set()

    def _progress(self, result: TransferResult) -> None:
        now = time.monotonic()
        if now - self._reported_at >= PROGRESS_EVERY:
            self._reported_at = now
            self._report(TransferProgress(time.time(), copy.deepcopy(result)))

    def _failed(self, reason: str, server_text: str = "") -> None:
        self._report(reports.Failed(time.time(), self.work.kind.value, reason, server_text))

    def _report(self, report: reports.Report) -> None:
        try:
            self._on_report(report)
        except Exception:
            LOGGER.exception("a report of a %s could not be handed over", self.work.kind.value)
