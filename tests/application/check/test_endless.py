"""Servers whose messages never cease, or that deliver messages of others: a check ends, and is not led astray."""

from __future__ import annotations

import threading
import time

import pytest

from stomptui.application.check.answers import Verdict
from stomptui.application.check.registry import QUESTIONS
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from stomptui.config.connection import Connection
from tests.faults.servers import Peer, serving
from tests.faults.waiting import until

FOREIGN = b"not a number\xff"
ASKED = (
    *("own-messages", "message-order", "header-empty", "body-text", "body-empty", "body-binary"),
    *("content-length", "ack-client", "redelivery-client", "nack", "commit", "abort", "largest-frame"),
)


def header(frame: bytes, name: bytes) -> bytes:
    return frame.partition(b"\n" + name + b":")[2].partition(b"\n")[0]


class Flooding:
    """A server that sends messages without end to each subscription.

    Args:
        echoes: Whether those that are sent come too.
        again: Whether it repeats what was sent, instead of a message of others.
        named: Whether MESSAGE has a subscription header.
        keeps: Whether it passes other headers on.
        every: Seconds between messages.
    """

    def __init__(
        self, echoes: bool = False, again: bool = False, named: bool = True, keeps: bool = True, every: float = 0.002
    ) -> None:
        self._echoes, self._again, self._named, self._keeps, self._every = echoes, again, named, keeps, every
        self.sent: list[bytes] = []
        self.flooding = 0

    def __call__(self, peer: Peer) -> None:
        peer.handshake()
        lock = threading.Lock()
        subscriptions: set[bytes] = set()
        bodies: list[tuple[bytes, bytes]] = []

        def deliver(id: bytes, body: bytes, headers: bytes = b"") -> None:
            named = b"subscription:" + id + b"\n" if self._named else b""
            with lock:
                self.sent.append(b"")
                peer.send(
                    b"MESSAGE\n%sack:%d\nmessage-id:1\ndestination:/q\n%scontent-length:%d\n\n%s\0"
                    % (named, len(self.sent), headers, len(body), body)
                )

        def flood(id: bytes) -> None:
            try:
                while id in subscriptions and not peer.over.wait(self._every):
                    body, headers = bodies[-1] if self._again and bodies else (FOREIGN, b"")
                    deliver(id, body, headers)
                    self.flooding += 1
            except OSError:
                pass  # the client left

        while not (frame := peer.frame()).startswith(b"DISCONNECT"):
            if frame.startswith(b"SUBSCRIBE"):
                id = header(frame, b"id")
                subscriptions.add(id)
                threading.Thread(target=flood, args=(id,), daemon=True).start()
            elif frame.startswith(b"UNSUBSCRIBE"):
                subscriptions.discard(header(frame, b"id"))
            elif frame.startswith(b"SEND") and self._echoes:
                head, _, rest = frame.partition(b"\n\n")
                length = header(head + b"\n", b"content-length")
                while length and len(rest) <= int(length):
                    rest += peer.until()
                body = rest[:-1]
                kept = b"".join(line + b"\n" for line in head.split(b"\n") if line.startswith(b"x-"))
                bodies.append((body, kept if self._keeps else b""))
                for each in sorted(subscriptions):
                    deliver(each, *bodies[-1])
            if receipt := header(frame.partition(b"\n\n")[0] + b"\n", b"receipt"):
                with lock:
                    peer.send(b"RECEIPT\nreceipt-id:" + receipt + b"\n\n\0")
        peer.sock.close()


def checking(port: int, *keys: str) -> Check:
    questions = tuple(each for each in QUESTIONS if each.key in keys)
    return Check(Connection(port=port, timeout=2.0), thorough=True, wait=0.3, questions=questions)


def verdicts(report: Report) -> dict[str, Verdict]:
    return {each.question.key: each.answer.verdict for each in report.results}


@pytest.mark.parametrize(
    "flooding", [Flooding(), Flooding(named=False, every=0.1), Flooding(echoes=True, again=True, every=0.01)]
)
def test_a_queue_that_never_runs_dry_ends_the_question_and_the_check(
    flooding: Flooding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stomptui.application.check.sessions.LONGEST_MESSAGES", 0.7)
    began = time.monotonic()
    with serving(flooding) as port:
        report = checking(port, "redelivery-client", "nack", "abort").run()
    assert len(report.results) == 3 and report.broke_off == ""
    assert time.monotonic() - began < 40
    # It could not be emptied, and that is said.
    assert report.unemptied and "with messages of this check" in " ".join(report.notes)


@pytest.mark.parametrize("keeps", [True, False])
def test_messages_of_others_are_not_taken_for_our_own(keeps: bool) -> None:
    with serving(Flooding(echoes=True, keeps=keeps, every=0.02)) as port:
        report = checking(port, "own-messages", "message-order", "content-length", "commit", "abort").run()
        whole = checking(port, "body-text", "body-empty", "body-binary").run() if keeps else None
    told = {key: verdict for key, verdict in verdicts(report).items() if key not in ("commit", "abort")}
    assert set(told.values()) == {Verdict.YES}, told
    assert "defect" not in "\n".join(report.lines(100))
    if whole:
        assert set(verdicts(whole).values()) == {Verdict.YES}


@pytest.mark.parametrize("flooding", [Flooding(), Flooding(echoes=True, again=True)])
def test_ctrl_c_ends_it_at_once_whatever_comes(flooding: Flooding) -> None:
    with serving(flooding) as port:
        check = checking(port, "version-1.2", "redelivery-client")
        thread = threading.Thread(target=check.run)
        thread.start()
        until(lambda: flooding.flooding > 20)
        began = time.monotonic()
        check.stop("stopped by you")
        thread.join(20)
        assert not thread.is_alive()
        assert time.monotonic() - began < 6
    assert check.report.broke_off == "stopped by you"
    assert verdicts(check.report)["version-1.2"] is Verdict.YES


def test_one_that_does_not_end_is_left_with_what_was_found() -> None:
    with serving(Flooding()) as port:
        check = checking(port, "version-1.2")
        check.run()
        check.stop("stopped by Ctrl+C")
        report = check.abandon()
    assert report.broke_off == "stopped by Ctrl+C"
    assert verdicts(report)["version-1.2"] is Verdict.YES
