"""Background threads for slow work, which do not delay leaving the program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 1.0
"""Seconds that the end waits for what is under way, such as a draft that is being written to the history."""


class Leavable(ThreadPoolExecutor):
    """Runs everything in a thread of its own that ends with the process.

    The threads of Python's own executor are waited for at the end without a bound: a keyring or a network drive that
    does not answer would keep the terminal.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._running: set[threading.Thread] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            try:
                if future.set_running_or_notify_cancel():
                    try:
                        future.set_result(fn(*args, **kwargs))
                    except BaseException as error:
                        # Whoever waits for the future gets it.
                        future.set_exception(error)
            finally:
                self._running.discard(thread)

        thread = threading.Thread(target=run, name="stomptui-work", daemon=True)
        self._running.add(thread)
        thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        until = time.monotonic() + PATIENCE
        for thread in list(self._running):
            if wait and thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
