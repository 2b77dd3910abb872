"""Every rule about headers of SEND, proved on each broker by a bare socket: what is good arrives, what is bad does not.

The verdicts are what compose tells and what carries messages; this shows that they are true.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.dialect.header_rules import Effect, HeaderRules, Setting, Verdict, Way
from tests.support.brokers import MANAGED, REGISTRY, Artemis, ManagedBroker, RabbitMQ
from tests.support.headers import SAMPLES, Sample
from tests.support.raw import Closed, RawFrame, RawStomp

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", ":": "\\c"})
TWICE = frozenset(("_AMQ_DUPL_ID",))
"""What does harm only the second time."""


class Sender:
    """Sends one message after the other, on a new connection whenever the last one was refused or closed."""

    def __init__(self, broker: ManagedBroker, name: str) -> None:
        self._broker = broker
        self._name = name
        self._client: RawStomp | None = None

    def send(self, line: Sample, body: bytes) -> bool:
        """Whether the broker confirmed it."""
        client = self._client or RawStomp("127.0.0.1", self._broker.port, timeout=5)
        if self._client is None:
            self._client = client
            client.connect()
        try:
            client.receipt("SEND", [*place(self._broker, self._name), wire(line)], body)
        except (AssertionError, Closed, OSError):
            self.close()
            return False
        return True

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def place(broker: ManagedBroker, name: str) -> list[tuple[str, str]]:
    if isinstance(broker, Artemis):
        return [("destination", name), ("destination-type", "ANYCAST")]
    return [("destination", f"/amq/queue/{name}" if isinstance(broker, RabbitMQ) else f"/queue/{name}")]


def wire(line: Sample) -> tuple[str, str]:
    return line[0].translate(ESCAPES), line[1].translate(ESCAPES)


def arrived(broker: ManagedBroker, name: str) -> dict[bytes, RawFrame]:
    """What is in a queue, by its body; takes it."""
    extra = [("subscription-type", "ANYCAST")] if isinstance(broker, Artemis) else []
    found: dict[bytes, RawFrame] = {}
    with RawStomp("127.0.0.1", broker.port) as client:
        client.connect()
        client.send("SUBSCRIBE", [("id", "s"), place(broker, name)[0], ("ack", "auto"), *extra])
        with contextlib.suppress(TimeoutError):
            while True:
                frame = client.read(3.0)
                assert frame.body not in found, f"twice: {frame}"
                found[frame.body] = frame
    return found


def rules_of(broker: ManagedBroker) -> HeaderRules:
    with RawStomp("127.0.0.1", broker.port) as client:
        server = client.connect().get("server") or ""
    name = {"box": "embedded"}.get(broker.key, broker.key.rstrip("0123456789"))
    return BROKERS.named(name, server).rules


def effect(verdict: Verdict, line: Sample, confirmed: bool, frame: RawFrame | None) -> str:
    """What the broker did that the verdict does not say, "" if it is right."""
    got = sorted(value for name, value in frame.headers if name == wire(line)[0]) if frame else []
    if not confirmed or frame is None:
        seen = "confirmed, and in no queue" if confirmed else "refused"
        right = verdict.effect is Effect.LOST if confirmed else verdict.effect in (Effect.REFUSED, Effect.CLOSED)
    elif wire(line)[1] in got:
        seen, right = "delivered with it", verdict.effect is Effect.KEPT
    else:
        seen, right = f"delivered with {got or 'no such header'}", verdict.effect in (Effect.CHANGED, Effect.DROPPED)
    return "" if right else f"{line[0][:40]}:{line[1][:40]} was {seen}, and the rule says {verdict.effect.value}"


@pytest.fixture(params=[pytest.param(key, marks=[pytest.mark.broker(key)] * (key in REGISTRY)) for key in MANAGED])
def broker(request: pytest.FixtureRequest) -> ManagedBroker:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ManagedBroker)
    return found


def tried(broker: ManagedBroker, name: str, lines: Iterable[Sample]) -> Iterator[tuple[int, bool]]:
    """Send messages with one header each; their numbers, and whether the broker confirmed them."""
    sender = Sender(broker, name)
    for number, line in enumerate(lines):
        if line[0] in TWICE:
            sender.send(line, b"before-%d" % number)
        yield number, sender.send(line, b"%d" % number)
    sender.close()


def test_each_broker_does_what_the_rules_say(broker: ManagedBroker, name: str) -> None:
    broker.make_queue(name)
    rules, lines = rules_of(broker), SAMPLES[broker.key]
    verdicts = [rules.verdict(*line, Setting("guest")) for line in lines]
    confirmed = dict(tried(broker, name, lines))
    found = arrived(broker, name)
    wrong = [
        effect(verdict, line, confirmed[number], found.get(b"%d" % number))
        for number, (line, verdict) in enumerate(zip(lines, verdicts, strict=True))
    ]
    assert not any(wrong), "\n".join(filter(None, wrong))
    kinds: dict[Way, int] = defaultdict(int)
    for verdict in verdicts:
        kinds[verdict.way] += 1
    assert kinds[Way.AS_IS] and kinds[Way.LEFT_OUT], kinds
    assert kinds[Way.CANNOT] or broker.key == "box", kinds


def test_what_the_rules_send_arrives_as_they_say(broker: ManagedBroker, name: str) -> None:
    broker.make_queue(name)
    rules = rules_of(broker)
    setting = Setting("guest")
    lines = [line for line in SAMPLES[broker.key] if line[0] not in TWICE]
    judged = [(line, rules.verdict(*line, setting)) for line in lines]
    sent = [(verdict.line or line, verdict) for line, verdict in judged if verdict.way in (Way.AS_IS, Way.CHANGED)]
    confirmed = dict(tried(broker, name, [line for line, _ in sent]))
    assert all(confirmed.values()), [sent[number] for number, right in confirmed.items() if not right]
    found = arrived(broker, name)
    missing = [line for number, (line, _) in enumerate(sent) if b"%d" % number not in found]
    assert missing == []
    for number, (line, verdict) in enumerate(sent):
        if verdict.way is Way.CHANGED:
            assert wire(line) in found[b"%d" % number].headers, f"{line} was to be delivered"
