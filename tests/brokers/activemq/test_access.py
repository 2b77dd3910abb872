"""ActiveMQ Classic's queues: what is carried on, what selects it, and what a transaction does when it is refused."""

from __future__ import annotations

import time
from typing import cast

import pytest

from stomptui.brokers.activemq.names import queue_name
from stomptui.brokers.activemq.targets import ActiveMQTargets
from stomptui.brokers.activemq.transactions.selectors import MOST, Chosen, portions, selector
from stomptui.brokers.activemq.transactions.transactions import Part, transact
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import (
    BlockingClient,
    BlockingEventQueue,
    ClientError,
    ConnectionGone,
    RequestRefused,
)
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.protocol.codec import encode
from stomptui.protocol.frame import Frame, Headers
from stomptui.queues.access import QueueAccess
from stomptui.queues.access_context import AccessContext, Connector
from stomptui.queues.actions.action import Action, ActionTarget, MessageOutcome
from stomptui.queues.actions.dry_run import problem
from stomptui.queues.headers.preparing import MessagePreparer

HOUR = 3_600_000


def now() -> int:
    """Milliseconds since the epoch."""
    return int(time.time() * 1000)


def no_dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
    raise AssertionError("nobody is asked here")


def access(queue: str = "/queue/q", dial: Connector = no_dial) -> QueueAccess:
    """One whose broker does not answer questions about queues."""
    found = BROKERS.access(
        queue, BROKERS.named("activemq", "ActiveMQ/6.3.1"), AccessContext(dial, BlockingEventQueue())
    )
    cast(ActiveMQTargets, found.forwarding.targets)._statistics.silent = True
    return found


def messages() -> MessagePreparer:
    return access().forwarding.messages


def message(*lines: str, body: bytes = b"body") -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body)


class TestCarrying:
    def test_order_and_values_stay_and_the_marks_of_one_delivery_go(self) -> None:
        frame = message(
            "b:2", "expires:0", "destination:/queue/q", "ack:ID\\cx", "subscription:s", "priority:7",
            "redelivered:true", "message-id:ID\\cvm-1", "persistent:true",
            "timestamp:1500000000000", "odd\\cname:a\\nb", "b:3",
        )  # fmt: skip
        carried = messages().prepare(frame)
        assert carried.headers == (
            ("b", "2"), ("expires", "0"), ("priority", "7"), ("persistent", "true"), ("timestamp", "1500000000000"),
            ("odd:name", "a\nb"),
        )  # fmt: skip
        assert (carried.body, carried.problem) == (b"body", "")
        assert carried.left_out == (("b", "3"),), "ActiveMQ takes the first of two"

    def test_a_length_makes_bytes_and_none_makes_text(self) -> None:
        assert messages().prepare(message("content-length:4")).content_length
        assert not messages().prepare(message()).content_length
        text, sized = messages().prepare(message()), messages().prepare(message("content-length:4"))
        assert messages().send_frame(ActionTarget("/queue/x"), text)[1] == (("destination", "/queue/x"),)
        assert messages().send_frame(ActionTarget("/queue/x"), sized)[1] == (
            ("destination", "/queue/x"),
            ("content-length", "4"),
        )

    def test_what_would_act_again_or_is_stale_is_left_out_and_said(self) -> None:
        carried = messages().prepare(
            message("transformation:jms-json", "transformation-error:x", "scheduledJobId:1", "n:1")
        )
        assert carried.headers == (("n", "1"),)
        assert [name for name, _ in carried.left_out] == ["transformation", "transformation-error", "scheduledJobId"]

    def test_an_end_that_is_past_is_left_out_and_one_to_come_stays(self) -> None:
        past, coming = f"expires:{now() - 1000}", f"expires:{now() + HOUR}"
        assert messages().prepare(message(past)).left_out == (("expires", past.partition(":")[2]),)
        assert messages().prepare(message(coming)).headers == (("expires", coming.partition(":")[2]),)

    @pytest.mark.parametrize(
        ("end", "expires"),
        [(str(now() + HOUR), str(now() + HOUR)), (str(now() - HOUR), "0"), ("0", "0"), ("x", "0")],
        ids=["to come", "past", "never", "nonsense"],
    )
    def test_a_retry_has_the_end_it_had_unless_that_is_past(self, end: str, expires: str) -> None:
        dead = message(
            "expires:0", f"originalExpiration:{end}", "original-destination:/queue/odd\\cname",
            "dlqDeliveryFailureCause:x", "n:1",
        )  # fmt: skip
        retried, moved = messages().prepare(dead, retry=True), messages().prepare(dead)
        assert retried.headers == (("expires", expires), ("n", "1"))
        assert len(retried.left_out) == 3
        assert len(moved.headers) == 5
        assert messages().origin(dead) == "/queue/odd:name"
        assert messages().origin(message()) == ""

    def test_a_header_line_that_ends_the_connection_is_no_header_to_send(self) -> None:
        target = ActionTarget("/queue/x")
        assert problem(access().actions, Action("move", "x"), message("h:" + "x" * 10_000), target) == ""
        told = problem(access().actions, Action("move", "x"), message("h:" + "x" * 10_300), target)
        assert told == "its header h is too large to be sent: a line of 10,302 bytes, ActiveMQ takes 10,240"


class TestTargets:
    @pytest.mark.parametrize(
        ("target", "destination"),
        [
            ("/queue/a.b", "/queue/a.b"),
            ("a", "/queue/a"),
            ("/a/b", "/queue//a/b"),
            ("topic://a", "/queue/topic://a"),
            ("/queue/a*b.c>", "/queue/a*b.c>"),
        ],
    )
    def test_any_other_name_is_one_of_a_queue(self, target: str, destination: str) -> None:
        found = access().forwarding.targets.check(target)
        assert (found.destination, found.refusal, found.stored) == (destination, "", True)
        assert found.hint == "ActiveMQ creates the queue if it is missing."

    @pytest.mark.parametrize(
        ("target", "words"),
        [
            ("/queue/a,b", "stands for several"),
            ("/queue/a.*.b", "stands for several"),
            ("a.>", "stands for several"),
            ("/queue/", "is not the name of a queue"),
            ("/queue/a?consumer.prefetchSize=1", "is not the name of a queue"),
            ("/temp-queue/a", "would go away"),
            ("/queue/ActiveMQ.Statistics.Broker", "taken for a question"),
        ],
    )
    def test_what_is_not_one_queue_that_stays_is_refused(self, target: str, words: str) -> None:
        assert words in access().forwarding.targets.check(target).refusal
        assert access().actions.plan(Action("move", target), [(0, message())]).refusal

    def test_a_topic_gets_copies_and_no_moves(self) -> None:
        items = [(0, message())]
        assert "would be lost" in access().actions.plan(Action("move", "/topic/x"), items).refusal
        assert access().actions.plan(Action("copy", "/topic/x"), items).refusal == ""

    @pytest.mark.parametrize(
        ("lasting", "passing", "said", "destroys"),
        [
            (1, 0, ["It goes to the dead letters"], False),
            (2, 0, ["They go to the dead letters"], False),
            (0, 1, ["It is not persistent: ActiveMQ deletes it"], True),
            (0, 2, ["They are not persistent: ActiveMQ deletes those"], True),
            (2, 1, ["2 of them go to", "1 of them is not persistent: ActiveMQ deletes it"], True),
        ],
    )
    def test_rejecting_deletes_what_is_not_persistent(
        self, lasting: int, passing: int, said: list[str], destroys: bool
    ) -> None:
        messages = [message("persistent:true")] * lasting + [message("persistent:false"), message()][:passing]
        plan = access().actions.plan(Action("reject"), list(enumerate(messages)))
        assert plan.destroys == destroys
        assert all(line.startswith(start) for line, start in zip(plan.lines, said, strict=False))

    def test_what_may_lose_its_content_needs_a_yes(self) -> None:
        items = [(0, message(body=b"")), (1, message("content-length:0", body=b"")), (2, message())]
        plan = access().actions.plan(Action("move", "x"), items)
        assert plan.destroys
        assert plan.lines[0].startswith("1 of them has an empty body and may be a JMS map, object or stream message")
        assert not access().actions.plan(Action("copy", "x"), items).destroys
        assert not access().actions.plan(Action("move", "x"), items[1:]).destroys

    @pytest.mark.parametrize(
        ("queue", "name"),
        [("/queue/a b", "a b"), ("a", "a"), ("/queue/a?x=1", ""), ("/topic/a", ""), ("/queue/a.>", ""), ("a,b", "")],
    )
    def test_the_name_of_a_queue(self, queue: str, name: str) -> None:
        assert queue_name(queue) == name
        assert (access(queue).reader.survey().refusal == "") == bool(name)

    def test_a_broker_that_does_not_tell_may_get_an_empty_queue(self) -> None:
        survey = access().reader.survey()
        assert (survey.exists, survey.holds, survey.depth) == (None, False, None)
        assert survey.notice.endswith("If the queue does not exist, browsing creates it, empty.")


def chosen(index: int, size: int = 0, queue: str = "/queue/q", name: str = "") -> Chosen:
    name = name or f"ID\\cvm-40000-1795843418290-6\\c{index}\\c-1\\c1\\c{index}"
    return Chosen(index, message(f"destination:{queue}", f"message-id:{name}", body=b"x" * size), None)


class TestSelecting:
    def test_ids_are_quoted_as_sql_wants_it(self) -> None:
        assert selector(["ID:a-1:1", "it's"]) == "JMSMessageID IN ('ID:a-1:1','it''s')"

    @pytest.mark.parametrize("width", [1, 60, 250, 3_000])
    def test_a_selector_fits_into_a_header_line(self, width: int) -> None:
        many = [chosen(n, name=f"{n}\\c" + "é:"[0] * width) for n in range(500)]
        found = list(portions(many))
        assert [item for portion in found for item in portion] == many
        for portion in found:
            line = encode("SUBSCRIBE", [("selector", selector(item.id for item in portion))]).split(b"\n")[1]
            assert len(portion) <= MOST
            assert len(line) <= 10 << 10 or len(portion) == 1

    def test_a_portion_is_of_one_queue_and_not_too_many_bytes(self) -> None:
        items = [
            chosen(0),
            chosen(1),
            chosen(2, queue="/queue/other"),
            chosen(3),
            *(chosen(n, 5 << 20) for n in (4, 5)),
        ]
        assert [[item.index for item in portion] for portion in portions(items)] == [[0, 1], [2], [3, 4], [5]]


class Broker:
    """A line whose broker refuses what it is told to refuse, and remembers what it got."""

    number = 1

    def __init__(self, refuse: dict[str, str] | None = None, end_at: str = "", silent_errors: bool = False) -> None:
        self.event_queue = BlockingEventQueue()
        self.got: list[str] = []
        self.gone = ""
        self._refuse = refuse or {}
        self._end_at = end_at
        self._silent = silent_errors
        """Whether its ERRORs do not say what they are about."""

    def send(self, command: str, headers: Headers, body: bytes = b"") -> None:
        self._take(command, body)

    def post(self, command: str, headers: Headers, body: bytes = b"") -> str:
        receipt = str(len(self.got))
        why = self._take(command, body)
        if not self.gone and why and not (self._silent and len(self.got) > 0):
            self.event_queue.put(BrokerError(1, 0.0, why, why, receipt))
        elif not self.gone:
            self.event_queue.put(ReceiptArrived(1, 0.0, receipt, 0.0))
        return receipt

    def ask(self, command: str, headers: Headers) -> float:
        self._take(command, b"")
        return 0.0

    def wait(self, receipt: str) -> float:
        event = self.event_queue.get(0)
        if isinstance(event, BrokerError):
            raise RequestRefused(event.text, event.text)
        if not isinstance(event, ReceiptArrived):
            raise ConnectionGone("the connection broke")
        return 0.0

    def _take(self, command: str, body: bytes) -> str:
        if self.gone:
            raise ConnectionGone(self.gone)
        word = f"{command} {body.decode()}".strip()
        self.got.append(word)
        if word == self._end_at:
            self.gone = "the connection broke"
            self.event_queue.put(Lost(1, 0.0, self.gone))
        why = self._refuse.get(word, "")
        if why and self._silent:
            event: Event = BrokerError(1, 0.0, why, why)
            self.event_queue.put(event)
        return why


def run(broker: Broker, count: int = 3) -> tuple[str, dict[int, MessageOutcome]]:
    parts = [Part(n, ("SEND", (), f"m{n}".encode()), ("ACK", (), f"m{n}".encode())) for n in range(count)]
    outcomes: dict[int, MessageOutcome] = {}
    why = transact(cast(BlockingClient, broker), parts, outcomes.__setitem__)
    return why, outcomes


def states(outcomes: dict[int, MessageOutcome]) -> list[str]:
    return [outcomes[index].state for index in sorted(outcomes)]


class TestTransactions:
    def test_all_in_one_and_commit_last(self) -> None:
        broker = Broker()
        assert run(broker) == ("", dict.fromkeys(range(3), MessageOutcome("done")))
        assert broker.got == ["BEGIN", "SEND m0", "SEND m1", "SEND m2", "ACK m0", "ACK m1", "ACK m2", "COMMIT"]

    def test_one_that_is_refused_is_left_out_and_the_others_are_done(self) -> None:
        broker = Broker({"SEND m1": "User guest is not authorized to write to: queue://x"})
        why, outcomes = run(broker)
        assert (why, states(outcomes)) == ("", ["done", "failed", "done"])
        assert outcomes[1].text == "this user has no permission for that"
        assert broker.got[7:] == ["ABORT", "BEGIN", "SEND m0", "SEND m2", "ACK m0", "ACK m2", "COMMIT"]

    def test_where_the_broker_does_not_say_which_each_is_done_alone(self) -> None:
        broker = Broker({"SEND m1": "no"}, silent_errors=True)
        why, outcomes = run(broker)
        assert (why, states(outcomes)) == ("", ["done", "failed", "done"])
        assert outcomes[1].text == "no"
        assert broker.got.count("COMMIT") == 2
        assert broker.got.count("ABORT") == 2

    def test_a_commit_that_is_refused_undoes_all_and_ends_the_line(self) -> None:
        broker = Broker({"COMMIT": "COMMIT FAILED: Transaction marked rollback only"})
        why, outcomes = run(broker)
        assert why.startswith("the transaction was refused: COMMIT FAILED")
        assert states(outcomes) == ["failed"] * 3
        assert outcomes[0].text.endswith("it is back once this connection ends")

    @pytest.mark.parametrize("end_at", ["BEGIN", "SEND m0", "SEND m2", "ACK m0", "ACK m2"])
    def test_before_commit_a_lost_connection_leaves_all_where_they_were(self, end_at: str) -> None:
        why, outcomes = run(Broker(end_at=end_at))
        assert why == "the connection broke"
        assert states(outcomes) == ["failed"] * 3
        assert outcomes[0].text == "it was not done, and stays here: the connection broke"

    def test_after_commit_it_is_in_one_of_the_two_places(self) -> None:
        why, outcomes = run(Broker(end_at="COMMIT"))
        assert why == "the connection broke"
        assert states(outcomes) == ["doubt"] * 3
        assert outcomes[0].text.startswith("it is in one of the two places")


def test_an_old_connection_has_no_nack() -> None:
    def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        return cast(BlockingClient, OldLine())

    actions = access(dial=dial).actions
    with pytest.raises(ClientError, match=r"STOMP 1\.0 has no NACK"):
        actions.act(
            Action("reject"), [(0, message("message-id:1", "destination:/queue/q"))], lambda index, outcome: None
        )


class OldLine:
    version = "1.0"
    gone = ""

    def close(self) -> None:
        pass
