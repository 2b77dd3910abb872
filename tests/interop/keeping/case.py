"""One case: what a seed makes of it, how it is played, and what is found."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stomptui.config.connection import Connection
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.escapes import escape
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, UNTOUCHED, MessageOutcome
from tests.interop.keeping import activemq, artemis, box, rabbitmq
from tests.interop.keeping.doing import Contradiction, Reported, Way, act, send_file, write_file
from tests.interop.keeping.generator import Drawn, draw_messages, expires_by_itself
from tests.interop.keeping.judge import Evidence, Found, Violation, judge
from tests.interop.keeping.places import Maker, Place, raw
from tests.interop.keeping.recount import Counted, depth, take_all
from tests.support.brokers.activemq import ActiveMQ
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.base import ManagedBroker
from tests.support.brokers.box import Box
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.raw import Closed, RawStomp, raw_frame

WAYS: tuple[Way, ...] = ("refill", "refill", "refill", "move", "move", "move", "copy", "retry")
OUTSIDE = frozenset(("receipt", "content-length", "transaction"))
"""Headers that no SEND of a producer can carry: STOMP takes them for its own."""
UNSEEN = frozenset(f"priority:{value}" for value in (10, 15, 99, -1))
"""What Artemis takes, counts and never shows to anybody."""
PLAIN = ("classic", "quorum", "queue", "missing")
"""Targets that a dead letter can have come from."""


@dataclass
class Case:
    """What became of one seed.

    Attributes:
        seed: The seed.
        way: What was done.
        source: The kind of source.
        target: The kind of target.
        messages: How many messages there were.
        parts: What was drawn, for each message.
        outcomes: How many messages came to each state.
        found: What is wrong.
        words: All that the console said.
        connection: How the console was connected, if that makes a difference.
        risky: Whether a risk was reported.
        seconds: How long it took.
    """

    seed: int
    way: Way = "refill"
    source: str = ""
    target: str = ""
    messages: int = 0
    parts: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    words: str = ""
    risky: bool = False
    connection: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {state}" for state, count in self.outcomes.items() if count)
        return f"seed {self.seed}: {self.way} {self.source} -> {self.target}{self.connection}: {outcomes}"


def makers_for(broker: ManagedBroker) -> dict[str, Maker]:
    """How each kind of target of a broker is made."""
    if isinstance(broker, RabbitMQ):
        return rabbitmq.makers(broker)
    if isinstance(broker, Artemis):
        return artemis.makers(broker)
    if isinstance(broker, ActiveMQ):
        return activemq.makers(broker)
    assert isinstance(broker, Box)
    return box.makers(broker)


def play(broker: ManagedBroker, dialect: Dialect, seed: int, folder: Path, target: str = "") -> Case:
    """Make the case of a seed on a broker, have the console do it, and see what came of it.

    Args:
        broker: Where.
        dialect: What the console takes it for.
        seed: What is drawn, and that always makes the same case.
        folder: For files.
        target: The kind of target, in place of the one that is drawn.
    """
    case = Case(seed)
    began = time.monotonic()
    game = Game(broker, dialect, case, folder, target)
    try:
        game.play()
    except Contradiction as error:
        case.found.append(Found(Violation.UNREPORTED, "", str(error)))
    except Exception as error:
        where = traceback.format_exc(limit=-3).replace("\n", " | ")
        case.found.append(Found(Violation.BROKEN, "", f"{error!r}: {where}"))
    finally:
        game.clear()
    case.seconds = time.monotonic() - began
    return case


class Game:
    def __init__(self, broker: ManagedBroker, dialect: Dialect, case: Case, folder: Path, target: str = "") -> None:
        self.broker = broker
        self.dialect = dialect
        self.case = case
        self.folder = folder
        self.wanted = target
        self.draw = random.Random(f"{broker.key.rstrip('0123456789')}-{case.seed}")
        self.name = f"keep.{case.seed}"
        self.place: Place | None = None

    def play(self) -> None:
        case, draw = self.case, self.draw
        drawn = draw_messages(draw, str(case.seed))
        case.way = draw.choice(WAYS)
        makers = makers_for(self.broker)
        kinds = [kind for kind in makers if case.way != "refill" or kind != "itself"]
        if case.way == "retry":
            kinds = [kind for kind in kinds if kind in PLAIN]
        case.target = draw.choice(kinds)
        if self.wanted in kinds:
            case.target = self.wanted
        agree = draw.random() < 0.7
        place = self.place = makers[case.target](f"{self.name}.dst")
        connection = self._connection()
        if case.way == "refill":
            case.source = "file"
            path = self.folder / f"{case.seed}.jsonl"
            write_file(path, drawn, place.destination if draw.random() < 0.5 else "")
            named = "" if path.read_bytes().startswith(b'{"destination": "/') else place.destination
            reported = send_file(connection, path, self.dialect, drawn, named, agree)
            path.unlink()
        else:
            drawn, reported = self._from_queue(connection, drawn, place, agree)
        self._note(drawn, reported)
        self._wait(drawn, place)
        place.leave()
        source, target = self._recount(drawn, reported, place)
        everywhere = case.target == "composite"
        case.found += judge(Evidence(case.way, drawn, reported, source, target, everywhere, place.loss))

    def clear(self) -> None:
        if self.place is not None:
            self.place.remove()
        if self.case.source not in ("", "file"):
            self.broker.drop_queue(f"{self.name}.src")

    def _connection(self) -> Connection:
        """The person's: on some brokers one who can find out more, or less, of how queues keep messages."""
        less = self.draw.random() < 0.5
        broker = self.broker
        if isinstance(broker, RabbitMQ) and not less:
            self.case.connection = " asking the management"
            return replace(broker.connection(), management=f"http://127.0.0.1:{broker.http_port}")
        if isinstance(broker, Artemis) and less:
            self.case.connection = " as one who may not manage"
            return broker.connection_as("bob")
        return broker.connection()

    def _from_queue(
        self, connection: Connection, drawn: list[Drawn], place: Place, agree: bool
    ) -> tuple[list[Drawn], Reported]:
        case, source = self.case, f"{self.name}.src"
        kinds = ["queue"]
        if isinstance(self.broker, RabbitMQ):
            kinds = ["classic", "classic", "quorum"] + ["stream"] * (case.way == "copy")
        case.source = self.draw.choice(kinds)
        if isinstance(self.broker, RabbitMQ):
            self.broker.declare(source, case.source)
        else:
            self.broker.make_queue(source)
        destination = f"/queue/{source}"
        if case.target == "itself":
            place.destination = destination
        let_in = self.fill(source, drawn, place)
        if any("SCHED" in part for one in drawn for part in one.parts):
            time.sleep(0.4)
        there = _settled(lambda: depth(self.broker, source), len(let_in))
        reported = act(connection, destination, self.dialect, case.way, place.destination, agree)
        if not reported.peeked:
            # Nothing was shown, so nothing can have been done.
            reported.outcomes = {one.mark: MessageOutcome(UNTOUCHED, "not shown") for one in let_in}
            return let_in, reported
        by_mark = {one.mark: one for one in drawn}
        shown = [by_mark[mark] for mark in reported.shown]
        odd = any(part.startswith(("expir", "AMQ_SCHED", "_AMQ_SCHED", "ttl")) for one in drawn for part in one.parts)
        if there != len(shown) and not odd:
            raise Contradiction(f"{there} are in the source, {len(shown)} were shown")
        # What the broker made of a body when it came in is what has to be kept.
        return [Drawn(one.mark, one.headers, reported.bodies[one.mark], one.parts) for one in shown], reported

    def fill(self, source: str, drawn: Sequence[Drawn], place: Place) -> list[Drawn]:
        """Send what the broker lets in, and say which that was."""
        client = None
        let_in: list[Drawn] = []
        for number, one in enumerate(drawn):
            if isinstance(self.broker, Artemis) and any(part in UNSEEN for part in one.parts):
                continue
            headers = [line for line in one.headers if line[0] not in OUTSIDE]
            if self.case.way == "retry":
                headers = [*self._origin(place), *headers]
            lines = [("destination", self.broker.destination(source))]
            if isinstance(self.broker, Artemis):
                lines = [("destination", source), ("destination-type", "ANYCAST")]
            lines += [(escape(name, "1.2"), escape(value, "1.2")) for name, value in headers]
            text = b"\0" not in one.body and _is_text(one.body)
            if not text or self.draw.random() < 0.5:
                lines.append(("content-length", str(len(one.body))))
            lines.append(("receipt", f"fill-{number}"))
            client = client or raw(self.broker)
            if _confirmed(client, raw_frame("SEND", lines, one.body), f"fill-{number}"):
                let_in.append(one)
            else:
                client.close()
                client = None
        if client is not None:
            client.close()
        return let_in

    def _origin(self, place: Place) -> list[tuple[str, str]]:
        """Headers that say where a dead letter came from."""
        (name,) = place.queues
        if isinstance(self.broker, Artemis):
            return [("_AMQ_ORIG_ADDRESS", name), ("_AMQ_ORIG_QUEUE", name)]
        if isinstance(self.broker, ActiveMQ):
            return [("original-destination", f"/queue/{name}")]
        return [("x-first-death-queue", name)]

    def _note(self, drawn: Sequence[Drawn], reported: Reported) -> None:
        case = self.case
        case.messages = len(drawn)
        case.parts = [part for one in drawn for part in one.parts]
        case.outcomes = {state: reported.count(state) for state in (DONE, FAILED, DOUBT, UNTOUCHED)}
        case.words = reported.words
        case.risky = bool(reported.risks)

    def _wait(self, drawn: Sequence[Drawn], place: Place) -> None:
        """Let pass what makes messages go."""
        own = 0.5 if any(expires_by_itself(one) or _declares_an_end(one) for one in drawn) else 0.0
        time.sleep(max(place.settle, own))

    def _recount(self, drawn: Sequence[Drawn], reported: Reported, place: Place) -> tuple[Counted, list[Counted]]:
        case = self.case
        done = reported.count(DONE)
        source = Counted(None)
        certain = not reported.count(DOUBT) and not any(expires_by_itself(one) for one in drawn)
        if case.source != "file":
            kept = len(drawn) if case.way == "copy" or case.target == "itself" else len(drawn) - done
            certain_source = certain and not (case.target == "itself" and case.way == "copy")
            source = take_all(self.broker, f"{self.name}.src", kept if certain_source else None, 2.0)
        if case.target == "itself":
            return _apart(source, reported, case.way)
        expected = done if certain and place.loss is None and len(place.queues) == 1 else None
        return source, [take_all(self.broker, queue, expected, 2.0) for queue in place.queues]


def _apart(both: Counted, reported: Reported, way: Way) -> tuple[Counted, list[Counted]]:
    """Of a queue that is source and target at once, what stayed and what came."""
    source, target = Counted(both.counter, apart=True), Counted(both.counter, apart=True)
    for mark, bodies in both.bodies.items():
        stayed = len(bodies)
        # What a broker delivers late was not there when the console peeked.
        outcome = reported.outcomes.get(mark)
        if outcome is not None and outcome.state == DONE:
            stayed = 1 if way == "copy" else 0
        source.bodies[mark] = bodies[:stayed]
        target.bodies[mark] = bodies[stayed:]
    return source, [target]


def _confirmed(client: RawStomp, frame: bytes, receipt: str) -> bool:
    try:
        client.send_raw(frame)
        answer = client.read(2.0)
    except (Closed, OSError):
        return False
    return answer.command == "RECEIPT" and answer.get("receipt-id") == receipt


def _settled(count: Callable[[], int | None], expected: int) -> int | None:
    """A broker's counter, which may be a moment behind what it confirmed."""
    until = time.monotonic() + 3.0
    while (found := count()) != expected and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declares_an_end(one: Drawn) -> bool:
    return any(part in ("x-expires:300", "x-message-ttl:300", "x-message-ttl:0") for part in one.parts)
