"""A check of real brokers: what it says of each, and that nothing of it stays there."""

from __future__ import annotations

import pytest

from stomptui.application.check.answers import Verdict
from stomptui.application.check.report import Report
from stomptui.application.check.runner import Check
from tests.interop.leftovers import left
from tests.support.brokers import Broker, ManagedBroker

SAYS_NO = {
    "box": {"receipt-header-passed", "header-repeats"},
    "rabbitmq": {"header-order", "header-repeats"},
    "rabbitmq40": {"header-order", "header-repeats"},
    "rabbitmq43": {"header-order", "header-repeats"},
    "activemq5": {"receipt-header-passed", "header-order", "header-repeats"},
    "activemq6": {"receipt-header-passed", "header-order", "header-repeats"},
    "artemis": {"header-order", "header-repeats"},
    "coilmq": {"version-1.2", "header-repeats", "peek"},
    "spring": {"name", "body-binary", "ack-client", "ack-client-individual", "peek", "commit", "abort"},
    "gostomp": {"version-1.0", "receipt-header-passed", "ack-client", "ack-client-individual"},
    "stompbrokerjs": {
        *("version-1.0", "version-1.2", "own-messages", "header-repeats", "body-binary", "body-octet-stream"),
        *("commit", "abort"),
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
    assert saying(report, Verdict.NO) == SAYS_NO[key], report.lines(120)
    receipts = {each.question.key for each in report.results if each.question.key.startswith("receipt-")}
    assert saying(report, Verdict.NO_ANSWER) & receipts == SILENT[key] & receipts
    assert saying(report, Verdict.ENDS) == ({"receipt-ACK"} if key == "gostomp" else set())
