"""A check of the embedded broker and of servers that bend the rules: what it says, and that it always ends."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable

import pytest

from stomptui.application.check.answers import Verdict
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question
from stomptui.application.check.registry import QUESTIONS
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.config.secret_names import MASK
from stomptui.config.several_hosts import Address
from stomptui.connection.blocking_client import NotReached
from tests.faults.servers import CONNECTED, Peer, Server, closed_port, message, says, serving, silent
from tests.faults.waiting import until
from tests.support.embedded import EmbeddedBroker

BEATS = ("heart-beat-given", "heart-beat-comes")
NO_BEATS = tuple(each for each in QUESTIONS if each.key not in BEATS)
"""All but those that wait for a second or two."""


def connection(port: int, **changes: object) -> Connection:
    return dataclasses.replace(Connection(port=port, login="guest", passcode="guest"), **changes)  # type: ignore[arg-type]


def checked(port: int, wait: float = 0.3, questions: tuple[Question, ...] = NO_BEATS, **changes: object) -> Report:
    return Check(connection(port, timeout=1.0, **changes), wait=wait, questions=questions).run()


def verdicts(report: Report) -> dict[str, Verdict]:
    return {each.question.key: each.answer.verdict for each in report.results}


def only(*keys: str) -> tuple[Question, ...]:
    return tuple(each for each in QUESTIONS if each.key in keys)


def reading(handle: Callable[[Peer, bytes], None]) -> Callable[[Peer], None]:
    """A server that connects and hands each frame to `handle`; DISCONNECT ends it without a RECEIPT."""

    def script(peer: Peer) -> None:
        peer.handshake()
        while True:
            frame = peer.frame()
            if frame.startswith(b"DISCONNECT"):
                peer.sock.close()
                return
            handle(peer, frame)

    return script


def test_the_keys_of_questions_are_unique() -> None:
    assert len({each.key for each in QUESTIONS}) == len(QUESTIONS)


def test_a_check_says_what_the_embedded_broker_does_and_leaves_nothing(embedded: EmbeddedBroker) -> None:
    report = checked(embedded.port, wait=2.0)
    found = verdicts(report)
    odd = {key: verdict for key, verdict in found.items() if verdict is not Verdict.YES}
    assert odd.pop("receipt-header-passed") is odd.pop("header-repeats") is Verdict.NO
    assert set(odd.values()) <= {Verdict.NOT_ASKED}
    assert all(each.question.may for each in report.results if each.question.key in odd)
    repeats = report.answer("header-repeats")
    assert repeats and repeats.value == "first"
    assert report.remains == () and report.broke_off == ""
    assert embedded.call(embedded.queues.depths) == {}


def test_silence_after_connected_is_a_table_of_no_answers() -> None:
    began = time.monotonic()
    with serving(says(CONNECTED)) as port:
        report = checked(port, wait=0.2)
    found = verdicts(report)
    assert found["version-1.2"] is Verdict.YES
    assert found["receipt-SEND"] is found["receipt-BEGIN"] is found["receipt-DISCONNECT"] is Verdict.NO_ANSWER
    assert found["body-text"] is found["commit"] is Verdict.NOT_ASKED
    assert len(report.results) == len(NO_BEATS)
    assert time.monotonic() - began < 20


def test_silence_to_connect_is_told_too() -> None:
    with serving(silent) as port:
        report = checked(port, questions=only("name", "version-1.1", "receipt-SEND", "peek"))
    found = verdicts(report)
    assert found["version-1.1"] is Verdict.NO_ANSWER
    assert found["name"] is found["receipt-SEND"] is found["peek"] is Verdict.NOT_ASKED
    for told in (" ".join(report.notes), str(report.as_json()["broke_off"])):
        assert "there is no session, because" in told and "CONNECT" in told and MASK not in told
    # Said once, rather than in a row for each question.
    lines = report.lines(100)
    assert sum("there is no session" in line for line in lines) == 1
    assert not any("not asked" in line or "--thorough" in line or "In short" in line for line in lines)


def test_a_server_that_answers_in_one_version_alone_is_asked_on_in_it() -> None:
    def picky(peer: Peer) -> None:
        if b"accept-version:1.0\n" in peer.frame():
            peer.sock.sendall(CONNECTED.replace(b"version:1.2", b"version:1.0"))
        peer.wait_closed()

    with serving(picky) as port:
        report = checked(port, questions=only("version-1.0", "version-1.2", "heart-beat-given", "receipt-SEND"))
    found = verdicts(report)
    assert (found["version-1.0"], found["version-1.2"]) == (Verdict.YES, Verdict.NO_ANSWER)
    assert found["heart-beat-given"] is not Verdict.NOT_ASKED
    assert found["receipt-SEND"] is Verdict.NOT_ASKED


def test_nobody_there_and_a_refused_login_are_errors() -> None:
    with closed_port() as port, pytest.raises(NotReached, match="nothing listens"):
        checked(port)
    refuses = says(b"ERROR\nmessage:Bad CONNECT\n\nAccess refused\0", then_close=True)
    with serving(refuses) as port, pytest.raises(NotReached) as refused:
        checked(port)
    assert "Access refused" in refused.value.server_text


def test_of_several_addresses_the_first_that_answers_is_asked(embedded: EmbeddedBroker) -> None:
    live = Address("localhost", embedded.port)
    with closed_port() as nobody:
        several = (Address("127.0.0.1", nobody), live)
        report = checked(nobody, questions=only("name", "receipt-SEND"), addresses=several)
        assert set(verdicts(report).values()) == {Verdict.YES}
        assert report.where == f"guest@localhost:{live.port} /"
        (note,) = report.notes
        assert note.startswith(f"Asked at {report.where}, since nothing listens on") and str(nobody) in note
        with closed_port() as another, pytest.raises(NotReached, match=f"{nobody}.*{another}"):
            checked(nobody, addresses=(several[0], Address("127.0.0.1", another)))


def test_a_refused_login_goes_to_no_further_address(embedded: EmbeddedBroker) -> None:
    refuses = says(b"ERROR\nmessage:Bad CONNECT\n\nAccess refused\0", then_close=True)
    with serving(refuses) as port, pytest.raises(NotReached, match="refused"):
        checked(port, addresses=(Address("127.0.0.1", port), Address("localhost", embedded.port)))


def test_a_search_for_an_address_can_be_stopped() -> None:
    with Server(silent) as one:
        several = (Address("127.0.0.1", one.port), Address("localhost", one.port))
        check = Check(connection(one.port, addresses=several, timeout=30.0), questions=only("name"))
        thread = threading.Thread(target=check.run)
        thread.start()
        until(lambda: one.connections == 1)
        check.stop("stopped by you")
        thread.join(10)
        assert not thread.is_alive() and check.report.broke_off == "stopped by you"


def test_what_ends_the_session_is_told_with_the_words_and_the_next_question_has_a_new_one() -> None:
    def handle(peer: Peer, frame: bytes) -> None:
        receipt = frame.partition(b"receipt:")[2].partition(b"\n")[0]
        if frame.startswith(b"BEGIN"):
            peer.send(b"ERROR\nmessage:no transactions here\n\n\0")
            peer.sock.close()
        elif receipt:
            peer.send(b"RECEIPT\nreceipt-id:" + receipt + b"\n\n\0")

    with serving(reading(handle)) as port:
        report = checked(port, questions=only("receipt-SEND", "receipt-BEGIN", "receipt-UNSUBSCRIBE"))
    begin = report.answer("receipt-BEGIN")
    assert begin and (begin.verdict, begin.server_text) == (Verdict.ENDS, "no transactions here")
    assert verdicts(report)["receipt-SEND"] is verdicts(report)["receipt-UNSUBSCRIBE"] is Verdict.YES


def test_an_error_that_leaves_the_session_open_is_a_no() -> None:
    def handle(peer: Peer, frame: bytes) -> None:
        if frame.startswith(b"SEND"):
            peer.send(b"ERROR\nmessage:not you\n\nnobody may send\0")

    with serving(reading(handle)) as port:
        report = checked(port, questions=only("receipt-SEND"))
    answer = report.answer("receipt-SEND")
    assert answer and (answer.verdict, answer.server_text) == (Verdict.NO, "not you: nobody may send")


def test_a_broken_echo_is_told_by_what_came() -> None:
    """A server that cuts bodies at NUL, loses a header, and sends what is in a transaction at once."""
    subscription = b""

    def handle(peer: Peer, frame: bytes) -> None:
        nonlocal subscription
        if frame.startswith(b"SUBSCRIBE"):
            subscription = frame.partition(b"\nid:")[2].partition(b"\n")[0]
        if frame.startswith(b"SEND"):
            body = frame.partition(b"\n\n")[2].rstrip(b"\0")
            peer.send(message(body, subscription.decode(), length=False))

    wanted = only("own-messages", "header-empty", "body-text", "content-length", "commit", "escape-colon")
    with serving(reading(handle)) as port:
        report = checked(port, questions=wanted)
    assert verdicts(report) == {
        "own-messages": Verdict.YES,
        "escape-colon": Verdict.NO,
        "header-empty": Verdict.NO,
        "body-text": Verdict.YES,
        "content-length": Verdict.NO,
        "commit": Verdict.NO,
    }
    commit = report.answer("commit")
    assert commit and commit.detail == "the message comes at once, before COMMIT"


def test_a_read_only_connection_asks_only_what_connect_tells(embedded: EmbeddedBroker) -> None:
    report = checked(embedded.port, environment=Environment(read_only=True))
    found = verdicts(report)
    assert found["name"] is found["version-1.2"] is found["peek"] is Verdict.YES
    sending = [each.question.key for each in report.results if not each.question.connects_only]
    assert {found[key] for key in sending} == {Verdict.NOT_ASKED}


def test_stopping_ends_it_and_keeps_what_was_found() -> None:
    with serving(says(CONNECTED)) as port:
        check = Check(connection(port), wait=30.0)
        asked = threading.Event()

        def tell(report: Report, question: Question | None) -> None:
            if question is not None and question.key == "receipt-SEND":
                asked.set()

        thread = threading.Thread(target=check.run, args=(tell,))
        thread.start()
        assert asked.wait(20)
        began = time.monotonic()
        check.stop("stopped by you")
        thread.join(20)
        assert not thread.is_alive() and time.monotonic() - began < 10
    assert check.report.broke_off == "stopped by you"
    assert verdicts(check.report)["version-1.2"] is Verdict.YES


def test_words_of_servers_are_not_taken_for_ours() -> None:
    """Every answer is of the closed set, with a text for each that is not a plain yes or silence."""
    assert {each.value for each in Verdict} == {"yes", "no", "no answer", "ends the session", "not asked"}
    assert CheckContext(Connection()).dialect.name == "unknown"
