"""A subscription that ends the session is found, left to the person, and the others come back."""

from __future__ import annotations

import pytest

from stomptui.connection.ending import Ending, SentFrame, blames_send, ending_of, limit_in
from stomptui.connection.events import Lost, Subscribed
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.connection.subscriptions.suspects import names
from tests.connection.test_reconnect import Bench

WORDS = "Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]"


class Server:
    """Ends the session at each SUBSCRIBE to a destination that is forbidden; confirms nothing, or all."""

    def __init__(
        self,
        *forbidden: str,
        ending: Ending = Ending.REFUSED,
        delay: float = 0.01,
        dialect: str = "spring",
        words: str = WORDS,
        confirms: bool = False,
    ) -> None:
        self.bench = Bench()
        self.forbidden = forbidden
        self.ending = ending
        self.delay = delay
        self.dialect = dialect
        self.words = words
        """Of its ERROR; {} is the number of the SUBSCRIBE that it is about."""
        self.confirms = confirms
        self.asked: list[tuple[str, float]] = []
        """(id, when) of each SUBSCRIBE of this session."""
        self.seen = 0
        self.sessions = 0

    def up(self, *destinations: str) -> list[WantedSubscription]:
        watches = [self.bench.link.add(WantedSubscription(name)) for name in destinations]
        self.bench.link.open()
        self.connect()
        return watches

    def connect(self) -> None:
        self.asked, self.seen = [], 0
        self.sessions += 1
        self.bench.connected(self.dialect)

    def lose(self, ending: Ending, *others: SentFrame) -> None:
        now = self.bench.now
        asked = [] if self.confirms else self.asked
        sent = tuple(SentFrame("SUBSCRIBE", now - when, id) for id, when in asked)
        bad = [spec.id for spec in self.bench.session.subscribed if spec.destination in self.forbidden]
        words = self.words.format(bad[0].removeprefix("sub-") if bad else "")
        lost = Lost(
            self.bench.session.number, now, "closed", server_text=words, ending=ending, unanswered=(*sent, *others)
        )
        self.bench.link.handle(lost)

    def run(self, seconds: float) -> None:
        """Let so much time pass, with a look at the clock every tenth of a second."""
        for _ in range(round(seconds * 10)):
            link = self.bench.link
            if link.session is not None:
                new = self.bench.session.subscribed[self.seen :]
                self.seen += len(new)
                self.asked += [(spec.id, self.bench.now) for spec in new]
                for spec in new if self.confirms else ():
                    link.handle(Subscribed(self.bench.session.number, 0.0, spec.id, 0.1))
                when = dict(self.asked)
                bad = [
                    spec
                    for spec in self.bench.session.subscribed
                    if spec.destination in self.forbidden and spec.id in when
                ]
                if bad and self.bench.now - when[bad[0].id] >= self.delay - 1e-9:
                    self.lose(self.ending)
            self.bench.now += 0.1
            before = link.session
            link.tick()
            if link.session is not None and link.session is not before:
                self.connect()


@pytest.mark.parametrize("count", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("place", [0, -1])
def test_the_one_that_ends_the_session_is_left_out_and_all_others_come_back(count: int, place: int) -> None:
    names = [f"/topic/{number}" for number in range(count)]
    names[place] = "/topic/secret"
    server = Server("/topic/secret")
    watches = server.up(*names)
    server.run(60)
    secret = watches[place]
    why = "the server ended the session right after it was asked for; it may not be allowed"
    assert secret.state_text == f"not restored: {why}: {WORDS}"
    assert ("error", f"/topic/secret is not restored: {secret.error}; resume it to try again") in server.bench.notes
    assert {watch.state for watch in watches if watch is not secret} <= {"asking", "on"}
    assert sorted(spec.destination for spec in server.bench.session.subscribed) == sorted(
        name for name in names if name != "/topic/secret"
    )
    assert server.sessions <= 3 + count.bit_length()


def test_several_that_end_it_are_found_one_after_the_other() -> None:
    names = [f"/topic/{number}" for number in range(6)]
    server = Server(names[1], names[4])
    watches = server.up(*names)
    server.run(120)
    assert [watch.state for watch in watches] == ["on", "not restored", "on", "on", "not restored", "on"]


def test_the_first_subscription_of_a_person_that_ends_the_session_is_known_at_once() -> None:
    server = Server("/topic/secret")
    fine = server.up("/topic/a")[0]
    server.run(5)
    secret = server.bench.link.add(WantedSubscription("/topic/secret"))
    server.run(6)
    assert (fine.state, secret.state, server.sessions) == ("on", "not restored", 2)
    server.bench.link.resume(secret.key)
    assert secret.state == "asking", "the person may try again"
    server.run(10)
    assert (fine.state, secret.state, server.sessions) == ("on", "not restored", 3)


def test_a_close_without_a_word_has_to_come_twice() -> None:
    server = Server("/topic/a", ending=Ending.UNEXPLAINED)
    watch = server.up("/topic/a")[0]
    server.run(0.2)
    assert watch.state == "off"
    server.run(10)
    assert (watch.state, server.sessions) == ("not restored", 3)


def test_a_broker_that_was_only_restarted_costs_no_subscription() -> None:
    server = Server()
    watches = server.up("/topic/a", "/topic/b")
    server.run(0.2)
    server.lose(Ending.UNEXPLAINED)
    server.run(20)
    assert {watch.state for watch in watches} == {"on"}


@pytest.mark.parametrize(
    "ending", [Ending.OTHER, Ending.LOGGED_OUT, Ending.TOO_SLOW, Ending.STOPPED, Ending.MISSED_BEATS]
)
def test_what_no_frame_has_brought_about_puts_nothing_under_suspicion(ending: Ending) -> None:
    server = Server()
    watches = server.up("/topic/a", "/topic/b")
    server.run(0.2)
    server.lose(ending)
    assert not any(watch.suspected for watch in watches)


def test_a_message_sent_at_the_same_time_may_be_to_blame_instead() -> None:
    server = Server()
    watch = server.up("/topic/a")[0]
    server.run(0.2)
    server.lose(Ending.REFUSED, SentFrame("SEND", 0.1, destination="/app/big"))
    assert (watch.state, watch.suspected) == ("off", True)
    server.run(10)
    assert (watch.state, watch.suspected) == ("on", False), "the session outlived it"


def test_a_server_that_is_slow_to_refuse_is_waited_for_longer() -> None:
    server = Server("/topic/secret", delay=3.0)
    fine, secret = server.up("/topic/a", "/topic/secret")
    server.run(90)
    assert (fine.state, secret.state) == ("on", "not restored")


def test_a_receipt_proves_it_at_once() -> None:
    server = Server()
    first, second = server.up("/topic/a", "/topic/b")
    server.run(0.2)
    server.lose(Ending.REFUSED)
    server.run(1.5)
    for watch in (first, second):
        spec = server.bench.session.subscribed[-1]
        assert spec.destination == watch.destination
        server.bench.link.handle(Subscribed(server.bench.session.number, 0.0, spec.id, 0.1))
    assert (first.state, second.state) == ("on", "on")


def test_what_ends_the_session_at_each_acknowledgement_is_not_restored_for_ever() -> None:
    server = Server(dialect="embedded")
    server.bench.link.add(WantedSubscription("/topic/other"))
    eater = server.bench.link.add(WantedSubscription("/queue/a", "consume", ack="client-individual"))
    server.bench.link.open()
    server.connect()
    for _ in range(2):
        server.run(10)
        assert eater.state == "asking"
        eater.received = 1
        server.lose(Ending.REFUSED, SentFrame("ACK", 0.01))
    assert eater.state == "not restored"
    assert "when its messages were acknowledged" in eater.error


@pytest.mark.parametrize(
    ("code", "error", "ending"),
    [
        (1002, "Session closed.", Ending.MISSED_BEATS),
        (1002, WORDS, Ending.REFUSED),
        (1002, "The configured STOMP buffer size limit of 65536 bytes has been exceeded", Ending.TOO_LARGE),
        (1002, "Connection to broker closed.", Ending.STOPPED),
        (1002, "", Ending.UNEXPLAINED),
        (1008, "", Ending.LOGGED_OUT),
        (1008, "Token expired", Ending.LOGGED_OUT),
        (1008, "access denied to /topic/a", Ending.REFUSED),
        (None, "JWT expired at 2026-01-01", Ending.LOGGED_OUT),
        (None, "io.jsonwebtoken.ExpiredJwtException", Ending.LOGGED_OUT),
        (1002, "Your session has expired, log in again", Ending.LOGGED_OUT),
        (None, "Access token revoked", Ending.LOGGED_OUT),
        (None, "Unexpected token '<' in selector", Ending.REFUSED),
        (None, "the message has expired", Ending.REFUSED),
        (1009, "", Ending.TOO_LARGE),
        (4500, "", Ending.TOO_SLOW),
        (1001, "", Ending.STOPPED),
        (3000, "", Ending.LOGGED_OUT),
        (4401, "", Ending.LOGGED_OUT),
        (4403, "", Ending.LOGGED_OUT),
        (4413, "", Ending.TOO_LARGE),
        (4503, "", Ending.STOPPED),
        (4000, "", Ending.UNEXPLAINED),
        (None, "", Ending.UNEXPLAINED),
        (None, "ACCESS_REFUSED - access to queue 'a' refused", Ending.REFUSED),
    ],
)
def test_how_a_session_ended_is_told_apart(code: int | None, error: str, ending: Ending) -> None:
    assert ending_of(True, code, error) is ending


@pytest.mark.parametrize(
    ("code", "reason", "ending"),
    [
        (4001, "token expired", Ending.LOGGED_OUT),
        (4001, "session has been revoked", Ending.LOGGED_OUT),
        (4001, "maintenance", Ending.UNEXPLAINED),
        (4009, "message too large", Ending.TOO_LARGE),
        (3003, "not allowed to read /topic/a", Ending.REFUSED),
        (4403, "session ended", Ending.LOGGED_OUT),
        (1011, "token expired", Ending.UNEXPLAINED),
    ],
)
def test_the_words_of_a_close_say_what_a_code_of_its_own_means(code: int, reason: str, ending: Ending) -> None:
    assert ending_of(True, code, "", reason) is ending


def test_what_the_server_did_not_end_has_no_such_reason() -> None:
    assert ending_of(False, None, "") is Ending.OTHER


@pytest.mark.parametrize(
    ("error", "limit"),
    [
        ("The configured STOMP buffer size limit of 65536 bytes has been exceeded", 65536),
        ("STOMP 'content-length' header value 70000  exceeds configured buffer size limit 65536", 65536),
        ("a limit of 1,048,576 bytes", 1048576),
        ("too large", None),
        ("limit of 99999999999999999999 bytes", None),
    ],
)
def test_a_limit_that_the_server_tells_is_read(error: str, limit: int | None) -> None:
    assert limit_in(error) == limit


def test_a_send_is_blamed_where_nothing_else_can_be() -> None:
    send, subscribe = SentFrame("SEND", 0.1), SentFrame("SUBSCRIBE", 0.1, "1")
    assert blames_send(Ending.REFUSED, (send,))
    assert blames_send(Ending.TOO_LARGE, (subscribe, send))
    assert not blames_send(Ending.REFUSED, (subscribe, send))
    assert not blames_send(Ending.REFUSED, (send, send))
    assert not blames_send(Ending.REFUSED, (SentFrame("SEND", 30),))
    assert not blames_send(Ending.UNEXPLAINED, (send,))


def late(ending: Ending, words: str = "") -> Server:
    """A server that confirms each SUBSCRIBE, and ends the session 5.3 s after that to /topic/bad."""
    return Server("/topic/bad", ending=ending, delay=5.3, dialect="activemq", words=words, confirms=True)


@pytest.mark.parametrize("words", ["access denied to /topic/bad", "id sub-{}: not for you"])
def test_one_that_the_server_names_is_left_out_the_second_time_also_if_it_had_worked(words: str) -> None:
    server = late(Ending.REFUSED, words)
    fine, bad = server.up("/topic/a", "/topic/bad")
    server.run(30)
    assert (fine.state, bad.state, server.sessions) == ("on", "not restored", 3)
    assert bad.error.startswith("the server ended the session and named it: ")


def test_one_that_was_not_confirmed_is_left_out_at_once_when_it_is_named() -> None:
    server = Server("/topic/bad", delay=7, words="access denied to /topic/bad")
    fine, bad = server.up("/topic/a", "/topic/bad")
    server.run(20)
    assert (fine.state, bad.state, server.sessions) == ("on", "not restored", 2)


def test_one_that_is_named_seldom_comes_back() -> None:
    server = late(Ending.REFUSED, "lost /topic/good for a moment")
    good = server.up("/topic/good")[0]
    for _ in range(4):
        server.run(100)
        server.lose(Ending.REFUSED)
    server.run(20)
    assert good.state == "on"


def test_a_message_sent_there_is_named_instead() -> None:
    server = late(Ending.REFUSED, "access denied to /topic/a")
    watch = server.up("/topic/a")[0]
    for _ in range(4):
        server.run(10)
        server.lose(Ending.REFUSED, SentFrame("SEND", 0.1, destination="/topic/a"))
    server.run(20)
    assert watch.state == "on"


@pytest.mark.parametrize("ending", [Ending.REFUSED, Ending.UNEXPLAINED])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_one_that_ends_each_session_late_is_found_though_nothing_points_at_it(ending: Ending, count: int) -> None:
    server = late(ending)
    names = [f"/topic/{number}" for number in range(count - 1)]
    *fine, bad = server.up(*names, "/topic/bad")
    server.run(180)
    assert bad.state == "not restored"
    assert bad.error.startswith("the server ended one session after another some seconds after it was asked for")
    assert {watch.state for watch in fine} <= {"on"}
    assert not any(watch.suspected for watch in fine)
    assert server.sessions <= 5 + count.bit_length()


def test_sessions_that_end_as_soon_without_subscriptions_cost_none() -> None:
    server = late(Ending.UNEXPLAINED)
    watches = server.up("/topic/a", "/topic/b")
    for _ in range(12):
        server.run(7)
        while server.bench.link.session is None:
            server.run(1)
        server.run(5)
        server.lose(Ending.UNEXPLAINED)
    server.run(60)
    assert {watch.state for watch in watches} == {"on"}


@pytest.mark.parametrize("text", ["/topic/bad.too", "/topic/badly", "x/topic/bad", "/topic/bad/x", "/topic/ba"])
def test_a_longer_name_is_another_one(text: str) -> None:
    assert not names(f"access denied to {text}: go", "/topic/bad")


@pytest.mark.parametrize("text", ["/topic/bad", "'/topic/bad'.", "topic:/topic/bad, sorry", "[/topic/bad]"])
def test_a_name_is_found_in_a_sentence(text: str) -> None:
    assert names(text, "/topic/bad")
