"""A `ReconnectingSession` over sessions that do what the test says, on a clock that the test moves."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection, TransportKind
from stomptui.config.url import parse_url
from stomptui.connection.ending import Ending
from stomptui.connection.errors import NotConnected, SendQueueFull
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Connected, ConnectFailed, Lost, Progress, Received, Subscribed, SubscribeFailed
from stomptui.connection.frame_headers import Subscription
from stomptui.connection.reconnect import DELAYS, ConnectionState, ReconnectingSession
from stomptui.connection.session import Session
from stomptui.connection.subscriptions.delivery_limit import UNCOUNTED
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import Batch


class FakeSession:
    def __init__(self, number: int) -> None:
        self.number = number
        self.calls: list[str] = []
        self.subscribed: list[Subscription] = []
        self.unsubscribed: list[str] = []
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.acked: list[str] = []
        self.error: Exception | None = None

    def _maybe_raise(self) -> None:
        if self.error is not None:
            raise self.error

    def open(self) -> None:
        self.calls.append("open")

    def close(self, reason: str = "closed") -> None:
        self.calls.append("close")

    def disconnect(self, timeout: float = 2.0) -> None:
        self.calls.append("disconnect")

    def subscribe(self, spec: Subscription) -> None:
        self._maybe_raise()
        self.subscribed.append(spec)

    def gives_receipt(self, destination: str, command: str = "SEND") -> bool:
        return True

    def next_receipt(self) -> str:
        return f"r-{len(self.sent) + 1}"

    def send(self, command: str, headers: Sequence[tuple[str, str]]) -> str:
        self._maybe_raise()
        self.sent.append((command, dict(headers)))
        return dict(headers)["receipt"]

    def unsubscribe(self, id: str) -> None:
        self._maybe_raise()
        self.calls.append("unsubscribe")
        self.unsubscribed.append(id)

    def ack(self, frame: Frame, /, *, receipt: bool) -> None:
        self._maybe_raise()
        self.acked.append(frame.get("message-id") or "")


class Bench:
    """A link, its sessions, its clock and what it said."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sessions: list[FakeSession] = []
        self.notes: list[tuple[str, str]] = []
        self.link = ReconnectingSession(Connection(), self.make, BROKERS, lambda: self.now, self.note, lambda: 0.5)

    def make(self, connection: Connection) -> FakeSession:
        self.sessions.append(FakeSession(len(self.sessions) + 1))
        return self.sessions[-1]

    def note(self, kind: str, text: str) -> None:
        self.notes.append((kind, text))

    @property
    def session(self) -> FakeSession:
        return self.sessions[-1]

    def connected(self, dialect: str = "rabbitmq", when: float = 1000.0) -> None:
        number = self.session.number
        self.link.handle(Connected(number, when, "1.2", "RabbitMQ/3.10.8", dialect, (10_000, 10_000)))

    def up(self, *watches: WantedSubscription) -> None:
        self.link.open()
        self.connected()
        for watch in watches:
            self.link.add(watch)

    def lost(
        self, reason: str = "the broker closed the connection", when: float = 1010.0, wanted: bool = False
    ) -> None:
        self.link.handle(Lost(self.session.number, when, reason, (), wanted))

    def failed(self, reason: str, field: str = "", server_text: str = "", cancelled: bool = False) -> None:
        self.link.handle(ConnectFailed(self.session.number, 0.0, reason, server_text, None, field, cancelled))

    def received(self, *messages: tuple[str, str]) -> None:
        """MESSAGE frames of (subscription, message-id)."""
        data, marks, counts = b"", array("I"), dict[str, int]()
        for subscription, message_id in messages:
            raw = f"MESSAGE\nsubscription:{subscription}\nmessage-id:{message_id}\n\nhi".encode()
            marks.extend((len(data), len(data) + len(raw)))
            data += raw + b"\0"
            counts[subscription] = counts.get(subscription, 0) + 1
        self.link.handle(Received(self.session.number, 0.0, Batch(data, marks, {}, ()), counts))

    def wait_for_retry(self) -> float:
        """Move the clock to the next attempt, and let it happen; returns how long that was."""
        assert self.link.retry_at is not None
        delay = self.link.retry_at - self.now
        self.now = self.link.retry_at - 0.01
        self.link.tick()
        assert self.link.state is ConnectionState.WAITING, "not before it is due"
        self.now += 0.01
        self.link.tick()
        return delay


@pytest.fixture
def bench() -> Bench:
    return Bench()


class TestConnecting:
    def test_the_state_is_told_in_words(self, bench: Bench) -> None:
        bench.link.open()
        bench.link.handle(Progress(1, 0.0, "TLS handshake"))
        assert bench.link.state_text == "connecting: TLS handshake"
        bench.connected()
        assert bench.link.state_text == "connected"

    def test_a_first_attempt_that_fails_is_not_repeated(self, bench: Bench) -> None:
        bench.link.open()
        bench.failed("nothing listens on 127.0.0.1 port 61613")
        assert bench.link.state is ConnectionState.FAILED
        assert bench.link.state_text == "not connected: nothing listens on 127.0.0.1 port 61613"
        bench.now += 1000
        bench.link.tick()
        assert len(bench.sessions) == 1

    def test_the_person_can_try_again_after_it(self, bench: Bench) -> None:
        bench.link.open()
        bench.failed("nothing listens")
        bench.link.retry_now()
        bench.connected()
        assert bench.link.state is ConnectionState.UP

    def test_what_sessions_that_are_over_still_say_is_ignored(self, bench: Bench) -> None:
        bench.up()
        bench.lost()
        bench.link.retry_now()
        bench.connected()
        bench.link.handle(Lost(1, 0.0, "an old story"))
        assert bench.link.state is ConnectionState.UP

    def test_stopping_an_attempt_cancels_it(self, bench: Bench) -> None:
        bench.link.open()
        bench.link.stop()
        assert bench.session.calls == ["open", "close"]
        bench.failed("cancelled", cancelled=True)
        assert bench.link.state_text == "stopped"

    def test_stopping_a_connection_says_goodbye(self, bench: Bench) -> None:
        bench.up()
        bench.link.stop()
        assert bench.session.calls == ["open", "disconnect"]
        bench.lost(wanted=True)
        assert bench.link.state is ConnectionState.STOPPED
        assert bench.link.retry_at is None

    def test_where_the_end_of_a_connection_counts_what_is_held_is_given_back_before_it(self, bench: Bench) -> None:
        bench.link.open()
        bench.connected("artemis")
        held, taken = WantedSubscription("/queue/a", deliveries=UNCOUNTED), WantedSubscription("/topic/b")
        for watch in (held, taken, WantedSubscription("/queue/c", paused=True)):
            bench.link.add(watch)
        wire_id = held.wire_id
        bench.link.stop()
        assert bench.session.unsubscribed == [wire_id]
        assert bench.session.calls == ["open", "unsubscribe", "disconnect"]
        bench.lost(wanted=True)
        bench.link.retry_now()
        bench.connected("artemis")
        assert len(bench.session.subscribed) == 2, "it is wanted still"

    def test_elsewhere_the_connection_gives_it_back(self, bench: Bench) -> None:
        bench.link.open()
        bench.connected("activemq")
        bench.link.add(WantedSubscription("/queue/a"))
        bench.link.stop()
        assert bench.session.calls == ["open", "disconnect"]


class TestComingBack:
    def test_a_lost_connection_is_tried_again_with_growing_delays(self, bench: Bench) -> None:
        bench.up()
        bench.now += 60
        bench.lost()
        delays = []
        for _ in range(8):
            delays.append(bench.wait_for_retry())
            bench.failed("nothing listens")
        assert delays == pytest.approx([*DELAYS, 30, 30])

    def test_the_countdown_is_visible(self, bench: Bench) -> None:
        bench.up()
        bench.lost("the broker closed the connection")
        said = "connection lost: the broker closed the connection; reconnecting in 1 s (1st try)"
        assert bench.link.state_text == said
        bench.wait_for_retry()
        assert bench.link.state_text == "connecting (1st try)"
        bench.failed("nothing listens")
        bench.wait_for_retry()
        bench.failed("nothing listens")
        assert bench.link.state_text == "connection lost: nothing listens; reconnecting in 4 s (3rd try)"

    def test_delays_are_scattered(self) -> None:
        def first_delay(chance: float) -> float:
            bench = Bench()
            bench.link = ReconnectingSession(
                Connection(), bench.make, BROKERS, lambda: bench.now, bench.note, lambda: chance
            )
            bench.up()
            bench.lost()
            assert bench.link.retry_at is not None
            return bench.link.retry_at - bench.now

        assert first_delay(0.0) == pytest.approx(0.8)
        assert first_delay(1.0) == pytest.approx(1.2)

    def test_the_person_can_retry_now_or_stop(self, bench: Bench) -> None:
        bench.up()
        bench.lost()
        bench.link.retry_now()
        assert bench.link.state is ConnectionState.CONNECTING
        bench.failed("nothing listens")
        bench.link.stop()
        bench.now += 1000
        bench.link.tick()
        assert bench.link.state_text == "stopped"
        assert len(bench.sessions) == 2

    @pytest.mark.parametrize(
        ("field", "server_text"),
        [
            ("passcode", ""),
            ("", "Bad CONNECT\nAccess refused for user 'guest'"),
            ("", "User name [guest] or password is invalid."),
            ("ws_headers", ""),
        ],
    )
    def test_it_does_not_hammer_a_login_that_is_refused(self, bench: Bench, field: str, server_text: str) -> None:
        bench.up()
        bench.lost()
        bench.wait_for_retry()
        bench.failed("the broker refused the login", field, server_text)
        assert bench.link.state is ConnectionState.FAILED
        assert bench.link.retry_at is None
        assert ("failed", "not trying again: the broker refused the login") in bench.notes

    def test_a_connection_that_dies_at_once_again_and_again_is_not_hammered(self, bench: Bench) -> None:
        bench.up()
        delays = []
        for _ in range(4):
            bench.lost()
            delays.append(bench.wait_for_retry())
            bench.connected()
        assert delays == pytest.approx([1, 2, 4, 8])
        bench.now += 60
        bench.lost()
        assert bench.wait_for_retry() == pytest.approx(1)

    def test_sessions_that_end_again_and_again_after_the_same_time_are_not_hammered(self, bench: Bench) -> None:
        bench.up()
        delays = []
        for lasted in (600, 7, 7.3, 6.8, 7, 30, 7, 100):
            bench.now += lasted
            bench.lost()
            delays.append(bench.wait_for_retry())
            bench.connected()
        assert delays == pytest.approx([1, 1, 2, 4, 8, 1, 1, 1])

    def test_a_broker_that_restarts_twice_is_not_waited_for_longer(self, bench: Bench) -> None:
        bench.up()
        for lasted in (600, 8):
            bench.now += lasted
            bench.lost()
            delays = [bench.wait_for_retry()]
            for _ in range(4):
                bench.failed("nothing listens")
                delays.append(bench.wait_for_retry())
            bench.connected()
            assert delays == pytest.approx(DELAYS[:5])

    def test_the_gap_is_said(self, bench: Bench) -> None:
        bench.up()
        bench.lost(when=1010.0)
        bench.wait_for_retry()
        bench.connected(when=1018.5)
        assert bench.link.gap == (1010.0, 1018.5)
        assert next(text for kind, text in bench.notes if kind == "gap").startswith("connected again after 8.5 s")

    def test_there_is_no_gap_before_the_first_loss(self, bench: Bench) -> None:
        bench.up()
        assert bench.link.gap is None
        assert bench.notes == []


class TestSeveralAddresses:
    @pytest.fixture
    def several(self) -> Bench:
        bench = Bench()

        def make(connection: Connection) -> FakeSession:
            self.tried.append(connection.host)
            return bench.make(connection)

        self.tried: list[str] = []
        bench.link = ReconnectingSession(
            parse_url("stomp://a,b,c/"), make, BROKERS, lambda: bench.now, bench.note, lambda: 0.5
        )
        return bench

    def test_the_next_one_is_tried_at_once(self, several: Bench) -> None:
        several.link.open()
        several.failed("nothing listens on a")
        assert several.link.state is ConnectionState.CONNECTING
        several.connected()
        assert (self.tried, several.link.connection.host) == (["a", "b"], "b")

    def test_it_has_failed_when_all_of_them_have(self, several: Bench) -> None:
        several.link.open()
        for host in "abc":
            several.failed(f"nothing listens on {host}")
        said = "not connected: nothing listens on a; nothing listens on b; nothing listens on c"
        assert several.link.state_text == said

    def test_after_a_loss_the_others_come_first(self, several: Bench) -> None:
        several.up()
        several.lost()
        several.wait_for_retry()
        several.failed("nothing listens on b")
        several.failed("nothing listens on c")
        several.connected()
        assert (self.tried, several.link.connection.host) == (["a", "b", "c", "a"], "a")

    def test_between_two_rounds_it_waits(self, several: Bench) -> None:
        several.up()
        several.lost()
        several.wait_for_retry()
        for _ in range(3):
            several.failed("nothing listens")
        assert several.link.state is ConnectionState.WAITING
        assert several.wait_for_retry() == pytest.approx(2)

    def test_a_refused_login_is_not_tried_on_the_others(self, several: Bench) -> None:
        several.link.open()
        several.failed("the broker refused the login", "passcode")
        assert (self.tried, several.link.state) == (["a"], ConnectionState.FAILED)


class TestWatching:
    def test_what_is_added_before_there_is_a_connection_is_asked_for_then(self, bench: Bench) -> None:
        bench.link.open()
        watch = bench.link.add(WantedSubscription("/queue/test", deliveries=UNCOUNTED))
        assert watch.state_text == "off"
        bench.connected()
        (spec,) = bench.session.subscribed
        assert (spec.destination, spec.ack, spec.prefetch) == ("/queue/test", "client-individual", 100)
        assert watch.state == "asking"

    def test_subscribed_is_said_when_the_broker_said_it(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/orders")
        bench.up(watch)
        assert watch.state_text == "asking"
        bench.link.handle(Subscribed(1, 0.0, watch.wire_id, 0.01))
        assert watch.state_text == "on"

    def test_or_when_its_first_message_comes(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/orders")
        bench.up(watch)
        bench.received((watch.wire_id, "m1"))
        assert watch.state == "on"

    def test_a_broker_that_does_not_confirm_is_not_waited_for(self, bench: Bench) -> None:
        bench.link.open()
        bench.connected("spring")
        watch = bench.link.add(WantedSubscription("/topic/orders"))
        assert watch.state_text == "asked for; this broker does not confirm"

    def test_a_refusal_keeps_the_brokers_words(self, bench: Bench) -> None:
        watch = WantedSubscription("/amq/queue/nosuch")
        bench.up(watch)
        bench.link.handle(SubscribeFailed(1, 0.0, watch.wire_id, "NOT_FOUND - no queue 'nosuch'"))
        assert watch.state_text == "refused: NOT_FOUND - no queue 'nosuch'"

    def test_what_was_refused_is_not_asked_for_again_by_itself(self, bench: Bench) -> None:
        watch = WantedSubscription("/amq/queue/nosuch")
        bench.up(watch)
        bench.link.handle(SubscribeFailed(1, 0.0, watch.wire_id, "NOT_FOUND"))
        bench.lost()
        bench.wait_for_retry()
        bench.connected()
        assert bench.session.subscribed == []
        bench.link.resume(watch.key)
        assert len(bench.session.subscribed) == 1

    def test_but_what_was_taken_away_is(self, bench: Bench) -> None:
        watch = WantedSubscription("/amq/queue/x", deliveries=UNCOUNTED)
        bench.up(watch)
        bench.link.handle(SubscribeFailed(1, 0.0, watch.wire_id, "Server cancelled subscription", cancelled=True))
        assert watch.state_text == "refused: taken away by the broker: Server cancelled subscription"
        bench.lost()
        bench.wait_for_retry()
        bench.connected()
        assert len(bench.session.subscribed) == 1

    def test_what_cannot_be_sent_is_refused_with_the_reason(self, bench: Bench) -> None:
        bench.up()
        bench.session.error = SendQueueFull("the broker does not read")
        watch = bench.link.add(WantedSubscription("/queue/x"))
        assert watch.state_text == "refused: the broker does not read"

    def test_subscriptions_come_back_with_new_ids(self, bench: Bench) -> None:
        first, second = WantedSubscription("/queue/a", deliveries=UNCOUNTED), WantedSubscription("/topic/b")
        bench.up(first, second)
        ids = {first.wire_id, second.wire_id}
        bench.lost()
        assert {first.state, second.state} == {"off"}
        bench.wait_for_retry()
        bench.connected()
        assert [spec.destination for spec in bench.session.subscribed] == ["/queue/a", "/topic/b"]
        assert not ids & {spec.id for spec in bench.session.subscribed}

    def test_paused_ones_do_not(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/b")
        bench.up(watch)
        bench.link.pause(watch.key)
        bench.lost()
        assert watch.state == "paused"
        bench.wait_for_retry()
        bench.connected()
        assert bench.session.subscribed == []

    def test_pause_and_resume(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/a")
        bench.up(watch)
        old = watch.wire_id
        bench.link.pause(watch.key)
        assert bench.session.unsubscribed == [old]
        assert watch.state_text == "paused"
        assert bench.notes[-1][1].startswith("paused /queue/a: unacknowledged messages stay locked")
        bench.link.resume(watch.key)
        assert watch.state == "asking"
        assert watch.wire_id not in ("", old)

    def test_late_messages_of_a_paused_one_are_still_counted(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/a")
        bench.up(watch)
        old = watch.wire_id
        bench.link.pause(watch.key)
        bench.received((old, "m1"))
        assert (watch.total, watch.state) == (1, "paused")

    def test_removing_unsubscribes_and_forgets(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/a")
        bench.up(watch)
        old = watch.wire_id
        bench.link.remove(watch.key)
        assert bench.session.unsubscribed == [old]
        assert bench.link.wanted == []
        assert bench.link.subscription_of(old) is watch, "its rows in the log keep their colour"

    def test_an_unsubscribe_on_a_dead_connection_is_no_drama(self, bench: Bench) -> None:
        watch = WantedSubscription("/topic/a")
        bench.up(watch)
        bench.session.error = NotConnected("gone")
        bench.link.pause(watch.key)
        assert watch.state == "paused"

    def test_counters_and_rates(self, bench: Bench) -> None:
        first, second = WantedSubscription("/topic/a"), WantedSubscription("/topic/b")
        bench.up(first, second)
        for _ in range(4):
            bench.received((first.wire_id, "m"), (second.wire_id, "m"), (first.wire_id, "m"))
            bench.now += 1
        assert (first.total, second.total) == (8, 4)
        assert first.rate.rate(bench.now) == 2
        assert second.rate.history(bench.now)[-5:] == [0, 1, 1, 1, 1]

    def test_the_same_destination_twice_is_two_and_is_said(self, bench: Bench) -> None:
        first, second = WantedSubscription("/topic/a"), WantedSubscription("/topic/a")
        bench.up(first, second)
        assert (first.label, second.label) == ("/topic/a", "/topic/a (2)")
        assert first.wire_id != second.wire_id
        said = "/topic/a is now subscribed to 2 times: each gets every message"
        assert bench.notes == [("info", said)]
        bench.link.add(WantedSubscription("/queue/q"))
        bench.link.add(WantedSubscription("/queue/q"))
        assert "share its messages" in bench.notes[-1][1]

    def test_each_has_a_colour_of_its_own_which_it_keeps(self, bench: Bench) -> None:
        watches = [WantedSubscription(f"/topic/{n}") for n in range(3)]
        bench.up(*watches)
        assert [watch.colour for watch in watches] == [0, 1, 2]
        bench.link.remove(watches[1].key)
        assert [watch.colour for watch in bench.link.wanted] == [0, 2]
        assert bench.link.add(WantedSubscription("/topic/new")).colour == 1


class TestReading:
    def asked(self, bench: Bench, watch: WantedSubscription, dialect: str = "rabbitmq") -> Subscription:
        bench.link.open()
        bench.connected(dialect)
        bench.link.add(watch)
        return bench.session.subscribed[-1]

    def test_consuming_is_asked_for_by_name(self, bench: Bench) -> None:
        spec = self.asked(bench, WantedSubscription("/queue/q", "consume"))
        assert (spec.ack, spec.prefetch) == ("client-individual", 500)

    def test_an_ack_mode_asked_for_by_name_is_sent(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/q", ack="auto")
        spec = self.asked(bench, watch)
        assert (spec.ack, spec.prefetch) == ("auto", None)
        assert watch.reading is not None
        assert watch.reading.mode == "consume", "since that is what auto does to a queue"

    def test_client_modes_by_name_look(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/q", ack="client")
        spec = self.asked(bench, watch)
        assert (spec.ack, spec.prefetch) == ("client", 100)
        assert watch.reading is not None
        assert watch.reading.mode == "hold"

    def test_a_prefetch_by_number_is_kept(self, bench: Bench) -> None:
        assert self.asked(bench, WantedSubscription("/queue/q", prefetch=7)).prefetch == 7

    def test_what_is_consumed_is_acknowledged_once_it_has_been_handled(self, bench: Bench) -> None:
        eaten, seen = WantedSubscription("/queue/eaten", "consume"), WantedSubscription("/queue/seen")
        bench.up(eaten, seen)
        bench.received((eaten.wire_id, "m1"), (seen.wire_id, "m2"), (eaten.wire_id, "m3"))
        assert bench.session.acked == ["m1", "m3"]

    def test_what_is_looked_at_never_is(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/seen")
        bench.up(watch)
        bench.received((watch.wire_id, "m1"))
        assert bench.session.acked == []

    def test_acknowledgements_wait_while_the_broker_does_not_read(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/eaten", "consume")
        bench.up(watch)
        bench.session.error = SendQueueFull("full")
        bench.received((watch.wire_id, "m1"), (watch.wire_id, "m2"))
        bench.session.error = None
        bench.link.tick()
        assert bench.session.acked == ["m1", "m2"]

    def test_and_are_never_sent_on_another_connection(self, bench: Bench) -> None:
        watch = WantedSubscription("/queue/eaten", "consume")
        bench.up(watch)
        bench.session.error = NotConnected("gone")
        bench.received((watch.wire_id, "m1"))
        bench.lost()
        bench.wait_for_retry()
        bench.connected()
        bench.link.tick()
        assert bench.session.acked == []

    @pytest.mark.parametrize(
        ("dialect", "ack"), [("unknown", "auto"), ("rabbitmq", "client-individual"), ("coilmq", "auto")]
    )
    def test_consuming_is_the_brokers_safest_way(self, bench: Bench, dialect: str, ack: str) -> None:
        assert self.asked(bench, WantedSubscription("/queue/q", "consume"), dialect).ack == ack


def test_a_real_session_is_what_a_link_asks_for() -> None:
    link = ReconnectingSession(
        Connection(), lambda connection: Session(connection, EventQueue(lambda: None), BROKERS), BROKERS
    )
    assert link.state is ConnectionState.IDLE


class TestLoggedOut:
    """The server ends a session that was up, since its token or login holds no longer."""

    def up(self, *headers: tuple[str, str], **fields: object) -> Bench:
        bench = Bench()
        connection = replace(Connection(), headers=headers, **fields)  # type: ignore[arg-type]
        bench.link = ReconnectingSession(connection, bench.make, BROKERS, lambda: bench.now, bench.note, lambda: 0.5)
        bench.up()
        return bench

    def end(self, bench: Bench, lasted: float = 6, credentials: int = 1, ending: Ending = Ending.LOGGED_OUT) -> None:
        bench.now += lasted
        bench.link.handle(
            Lost(
                bench.session.number, 0.0, "closed", server_text="Token expired", ending=ending, credentials=credentials
            )
        )

    def again(self, bench: Bench) -> None:
        bench.wait_for_retry()
        bench.connected()

    def test_a_token_is_asked_for_at_once(self) -> None:
        bench = self.up(("Authorization", "Bearer abc"))
        self.end(bench)
        assert bench.link.state is ConnectionState.FAILED
        assert (bench.link.asks, bench.link.field, bench.link.retry_at) == (True, "headers", None)
        said = "the server wants a new token; Authorization in the headers of CONNECT may have expired"
        assert bench.link.state_text == f"not connected: {said}"
        assert bench.link.server_text == "Token expired"
        assert ("failed", f"not trying again: {said}") in bench.notes
        bench.link.retry_now()
        bench.connected()
        assert (bench.link.state, bench.link.asks) == (ConnectionState.UP, False)

    def test_a_cookie_is_a_login(self) -> None:
        bench = self.up(transport=TransportKind.WS, ws_headers=(("Cookie", "JSESSIONID=1"),))
        self.end(bench)
        assert bench.link.reason == "the server wants a new login; Cookie in the HTTP headers may have expired"
        assert bench.link.field == "ws_headers"

    @pytest.mark.parametrize("kind", ["command get-token", "file ~/token", "env TOKEN"])
    def test_one_that_is_read_anew_is_tried_once_more(self, kind: str) -> None:
        bench = self.up(("Authorization", "Bearer {{" + kind + "}}"))
        self.end(bench, 600, credentials=1)
        self.again(bench)
        self.end(bench, 600, credentials=2)
        self.again(bench)
        self.end(bench, 6, credentials=3)
        assert (bench.link.state, bench.link.asks) == (ConnectionState.FAILED, True)

    def test_one_that_is_read_anew_and_is_the_same_is_asked_for(self) -> None:
        bench = self.up(("Authorization", "Bearer {{env TOKEN}}"))
        self.end(bench, 600)
        self.again(bench)
        self.end(bench, 600)
        assert bench.link.asks

    def test_other_ends_between_begin_anew(self) -> None:
        bench = self.up(("Authorization", "Bearer {{env TOKEN}}"))
        for _ in range(3):
            self.end(bench)
            self.again(bench)
            self.end(bench, 300, ending=Ending.STOPPED)
            self.again(bench)
        assert bench.link.state is ConnectionState.UP

    def test_a_login_is_made_anew_once(self) -> None:
        bench = self.up(login="me", passcode="secret")
        for _ in range(3):
            self.end(bench, 600)
            self.again(bench)
        self.end(bench, 6)
        assert (bench.link.asks, bench.link.field) == (True, "passcode")
        assert bench.link.reason == "the server wants a new login; login and password may have expired"

    def test_who_gave_none_is_asked_for_nothing(self) -> None:
        bench = self.up()
        for _ in range(3):
            self.end(bench)
            assert bench.link.state is ConnectionState.WAITING
            self.again(bench)
