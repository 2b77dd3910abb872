"""A series counts exactly: what was sent is confirmed, refused or unconfirmed, however it ends."""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

import pytest

from stomptui.application.series.figures import Figures
from stomptui.application.series.messages import FilledMessages, Messages, SameMessages, filled
from stomptui.application.series.rows import RowError, rows
from stomptui.application.series.runner import SeriesRunner
from stomptui.brokers.registry import BROKERS
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.connection import Connection
from stomptui.connection.event_queue import EventQueue
from stomptui.connection.events import Event, Received, SeriesFrames
from stomptui.connection.session import Session
from stomptui.connection.session_state import SessionState
from stomptui.connection.transport.socket_io import SocketIO
from tests.support.embedded import EmbeddedBroker


def wait(condition: object, what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.002)


class Line:
    """A session with a queue of events that is emptied when it is asked for."""

    def __init__(self, port: int) -> None:
        self.queue = EventQueue(lambda: None)
        self.session = Session(Connection(port=port, login="guest", passcode="guest"), self.queue, BROKERS)
        self.session.open()
        wait(lambda: self.session.state is SessionState.UP, "connected")

    @property
    def events(self) -> list[Event]:
        return list(iter(self.queue.get, None))

    def run(self, messages: Messages, total: int | None, window: int = 100, rate: float | None = None) -> SeriesRunner:
        runner = SeriesRunner(self.session, messages, total, rate, window)
        runner.start()
        return runner

    def same(self, draft: Draft, count: int, window: int = 100, rate: float | None = None) -> SeriesRunner:
        return self.run(SameMessages(draft, self.session.version, count), count, window, rate)


@pytest.fixture
def line(embedded: EmbeddedBroker) -> Iterator[Line]:
    made = Line(embedded.port)
    yield made
    made.session.close()
    assert made.session.join(10)


def result(runner: SeriesRunner) -> Figures:
    assert runner.join(30)
    figures = runner.figures
    assert figures.sent == figures.confirmed + figures.refused + figures.unconfirmed
    return figures


def wire(line: Line) -> list[tuple[bool, bytes]]:
    """The frames of the series in turn, and whether each was sent."""
    found: list[tuple[bool, bytes]] = []
    for event in line.events:
        if isinstance(event, SeriesFrames):
            begins = [each.begin for each in event.stretches]
            kinds = [event.stretches[bisect_right(begins, at) - 1].sent for at in range(len(event.batch))]
            assert kinds.count(True) == event.sent
            found += zip(kinds, event.batch.frames(), strict=True)
        elif isinstance(event, Received):
            found += [(False, frame) for frame in event.batch.frames() if frame.startswith(b"RECEIPT")]
    return found


def receipt_of(frame: bytes) -> bytes:
    found = re.search(rb"\nreceipt(?:-id)?:(\d+)\n", frame)
    assert found
    return found[1]


DRAFT = Draft("/queue/series", [HeaderLine("x-kind", "a:b")], "body \n receipt:1 {{not a column}}")


@pytest.mark.parametrize("window", [1, 7, 1000])
def test_each_message_arrives_once_and_is_confirmed(line: Line, embedded: EmbeddedBroker, window: int) -> None:
    figures = result(line.same(DRAFT, 500, window))
    assert (figures.sent, figures.confirmed, figures.refused, figures.unconfirmed) == (500, 500, 0, 0)
    assert figures.whole and figures.times is not None and len(figures.times.plot) == 40
    assert embedded.depth("series") == (500, 0)
    assert set(embedded.bodies("series")) == {DRAFT.body_bytes()}


def test_the_frames_are_reported_as_they_were_sent(line: Line) -> None:
    result(line.same(DRAFT, 30))
    sent = [frame for was_sent, frame in wire(line) if was_sent]
    assert len(sent) == 30 and len(set(sent)) == 30
    receipt = sent[4].split(b"\nreceipt:")[1].split(b"\n")[0].decode()
    assert sent[4] + b"\0" == DRAFT.encode(line.session.version, receipt)


def test_receipts_of_other_frames_go_on_being_told_apart(line: Line) -> None:
    runner = line.same(DRAFT, 2_000, 50)
    receipts = []
    for _ in range(5):
        receipt = line.session.next_receipt()
        line.session.send("SEND", [("destination", "/queue/other"), ("receipt", receipt)])
        receipts.append(receipt)
    assert result(runner).confirmed == 2_000
    wait(lambda: not line.session._run.answers.unconfirmed(), "the others are confirmed")
    assert "Fault" not in {type(event).__name__ for event in line.events}


def test_stopped_in_the_middle_it_sends_nothing_more(line: Line, embedded: EmbeddedBroker) -> None:
    runner = line.same(DRAFT, 1_000_000)
    wait(lambda: runner.figures.confirmed > 500, "some are confirmed")
    runner.stop()
    figures = result(runner)
    assert figures.ended == "stopped" and 500 < figures.sent < 1_000_000
    assert figures.confirmed == figures.sent == embedded.depth("series")[0]


def test_a_connection_that_is_lost_in_the_middle_leaves_no_message_uncounted(
    line: Line, embedded: EmbeddedBroker
) -> None:
    runner = line.same(DRAFT, 1_000_000)
    wait(lambda: runner.figures.confirmed > 500, "some are confirmed")
    embedded.drop_clients()
    figures = result(runner)
    assert figures.ended in ("the broker closed the connection", "the broker cut the connection (reset)")
    assert figures.confirmed <= embedded.depth("series")[0] <= figures.sent < 1_000_000
    assert figures.unconfirmed == figures.sent - figures.confirmed <= 100


def test_receipt_times_begin_before_a_frame_is_written(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    write = SocketIO.write_now

    def held_up(io: SocketIO, data: bytes) -> bool:
        written = write(io, data)
        time.sleep(0.02)  # as where another thread runs meanwhile
        return written

    monkeypatch.setattr(SocketIO, "write_now", held_up)
    runner = line.same(DRAFT, 10, 1)
    assert result(runner).confirmed == 10
    assert min(list(runner.bulk.elapsed)[1:]) >= 0.02


def test_nothing_goes_before_it_begins(line: Line, embedded: EmbeddedBroker) -> None:
    runner = SeriesRunner(line.session, SameMessages(DRAFT, line.session.version, 20), 20, None, 5)
    # Whatever is read makes the session look whether there is room.
    line.session.send("SEND", [("destination", "/queue/other"), ("receipt", line.session.next_receipt())])
    wait(lambda: not line.session._run.answers.unconfirmed(), "the other is confirmed")
    assert runner.figures.sent == embedded.depth("series")[0] == 0
    runner.start()
    assert result(runner).confirmed == 20


def test_a_rate_is_kept(line: Line) -> None:
    began = time.monotonic()
    figures = result(line.same(DRAFT, 60, rate=200))
    assert time.monotonic() - began >= 59 / 200 - 0.02
    assert figures.confirmed == 60 and figures.rate <= 215


def test_a_standstill_is_not_made_up_for(line: Line, embedded: EmbeddedBroker) -> None:
    runner = line.same(DRAFT, 1_000_000, rate=100)
    wait(lambda: runner.figures.confirmed >= 3, "begun")
    release = threading.Event()
    held = threading.Thread(target=lambda: embedded.call(lambda: release.wait(0.6)))
    held.start()
    held.join()
    before = runner.figures.sent
    wait(lambda: runner.figures.sent > before + 5, "going on")
    runner.stop()
    assert result(runner).sent < 100


class Answers:
    """A broker that answers SENDs as a script says: "receipt", "error", or nothing."""

    def __init__(self, script: dict[int, str]) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        read, number = b"", 0
        while data := client.recv(1 << 16):
            read += data
            while b"\0" in read:
                raw, _, read = read.partition(b"\0")
                raw = raw.lstrip(b"\n")
                if raw.startswith((b"CONNECT", b"STOMP")):
                    client.sendall(b"CONNECTED\nversion:1.2\n\n\0")
                if not raw.startswith(b"SEND"):
                    continue
                number += 1
                receipt = raw.split(b"\nreceipt:")[1].split(b"\n")[0]
                match self._script.get(number, "receipt"):
                    case "receipt":
                        client.sendall(b"RECEIPT\nreceipt-id:" + receipt + b"\n\n\0")
                    case "error":
                        client.sendall(b"ERROR\nmessage:no room\nreceipt-id:" + receipt + b"\n\n\0")
                    case "unnamed error":
                        client.sendall(b"ERROR\nmessage:no room\n\n\0")
                        client.close()
                        return
                    case "unnamed error and go on":
                        client.sendall(b"ERROR\nmessage:no room\n\n\0")
        client.close()


class CutsUp(Answers):
    """Confirms each SEND, in pieces that end anywhere, with heart-beats and messages between them.

    Args:
        seed: Of the pieces.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        super().__init__({})

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        choose = self._random.choice
        read, answers = b"", b""
        while data := client.recv(1 << 16):
            *whole, read = (read + data).split(b"\0")
            for raw in whole:
                if raw.lstrip(b"\n").startswith((b"CONNECT", b"STOMP")):
                    client.sendall(b"CONNECTED\nversion:1.2\n\n\0")
                elif raw.startswith(b"SEND"):
                    receipt = receipt_of(raw)
                    answers += choose(
                        [b"", b"\n", b"MESSAGE\nmessage-id:1\ndestination:a\nsubscription:1\n\nreceipt\0"]
                    )
                    answers += b"RECEIPT\nreceipt-id:%b\n%b\n\0" % (receipt, choose([b"", b"server:x\n"]))
            while answers:
                size = choose([1, 5, 24, 60, 500])
                client.sendall(answers[:size])
                answers = answers[size:]
                time.sleep(choose([0, 0, 0.0005]))
        client.close()


@pytest.mark.parametrize("window", [1, 4, 100])
@pytest.mark.parametrize("seed", [1, 2])
def test_receipts_that_come_in_pieces_are_all_counted_and_logged(window: int, seed: int) -> None:
    line = Line(CutsUp(seed).port)
    figures = result(line.same(DRAFT, 200, window))
    assert figures.whole and figures.confirmed == 200
    frames = wire(line)
    sent = [receipt_of(frame) for was_sent, frame in frames if was_sent]
    received = [receipt_of(frame) for was_sent, frame in frames if not was_sent]
    assert sent == received and len(set(sent)) == 200
    line.session.close()


class Narrow(Answers):
    """Takes few bytes at a time, and keeps the bodies."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__({})

    def _serve(self) -> None:
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client, _ = self._listener.accept()
        read = b""
        while data := client.recv(30_000):
            *whole, read = (read + data).split(b"\0")
            for raw in whole:
                if raw.lstrip(b"\n").startswith((b"CONNECT", b"STOMP")):
                    client.sendall(b"CONNECTED\nversion:1.2\n\n\0")
                elif raw.startswith(b"SEND"):
                    self.bodies.append(raw.partition(b"\n\n")[2])
                    client.sendall(b"RECEIPT\nreceipt-id:%b\n\n\0" % receipt_of(raw))
        client.close()


@pytest.mark.parametrize("window", [1, 3])
def test_large_ones_go_out_whole_where_the_system_takes_them_in_parts(window: int) -> None:
    server = Narrow()
    line = Line(server.port)
    draft = Draft("/queue/series", body="".join(f"{number:07}\n" for number in range(60_000)))
    other = b"y" * 1000
    runner = line.same(draft, 12, window)
    receipt = line.session.next_receipt()
    line.session.send("SEND", [("destination", "/queue/other"), ("receipt", receipt)], other)
    assert result(runner).confirmed == 12
    wait(lambda: len(server.bodies) == 13, "all came")
    assert sorted(server.bodies) == sorted([draft.body_bytes()] * 12 + [other])
    line.session.close()


def test_a_session_that_is_closed_in_the_middle_ends_at_once(line: Line) -> None:
    runner = line.same(DRAFT, 1_000_000, 1)
    wait(lambda: runner.figures.confirmed > 200, "some are confirmed")
    line.session.close("closed by me")
    figures = result(runner)
    assert figures.ended == "closed by me" and figures.sent < 1_000_000 and figures.unconfirmed <= 1


def test_refused_ones_are_counted_with_what_the_broker_said() -> None:
    line = Line(Answers({3: "error", 9: "error"}).port)
    figures = result(line.same(DRAFT, 20, 5))
    assert (figures.sent, figures.confirmed, figures.refused, figures.unconfirmed) == (20, 18, 2, 0)
    assert figures.refusals == {"no room": 2} and not figures.whole
    line.session.close()


def test_an_error_that_names_no_frame_leaves_the_rest_unconfirmed_and_is_told() -> None:
    line = Line(Answers({8: "unnamed error"}).port)
    figures = result(line.same(DRAFT, 20, 6))
    assert figures.confirmed == 7 and figures.refused == 0 and figures.unconfirmed > 1
    assert "the broker said: no room" in figures.ended


def test_after_an_error_that_names_no_frame_nothing_more_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.application.series.runner.AFTER_STOP", 0.2)
    line = Line(Answers({8: "unnamed error and go on"}).port)
    figures = result(line.same(DRAFT, 1_000_000, 6))
    assert figures.sent < 20 and figures.confirmed == figures.sent - 1 and figures.unconfirmed == 1
    assert (figures.refused, figures.unnamed, figures.ended) == (0, 1, "the broker said: no room")
    line.session.close()


def test_a_message_without_an_answer_is_unconfirmed_once_it_is_stopped() -> None:
    line = Line(Answers({20: "nothing"}).port)
    runner = line.same(DRAFT, 20)
    wait(lambda: runner.figures.confirmed == 19, "all but one")
    runner.stop()
    runner.stop()
    figures = result(runner)
    assert (figures.sent, figures.confirmed, figures.unconfirmed) == (20, 19, 1)
    line.session.close()


def test_lines_of_a_file_fill_the_draft(line: Line, embedded: EmbeddedBroker, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text('id,name\n1,"a, b"\n2,"Größe\n{{id}}"\n')
    draft = Draft("/queue/to-{{id}}", [HeaderLine("order", "{{counter}}")], "{{name}}!", variables=True)
    messages = FilledMessages(filled(draft), line.session.version, rows(file))
    assert result(line.run(messages, None)).confirmed == 2
    assert embedded.bodies("to-1") == [b"a, b!"]
    # What comes from the file is not filled in again.
    assert embedded.bodies("to-2") == ["Größe\n{{id}}!".encode()]


def test_a_line_that_is_wrong_ends_it_after_those_before(line: Line, embedded: EmbeddedBroker, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text('{"id": 1, "of": {"a": [1]}}\n\n{"id": "2", "of": null}\n[3]\n{"id": 4}\n')
    draft = Draft("/queue/series", body="{{id}} {{of}}", variables=True)
    messages = FilledMessages(filled(draft), line.session.version, rows(file))
    figures = result(line.run(messages, None))
    assert embedded.bodies("series") == [b'1 {"a": [1]}', b"2 null"]
    assert figures.confirmed == 2 and figures.ended.startswith("message 3: line 4 is no JSON object")


@pytest.mark.parametrize(
    ("name", "text", "count", "confirmed", "ended"),
    [
        ("a.csv", "id\n1\n2\n3\n", 9, 3, "the file has 3 lines, no more"),
        ("a.jsonl", '{"id": 1}\n', 2, 1, "the file has 1 line, no more"),
        ("a.csv", "id\n", None, 0, "the file has no line"),
        ("a.jsonl", "", None, 0, "the file has no line"),
        ("a.csv", "id\n1\n2\n", 2, 2, ""),
        ("a.csv", "id\n1\n2\n", 1, 1, ""),
    ],
)
def test_a_file_that_gives_less_than_asked_is_not_all_right(
    line: Line, tmp_path: Path, name: str, text: str, count: int | None, confirmed: int, ended: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    draft = Draft("/queue/series", body="{{id}}", variables=True)
    columns = rows(file) if count is None else islice(rows(file), count)
    figures = result(line.run(FilledMessages(filled(draft), line.session.version, columns), count))
    assert (figures.confirmed, figures.ended, figures.whole) == (confirmed, ended, not ended)


def test_a_column_that_is_named_twice_is_refused(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    file.write_text("id,name,id\n1,a,2\n")
    draft = Draft("/queue/series", body="{{id}}", variables=True)
    figures = result(line.run(FilledMessages(filled(draft), line.session.version, rows(file)), None))
    assert figures.sent == 0 and "the first line names 'id' twice" in figures.ended


def test_one_that_is_stopped_says_so_and_waits_a_moment_for_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stomptui.application.series.runner.AFTER_STOP", 0.3)
    line = Line(Answers(dict.fromkeys(range(1, 11), "nothing")).port)
    runner = line.same(DRAFT, 10)
    wait(lambda: runner.figures.sent == 10, "all sent")
    time.sleep(0.4)
    before = time.monotonic()
    runner.stop()
    figures = result(runner)
    assert figures.ended == "stopped before all receipts came" and time.monotonic() - before >= 0.3
    line.session.close()


def test_a_name_that_is_no_column_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="size is no variable"):
        filled(Draft("/queue/a", body="{{size}}", variables=True))(1, {"id": "1"})
    file = tmp_path / "uneven.csv"
    file.write_text("a,b\n1\n")
    with pytest.raises(RowError, match="line 2 has 1 cells, the first line 2 names"):
        list(rows(file))


def test_receipts_are_frames_of_the_log_as_well(line: Line) -> None:
    result(line.same(DRAFT, 10))
    receipts = [frame for was_sent, frame in wire(line) if not was_sent]
    assert len(receipts) == 10 and all(frame.startswith(b"RECEIPT") for frame in receipts)


@pytest.mark.parametrize("window", [1, 3, 100])
def test_the_log_has_them_in_the_order_of_the_wire(line: Line, window: int) -> None:
    result(line.same(DRAFT, 300, window))
    unanswered: list[bytes] = []
    for was_sent, frame in wire(line):
        if was_sent:
            unanswered.append(receipt_of(frame))
            assert len(unanswered) <= window
        else:
            unanswered.remove(receipt_of(frame))
    assert unanswered == []


def test_a_moment_of_a_series_is_one_event(line: Line) -> None:
    result(line.same(DRAFT, 2_000, 1))
    events = [event for event in line.events if isinstance(event, SeriesFrames)]
    assert sum(event.sent for event in events) == 2_000
    assert len(events) <= 200, "each frame an event of its own would cost more than the frame"


def test_variables_are_filled_in_anew_for_each_message(line: Line, embedded: EmbeddedBroker) -> None:
    messages = FilledMessages(
        filled(Draft("/queue/series", body="{{counter}} {{uuid}}", variables=True)),
        line.session.version,
        repeat({}, 50),
    )
    assert result(line.run(messages, 50)).confirmed == 50
    numbers, ids = zip(*(body.split(b" ") for body in embedded.bodies("series")), strict=True)
    assert numbers == tuple(b"%d" % number for number in range(1, 51))
    assert len(set(ids)) == 50


def test_answers_to_a_prompt_go_into_each_message(line: Line, embedded: EmbeddedBroker) -> None:
    draft = Draft("/queue/series", body="{{prompt Who}}, {{id}}", variables=True)
    messages = FilledMessages(filled(draft, {"Who": "Ada"}), line.session.version, iter(({"id": "1"}, {"id": "2"})))
    assert result(line.run(messages, 2)).confirmed == 2
    assert embedded.bodies("series") == [b"Ada, 1", b"Ada, 2"]


def test_a_draft_whose_variables_are_switched_off_goes_as_it_stands(line: Line, embedded: EmbeddedBroker) -> None:
    messages = FilledMessages(
        filled(Draft("/queue/series", body="{{id}}")), line.session.version, iter(({"id": "1"}, {"id": "2"}))
    )
    assert result(line.run(messages, 2)).confirmed == 2
    assert embedded.bodies("series") == [b"{{id}}", b"{{id}}"]
