"""A check of real brokers: what it says of each, and that nothing of it stays there."""

from __future__ import annotations

import pytest

from stomptui.application.check.answers import Verdict
from stomptui.application.check.registry import QUESTIONS
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from tests.interop.leftovers import left
from tests.support.brokers import Broker, ManagedBroker, Spring, StompBrokerJs

SAYS_NO = {
    "box": {"receipt-header-passed", "header-repeats"},
    "rabbitmq": {"header-order", "header-repeats"},
    "rabbitmq40": {"header-order", "header-repeats"},
    "rabbitmq43": {"header-order", "header-repeats"},
    "activemq5": {"receipt-header-passed", "header-order", "header-repeats"},
    "activemq6": {"receipt-header-passed", "header-order", "header-repeats"},
    "artemis": {"header-order", "header-repeats"},
    "coilmq": {"version-1.2", "header-repeats", "peek"},
    "spring": {
        "name",
        "message-order",
        "body-binary",
        "ack-client",
        "ack-client-individual",
        "peek",
        "commit",
        "abort",
    },
    "gostomp": {"version-1.0", "receipt-header-passed", "ack-client", "ack-client-individual", "peek"},
    "stompbrokerjs": {
        *("version-1.0", "version-1.2", "own-messages", "header-repeats", "body-binary", "body-octet-stream"),
        *("commit", "abort", "peek"),
    },
}
"""By broker, what it does not do; all else it does."""

_ALL = {f"receipt-{each}" for each in ("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "BEGIN", "COMMIT", "ABORT")}
SILENT = {
    "coilmq": set[str](),
    "spring": _ALL,
    "gostomp": {"receipt-SUBSCRIBE", "receipt-UNSUBSCRIBE"},
    # A message there has nothing to acknowledge it by.
    "stompbrokerjs": _ALL - {"receipt-ACK"},
}
"""By broker, the commands that are never confirmed."""


def saying(report: Report, verdict: Verdict) -> set[str]:
    return {each.question.key for each in report.results if each.answer.verdict is verdict}


def test_it_says_what_each_broker_does_and_leaves_nothing(managed: ManagedBroker) -> None:
    report = Check(managed.connection()).run()
    assert report.broke_off == "" and report.remains == ()
    assert saying(report, Verdict.NO) == SAYS_NO[managed.key], report.lines(120)
    assert saying(report, Verdict.NO_ANSWER) == saying(report, Verdict.ENDS) == set()
    assert left(managed) == []


@pytest.mark.parametrize("key", ["coilmq", "spring", "gostomp", "stompbrokerjs"])
def test_it_says_what_small_servers_do(key: str, request: pytest.FixtureRequest) -> None:
    broker = request.getfixturevalue(key)
    assert isinstance(broker, Broker)
    report = Check(broker.connection()).run()
    # How many messages Spring gets out of order is chance.
    assert saying(report, Verdict.NO) | {"message-order"} == SAYS_NO[key] | {"message-order"}, report.lines(120)
    receipts = {each.question.key for each in report.results if each.question.key.startswith("receipt-")}
    assert saying(report, Verdict.NO_ANSWER) & receipts == SILENT[key] & receipts
    assert saying(report, Verdict.ENDS) - {"message-order"} == set()
    if key == "gostomp":
        # An ACK in mode client would end it.
        assert "receipt-ACK" in saying(report, Verdict.NOT_ASKED)


THOROUGH = tuple(each for each in QUESTIONS if each.may)
ALSO_NO = {
    "box": set[str](),
    "rabbitmq": set[str](),
    "rabbitmq40": set[str](),
    "rabbitmq43": set[str](),
    "activemq5": {"nack", "undefined-escape"},
    "activemq6": {"nack", "undefined-escape"},
    "artemis": {"nack"},
}
LARGEST = {"rabbitmq40": 4 << 20, "rabbitmq43": 4 << 20}
"""By broker, the largest frame; 16 MiB and more for the others."""


def test_a_thorough_check_leaves_only_what_it_says(managed: ManagedBroker) -> None:
    report = Check(managed.connection(), thorough=True, questions=THOROUGH).run()
    assert saying(report, Verdict.NO) == ALSO_NO[managed.key], report.lines(120)
    assert saying(report, Verdict.ENDS) <= {"undefined-escape", "unknown-command"}
    largest = report.answer("largest-frame")
    assert largest and largest.value == LARGEST.get(managed.key, 16 << 20)
    said = " ".join(report.remains)
    for name in left(managed, within=0.0 if managed.key == "box" else 10.0):
        assert name in said and managed.depth(name) == 0
    assert bool(report.remains) == (managed.key == "box")


def test_a_thorough_check_of_spring_finds_its_limit(spring: Spring) -> None:
    report = Check(spring.connection(), thorough=True, questions=THOROUGH).run()
    largest, cut = report.answer("largest-frame"), report.answer("websocket-cut")
    assert largest and largest.value == 65536 and "buffer size limit of 65536" in largest.server_text
    assert cut and cut.verdict is Verdict.YES
    assert report.remains == ()


def test_a_server_that_does_not_join_websocket_messages_is_found_out(stompbrokerjs: StompBrokerJs) -> None:
    report = Check(stompbrokerjs.connection(), thorough=True, questions=THOROUGH).run()
    largest, cut = report.answer("largest-frame"), report.answer("websocket-cut")
    assert cut and cut.verdict is not Verdict.YES
    # No frame is cut for it, so that a large one arrives whole.
    assert largest and largest.value != 8192
