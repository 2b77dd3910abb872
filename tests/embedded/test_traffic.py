"""The sample traffic: all kinds of bodies, believable, and the same for the same seed."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from stomptui.embedded.samples import Sample
from stomptui.embedded.traffic import FIXED_START, MOST_FAILURES, Traffic
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Headers


class Shop:
    """Keeps what is published."""

    def __init__(self, seed: int | None = 7, rate: float = 3.0, live: int = 0) -> None:
        self.sent: list[Sample] = []
        self.traffic = Traffic(self.publish, seed=seed, start=FIXED_START, rate=rate)
        self.traffic.fill()
        self.sent += [self.traffic.event() for _ in range(live)]

    def publish(self, destination: str, headers: Headers, body: bytes) -> None:
        self.sent.append(Sample(destination, headers, body))

    def of(self, destination: str) -> list[Sample]:
        return [sample for sample in self.sent if sample.destination == destination]


def header(sample: Sample, name: str) -> str:
    return dict(sample.headers)[name]


def test_the_same_seed_tells_the_same_story() -> None:
    assert Shop(seed=7, live=200).sent == Shop(seed=7, live=200).sent
    assert Shop(seed=7, live=200).sent != Shop(seed=8, live=200).sent
    assert Shop(seed=None, live=5).sent != Shop(seed=None, live=5).sent


def test_queues_have_a_backlog_and_topics_have_live_events() -> None:
    counts = Counter(sample.destination for sample in Shop(live=400).sent)
    assert counts["/queue/invoices"] >= 30
    assert counts["/queue/work"] >= 10
    assert counts["/queue/errors"] >= 6
    assert counts["/queue/reports"] >= 4
    assert counts["/topic/orders.eu"] > counts["/topic/orders.us"] > 20
    assert counts["/topic/audit"] > 20
    assert counts["/topic/prices"] > 20


def test_orders_add_up() -> None:
    for sample in Shop(live=300).sent:
        if sample.destination.startswith("/topic/orders."):
            order = json.loads(sample.body)
            assert {"orderId", "status", "total", "currency", "customer", "lines"} <= set(order)
            assert sum(line["quantity"] * line["price"] for line in order["lines"]) == pytest.approx(order["total"])
            assert order["currency"] == ("EUR" if sample.destination.endswith(".eu") else "USD")
            assert header(sample, "content-type") == "application/json"


def test_invoices_are_json_some_of_them_compressed() -> None:
    compressed = 0
    for sample in Shop().of("/queue/invoices"):
        body = sample.body
        if dict(sample.headers).get("content-encoding") == "gzip":
            compressed += 1
            body = gzip.decompress(body)
        assert json.loads(body)["invoice"].startswith("INV-")
    assert 5 < compressed < 30


def test_jobs_are_well_formed_xml() -> None:
    for sample in Shop().of("/queue/work"):
        assert ET.fromstring(sample.body).tag == "{urn:example:jobs}job"


def test_failures_say_where_they_came_from() -> None:
    for sample in Shop(live=200).of("/queue/errors"):
        assert "Traceback" in sample.body.decode()
        assert header(sample, "x-first-death-queue") == "work"


def test_prices_are_binary_and_audit_is_text_in_many_scripts() -> None:
    shop = Shop(live=400)
    assert any(b"\0" in sample.body or _is_not_utf_8(sample.body) for sample in shop.of("/topic/prices"))
    text = "".join(sample.body.decode() for sample in shop.of("/topic/audit"))
    assert "é" in text
    assert "太郎" in text
    assert "🚀" in text


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_message_can_be_carried(version: str) -> None:
    for sample in Shop(live=200).sent:
        length = ("content-length", str(len(sample.body)))
        encode("MESSAGE", [("destination", sample.destination), *sample.headers, length], sample.body, version)


def test_queues_do_not_grow_for_ever() -> None:
    shop = Shop(live=10_000)
    assert len(shop.of("/queue/errors")) == MOST_FAILURES
    assert len(shop.of("/queue/invoices")) == len(Shop().of("/queue/invoices"))


def _is_not_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False
