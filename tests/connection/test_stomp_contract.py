"""What this package relies on in stomp.py. A failure here means: read the new stomp.py before anything else.

`session_run` builds on it, and of `transport` the modules `stomp_transport` and `frame_dispatcher`; nothing else does.
"""

from __future__ import annotations

import importlib.metadata
import inspect
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import stomp
import stomp.exception
import stomp.transport
import stomp.utils

import stomptui.connection
from stomptui.connection.session import Session
from stomptui.connection.session_run import SessionRun
from stomptui.connection.transport.stomp_transport import StompTransport

CHANGED = "stomp.py has changed what stomptui.connection builds on: "


def test_the_version_is_one_that_was_read() -> None:
    major = int(importlib.metadata.version("stomp.py").split(".")[0])
    assert major == 9, CHANGED + f"version {major} has not been looked at; see the pins in pyproject.toml"


@pytest.mark.parametrize(
    "name",
    [
        "start",
        "stop",
        "notify",
        "process_frame",
        "attempt_connection",
        "receive",
        "send",
        "cleanup",
        "disconnect_socket",
        "override_threading",
        "set_listener",
    ],
)
def test_the_methods_we_override_or_call_are_there(name: str) -> None:
    assert callable(getattr(stomp.transport.BaseTransport, name, None)), CHANGED + f"BaseTransport.{name} is gone"


def test_the_arguments_we_give_are_taken() -> None:
    taken = inspect.signature(stomp.transport.BaseTransport.__init__).parameters
    assert "auto_decode" in taken, CHANGED + "BaseTransport() takes no auto_decode"
    assert list(inspect.signature(stomp.utils.Frame.__init__).parameters)[1:] == ["cmd", "headers", "body"]


def test_we_touch_no_private_name() -> None:
    """Names with two underscores belong to stomp.py's classes alone."""
    sources = list(Path(stomptui.connection.__file__).parent.rglob("*.py"))
    assert len(sources) > 10
    for source in sources:
        text = source.read_text()
        assert "_BaseTransport__" not in text, source
        assert "_Transport__" not in text, source


class _Scripted(stomp.transport.BaseTransport):
    """Gives what a script says and notes what stomp.py calls."""

    def __init__(self, script: list[bytes | type[Exception]]) -> None:
        super().__init__(auto_decode=False)
        self.script = script
        self.calls: list[str] = []
        self.threads: set[str] = set()
        self.override_threading(self._start)

    def _start(self, callback: Callable[[], None]) -> threading.Thread:
        self.thread = threading.Thread(target=callback, name="the io thread", daemon=True)
        self.thread.start()
        return self.thread

    def attempt_connection(self) -> None:
        self.calls.append("attempt_connection")
        assert self.running, CHANGED + "start() no longer sets running before attempt_connection()"

    def receive(self) -> bytes:
        self.calls.append("receive")
        self.threads.add(threading.current_thread().name)
        step = self.script.pop(0)
        if isinstance(step, bytes):
            return step
        raise step

    def cleanup(self) -> None:
        self.calls.append("cleanup")

    def notify(self, frame_type: str, frame: object = None) -> None:
        self.calls.append(frame_type)
        super().notify(frame_type, frame)


def _run(script: list[bytes | type[Exception]]) -> _Scripted:
    transport = _Scripted(script)
    transport.start()
    transport.thread.join(5)
    assert not transport.thread.is_alive(), CHANGED + 'receive() giving b"" no longer ends the thread'
    return transport


def test_the_thread_calls_receive_until_it_gives_nothing_and_then_cleans_up() -> None:
    again = stomp.exception.InterruptedException
    transport = _run([again, again, again, b""])
    calls = [call for call in transport.calls if call != "connecting"]
    assert calls == [
        "attempt_connection",
        "receive",
        "receive",
        "receive",
        "receive",
        "cleanup",
        "receiver_loop_completed",
        "disconnected",
    ], CHANGED + "the order of calls in the io thread"
    assert transport.threads == {"the io thread"}, CHANGED + "receive() runs in another thread"


def test_an_exception_in_receive_ends_the_connection_too() -> None:
    assert "disconnected" in _run([RuntimeError]).calls, CHANGED + "an exception in receive() goes unnoticed"


def test_what_attempt_connection_raises_reaches_the_caller_of_start() -> None:
    class Failing(_Scripted):
        def attempt_connection(self) -> None:
            raise LookupError("why")

    transport = Failing([])
    with pytest.raises(LookupError, match="why"):
        transport.start()
    assert transport.io_thread is None, CHANGED + "a thread is started although the connection failed"


def test_listeners_are_called_by_the_kind_of_what_is_told() -> None:
    heard: list[tuple[str, object]] = []

    class Listener(stomp.ConnectionListener):  # type: ignore[misc,unused-ignore]
        def on_batch(self, batch: object) -> None:
            heard.append(("batch", batch))

        def on_receipt(self, frame: stomp.utils.Frame) -> None:
            heard.append(("receipt", frame.headers["receipt-id"]))

        def on_error(self, frame: stomp.utils.Frame) -> None:
            heard.append(("error", frame.body))

        def on_disconnected(self) -> None:
            heard.append(("disconnected", None))

    transport = _Scripted([])
    transport.set_listener("app", Listener())
    transport.notify("batch", [1, 2])
    transport.process_frame(stomp.utils.Frame("RECEIPT", {"receipt-id": "7"}, b""), b"")
    transport.process_frame(stomp.utils.Frame("ERROR", {}, b"why"), b"")
    transport.notify("disconnected")
    assert heard == [("batch", [1, 2]), ("receipt", "7"), ("error", b"why"), ("disconnected", None)]


def test_connected_is_known_once_the_frame_was_told() -> None:
    transport = _Scripted([])
    assert not transport.connected
    transport.notify("connected", stomp.utils.Frame("CONNECTED", {}, b""))
    assert transport.connected


def test_sessions_are_driven_by_it() -> None:
    assert issubclass(StompTransport, stomp.transport.BaseTransport)
    assert "SessionRun(" in inspect.getsource(Session)
    assert "StompTransport" in inspect.getsource(SessionRun)


def test_importing_asks_no_name_server_and_writes_nothing() -> None:
    code = (
        "import socket\n"
        "def no(*a): raise SystemExit('a name server was asked')\n"
        "socket.gethostbyname = socket.getfqdn = no\n"
        "import stomptui.connection.session, logging\n"
        "logging.getLogger('stomp.py').warning('on the terminal')\n"
        "logging.getLogger('stomp.py').error('on the terminal')\n"
        "logging.getLogger('stomptui').error('on the terminal')\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "STOMP_SKIP_HOSTNAME_SCAN"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_stomp_logs_goes_to_our_log_but_never_at_debug() -> None:
    heard: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    keep, ours, theirs = Keep(), logging.getLogger("stomptui"), logging.getLogger("stomp.py")
    ours.addHandler(keep)
    level = theirs.level
    try:
        theirs.warning("a warning")
        theirs.setLevel(logging.DEBUG)
        theirs.debug("passcode:secret")
    finally:
        theirs.setLevel(level)
        ours.removeHandler(keep)
    assert [record.getMessage() for record in heard] == ["a warning"]
    assert not theirs.propagate
    assert not ours.propagate
